// Business time as the database keeps it: one process moves it, the others of the database see the same. It never runs
// back, also over restarts: it goes on from the latest time in the tables.
import type { BusinessClock, Clock } from "../ambient/ambient.ts";
import type { Database, Store, TimeRecord } from "../store/store.ts";
import type { BusinessTime } from "../ambient/business-time.ts";

/** A business clock that the database keeps. */
export interface KeptTime extends BusinessClock {
  /** Whether this process moves it. */
  readonly isOwn: boolean;
  readonly kind: BusinessTime["kind"];
  /** Moves stepped time on; an earlier time is no move. */
  set(at: number): Promise<void>;
  /** Reads it again, where another process moves it. Tells whether it has moved. Keeps what it knows when the database does not answer. */
  renew(): Promise<boolean>;
  /** Writes down where it stands, so that it does not go on while nobody runs. */
  stop(): Promise<void>;
}

/** What business time is opened with. */
export interface KeptTimeOptions {
  readonly given: BusinessTime | undefined;
  /** The machine's time, as all who use the database see it. */
  readonly clock: Clock;
  readonly database: Pick<Database, "businessTime">;
  readonly stores: Iterable<Store>;
  readonly lanes: number;
}

/** Opens it; nothing where business time is the machine's. */
export async function keptTime(options: KeptTimeOptions): Promise<KeptTime | undefined> {
  const { given, clock, database } = options;
  const before = await database.businessTime.read();
  if (given === undefined)
    return before === undefined ? undefined : new Kept(before, { ...options, isOwn: false });
  // What was lapsing when its process was killed goes on from the journals, and not from the hours since.
  const latest = Math.max(given.from, before?.at ?? 0, await latestIn(options));
  const record = { at: latest, measuredAt: clock.now(), factor: given.factor };
  const kept = new Kept(record, { ...options, isOwn: true });
  await database.businessTime.write(record);
  return kept;
}

/** The time of the last row of each journal. */
async function latestIn({ stores, lanes }: KeptTimeOptions): Promise<number> {
  let latest = 0;
  for (const store of stores) {
    for (let lane = 0; lane < lanes; lane += 1) {
      const { head } = await store.recover(lane);
      const rows = head === 0 ? [] : await store.reactions(lane, head - 1, 1);
      latest = Math.max(latest, ...rows.map(({ time }) => time));
    }
  }
  return latest;
}

class Kept implements KeptTime {
  readonly isOwn: boolean;
  readonly #options: Pick<KeptTimeOptions, "clock" | "database">;
  #record: TimeRecord;
  #latest: number;

  constructor(
    record: TimeRecord,
    { clock, database, isOwn }: Pick<KeptTimeOptions, "clock" | "database"> & { readonly isOwn: boolean },
  ) {
    this.#record = record;
    this.#latest = record.at;
    this.#options = { clock, database };
    this.isOwn = isOwn;
  }

  get kind(): BusinessTime["kind"] {
    return this.#record.factor === 0 ? "stepped" : "lapse";
  }

  now(): number {
    const { at, measuredAt, factor } = this.#record;
    const passed = factor === 0 ? 0 : factor * (this.#options.clock.now() - measuredAt);
    this.#latest = Math.max(this.#latest, Math.floor(at + passed));
    return this.#latest;
  }

  untilMs(at: number): number {
    const left = at - this.now();
    if (left <= 0) return 0;
    return this.#record.factor === 0 ? Number.POSITIVE_INFINITY : Math.ceil(left / this.#record.factor);
  }

  async set(at: number): Promise<void> {
    if (at <= this.now()) return;
    const record = { at, measuredAt: this.#options.clock.now(), factor: 0 };
    // The others see it first: none of them is behind what is written with the new time.
    await this.#options.database.businessTime.write(record);
    this.#record = record;
  }

  async renew(): Promise<boolean> {
    const before = this.now();
    const record = await this.#options.database.businessTime.read().catch(() => undefined);
    if (record !== undefined && !this.isOwn) this.#record = record;
    return this.now() > before;
  }

  async stop(): Promise<void> {
    if (!this.isOwn || this.kind === "stepped") return;
    const record = { at: this.now(), measuredAt: this.#options.clock.now(), factor: 0 };
    await this.#options.database.businessTime.write(record).catch(() => undefined);
  }
}
