// The owners of lanes by advisory locks of the session that listens for notices: an exclusive one for each
// lane, a shared one for each participant that a process runs. A session ends with its process, and the locks
// with it.
import type { LaneOf, Owner, Owners, OwnerSetup, Standing } from "../../owners.ts";

/** A session of the server. Its queries reject when it is lost. */
export interface LockSession {
  readonly pid: number;
  query(text: string, values: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** Where lanes are locked; participants are named by their schemas. */
export class LaneLocks implements Owners {
  readonly #members = new Set<LockMember>();
  #session: LockSession | undefined;
  #names = 0;

  join(setup: OwnerSetup): Owner {
    const member = new LockMember(setup, {
      name: (this.#names += 1),
      session: () => this.#session,
      others: () => [...this.#members].filter((other) => other !== member),
      left: () => void this.#members.delete(member),
    });
    this.#members.add(member);
    return member;
  }

  /** A session has begun, or the last one was lost. */
  use(session: LockSession | undefined): void {
    const isLost = this.#session !== undefined;
    this.#session = session;
    for (const member of this.#members) {
      if (isLost) member.lost();
      if (session !== undefined) member.changed();
    }
  }

  /** Another process has come, gone or freed a lane. */
  changed(): void {
    for (const member of this.#members) member.changed();
  }
}

interface Surroundings {
  readonly name: number;
  readonly session: () => LockSession | undefined;
  /** The others of this process: they share the session, in which a lock can be taken twice. */
  readonly others: () => readonly LockMember[];
  readonly left: () => void;
}

class LockMember implements Owner {
  readonly #setup: OwnerSetup;
  readonly #around: Surroundings;
  readonly #retired = new Set<string>();
  #announced: LockSession | undefined;
  #held = new Set<string>();

  constructor(setup: OwnerSetup, around: Surroundings) {
    this.#setup = setup;
    this.#around = around;
  }

  /** Forgets what it held with the session. */
  lost(): void {
    this.#held = new Set();
    this.#setup.onLost();
  }

  changed(): void {
    this.#setup.onChange();
  }

  holds(lane: LaneOf): boolean {
    return this.#held.has(keyOf(lane));
  }

  runs(participant: string): boolean {
    return this.#setup.lanes.has(participant) && !this.#retired.has(participant);
  }

  nameIn({ pid }: LockSession): string {
    return `${pid}/${this.#around.name}`;
  }

  async look(): Promise<Standing | undefined> {
    return this.#asked(async (session) => {
      const participants = [...this.#setup.lanes.keys()].filter((name) => !this.#retired.has(name));
      if (this.#announced !== session) {
        // Before it is awaited: a shared lock that is taken twice has to be freed twice.
        this.#announced = session;
        const places = participants.map(() => presence);
        await session.query(lockText("pg_advisory_lock_shared", true), [participants, places]);
      }
      const rows = await session.query(standingText, [
        participants,
        participants.map((name) => this.#setup.lanes.get(name)),
      ]);
      return this.#standing(session, rows);
    });
  }

  async take(lanes: readonly LaneOf[]): Promise<readonly LaneOf[]> {
    const others = this.#around.others();
    const isHeld = (lane: LaneOf): boolean => [this, ...others].some((member) => member.holds(lane));
    const free = lanes.filter((lane) => this.runs(lane.participant) && !isHeld(lane));
    if (free.length === 0) return [];
    const got = await this.#asked(async (session) => {
      // At once: another engine of this process must not take them too, while the answer is on its way.
      for (const lane of free) this.#held.add(keyOf(lane));
      const rows = await session.query(lockText("pg_try_advisory_lock", false), parameters(free));
      const locked = new Set(rows.flatMap(({ place, done }) => (done === true ? [Number(place)] : [])));
      free.forEach((lane, index) => {
        if (!locked.has(index + 1)) this.#held.delete(keyOf(lane));
      });
      return free.filter((_, index) => locked.has(index + 1));
    });
    return got ?? [];
  }

  async free(lanes: readonly LaneOf[]): Promise<void> {
    const held = lanes.filter((lane) => this.holds(lane));
    if (held.length === 0) return;
    await this.#asked((session) => session.query(lockText("pg_advisory_unlock", true), parameters(held)));
    for (const lane of held) this.#held.delete(keyOf(lane));
    for (const other of this.#around.others()) other.changed();
  }

  async retire(participant: string): Promise<void> {
    if (this.#retired.has(participant)) return;
    this.#retired.add(participant);
    if (this.#announced !== undefined && this.#announced === this.#around.session())
      await this.#asked((session) =>
        session.query(lockText("pg_advisory_unlock_shared", true), [[participant], [presence]]),
      );
    await this.free(this.#lanesOf(participant));
  }

  async leave(): Promise<void> {
    for (const participant of this.#setup.lanes.keys()) await this.retire(participant);
    this.#around.left();
  }

  #lanesOf(participant: string): readonly LaneOf[] {
    const lanes = this.#setup.lanes.get(participant) ?? 0;
    return Array.from({ length: lanes }, (_, lane) => ({ participant, lane }));
  }

  /** `undefined` where there is no session, or where it was lost meanwhile. */
  async #asked<T>(question: (session: LockSession) => Promise<T>): Promise<T | undefined> {
    const session = this.#around.session();
    if (session === undefined) return undefined;
    try {
      const answer = await question(session);
      return this.#around.session() === session ? answer : undefined;
    } catch {
      return undefined;
    }
  }

  #standing(session: LockSession, rows: readonly Readonly<Record<string, unknown>>[]): Standing {
    const here = [this, ...this.#around.others()];
    const present = new Map<string, Set<string>>();
    const owners = new Map<string, Map<number, string>>();
    for (const participant of this.#setup.lanes.keys()) {
      const own = here.filter((member) => member.runs(participant)).map((member) => member.nameIn(session));
      present.set(participant, new Set(own));
      owners.set(participant, new Map());
    }
    for (const { participant, lane, pid } of rows) {
      const [name, number] = [String(participant), Number(lane)];
      const isOwn = pid === session.pid;
      if (number === presence && !isOwn) present.get(name)?.add(String(pid));
      const holder = isOwn
        ? here.find((member) => member.holds({ participant: name, lane: number }))?.nameIn(session)
        : String(pid);
      if (number !== presence && holder !== undefined) owners.get(name)?.set(number, holder);
    }
    return { self: this.nameIn(session), present, owners };
  }
}

/** Stands for a lane in the key of the shared lock. */
const presence = -1;

/** The channel on which processes announce that they have come, gone or freed a lane. */
export const lanesChannel = "quadrille_lanes";

/** Keys of 64 bits: two locks are never taken for one another, also not for one of another program. */
const keySql = "hashtextextended('quadrille lane of ' || participant, lane)";

function lockText(lock: string, isAnnounced: boolean): string {
  const locked = `select place, ${lock}(${keySql}) as done
    from unnest($1::text[], $2::integer[]) with ordinality as lane (participant, lane, place)`;
  return isAnnounced
    ? `with locked as materialized (${locked}) select place, done, pg_notify('${lanesChannel}', '') from locked`
    : locked;
}

const standingText = `
  select participant, lane, pid
  from unnest($1::text[], $2::integer[]) as one (participant, lanes)
    cross join generate_series(${presence}, lanes - 1) as lane
    join pg_locks on classid::bigint = (${keySql} >> 32) & 4294967295 and objid::bigint = ${keySql} & 4294967295
  where locktype = 'advisory' and objsubid = 1 and granted
    and database = (select oid from pg_database where datname = current_database())`;

function parameters(lanes: readonly LaneOf[]): unknown[] {
  return [lanes.map(({ participant }) => participant), lanes.map(({ lane }) => lane)];
}

function keyOf({ participant, lane }: LaneOf): string {
  return `${participant}/${lane}`;
}
