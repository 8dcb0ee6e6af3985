// Operations on the stores of a choreography, wherever its engines run: look at sagas, redrive and discard
// parked messages.
import { endsOf } from "../contract/implied-end.ts";
import type { Choreography } from "../contract/choreography.ts";
import { systemAmbient } from "../ambient/system.ts";
import { choreographiesOf, type OneOrSeveral, systemOf } from "../contract/system.ts";
import { compile } from "../contract/table.ts";
import { readSharedStates } from "../engine/saga/saga-states.ts";
import { refuseForeign } from "../engine/generation/enrol.ts";
import { endFinder } from "../engine/saga/end-finder.ts";
import { lookAtSagas, type LookedAt } from "../engine/saga/stored-under-way.ts";
import { QuadrilleError } from "../errors.ts";
import { type EntityRecord, reasonsUnderWay } from "../store/records.ts";
import { isStorable } from "../store/storable.ts";
import type { Database } from "../store/database.ts";
import type { Inspection } from "../store/store.ts";
import { timeAt } from "../store/time-store.ts";
import type {
  Operations,
  OperationsTime,
  ParkedEntry,
  RedriveFilter,
  SagaQuery,
  SagaReport,
  SagaSummary,
} from "./api.ts";
import { causationOf } from "./causation.ts";
import { expectedNext, type SagaPart } from "./expected.ts";
import { type FoundEntities, listSagas, type StoredMember, type SagaList } from "./list-sagas.ts";
import { assertFilter, assertId, assertLimit, assertReason } from "./operations-arguments.ts";
import { discard, type ParkedPlace, redrive, redriveAll } from "./redrive-and-discard.ts";
import { mergeTimelines } from "./merge-timelines.ts";

/** More entities of one participant in one saga are not looked at. */
const entitiesPerSagaMax = 64;
/** More parked messages of one participant in one saga are not looked at. */
const parkedPerSagaMax = 1_000;

/** Where to find the participants' tables. */
export type OperationsOptions = OneOrSeveral & {
  readonly database: Database;
};

/**
 * Looks at the tables of all participants; makes none. Rejects with `Q_SCHEMA_MISSING` where an engine has
 * never run on the database, and with `Q_TABLES_OWNED` where the tables are another choreography's.
 */
export async function openOperations(options: OperationsOptions): Promise<Operations> {
  const { database } = options;
  const system = systemOf(choreographiesOf(options));
  const members: StoredMember[] = [];
  for (const { table, choreography } of system.parts) {
    const store = await database.inspect({ name: table.name });
    members.push({ table, choreography, store });
  }
  const stores = new Map(members.map(({ table, store }) => [table.name, store]));
  await refuseForeign({ system, stores });
  return new StoreOperations({ choreographies: system.choreographies, members, database });
}

interface StoreOperationsParts {
  readonly choreographies: readonly Choreography[];
  readonly members: readonly StoredMember[];
  readonly database: Database;
}

/** What a participant has of a saga. */
type FoundPart = SagaPart & { readonly rows: Awaited<ReturnType<Inspection["timeline"]>> };

class StoreOperations implements Operations {
  readonly #choreographies: readonly Choreography[];
  readonly #members: readonly StoredMember[];
  readonly #database: Database;
  readonly #endOf: ReadonlyMap<Choreography, ReturnType<typeof endFinder>>;

  constructor({ choreographies, members, database }: StoreOperationsParts) {
    this.#choreographies = choreographies;
    this.#members = members;
    this.#database = database;
    this.#endOf = new Map(choreographies.map((one) => [one, endFinder(one)]));
  }

  async sagas(query: SagaQuery): Promise<readonly SagaSummary[]> {
    assertLimit("sagas", query.limit);
    refuseUnknown(query, this.#choreographies);
    const summariesOf: SagaList["summariesOf"] = (found) => this.#summaries(found);
    return listSagas({ members: this.#members, summariesOf }, query);
  }

  async time(): Promise<OperationsTime> {
    const now = await this.#database.time(systemAmbient().clock);
    const kept = await this.#database.businessTime.read();
    if (kept === undefined) return { now, kind: "machine" };
    return { now: timeAt(kept, now), kind: kept.factor === 0 ? "stepped" : "lapse" };
  }

  async sagaIds(prefix: string, limit: number): Promise<readonly string[]> {
    if (!isStorable(prefix)) return [];
    const found = await Promise.all(this.#members.map(({ store }) => store.sagaIds(prefix, limit)));
    const bytes = new Map(found.flat().map((id) => [id, Buffer.from(id)]));
    return [...bytes]
      .toSorted(([, a], [, b]) => Buffer.compare(a, b))
      .map(([id]) => id)
      .slice(0, limit);
  }

  async saga(sagaId: string): Promise<SagaReport | undefined> {
    if (!isStorable(sagaId)) return undefined;
    const found = await this.#partsOf(sagaId);
    if (found.every(({ rows, entities }) => rows.length === 0 && entities.length === 0)) return undefined;
    const timeline = mergeTimelines(found.map(({ table, rows }) => ({ participant: table.name, rows })));
    const own = (index: number): EntityRecord | undefined =>
      found[index]?.entities.find(({ key }) => key === sagaId);
    const shared = (await readSharedStates(this.#members, [sagaId])).get(sagaId);
    const [summary] = await this.#summaries([{ sagaId, own, shared }]);
    if (summary === undefined) return undefined;
    const parts = found.filter(
      (_, index) => this.#members[index]?.choreography.name === summary.choreography,
    );
    return {
      ...summary,
      time: await this.time(),
      ...(await causationOf(this.#members, sagaId)),
      timeline,
      expected: summary.end === undefined ? expectedNext(parts, timeline) : [],
    };
  }

  async parked({
    participant,
    reason,
    limit,
  }: Parameters<Operations["parked"]>[0]): Promise<readonly ParkedEntry[]> {
    assertLimit("parked", limit);
    const members = participant === undefined ? this.#members : [this.#member(participant)];
    const pages = await Promise.all(
      members.map(async ({ table, store }) => {
        const records = await store.parked({ ...(reason === undefined ? {} : { reason }), limit });
        return records.map((record) => ({ ...record, participant: table.name }));
      }),
    );
    return pages
      .flat()
      .toSorted((a, b) => a.parkedAt - b.parkedAt)
      .slice(0, limit);
  }

  async redrive(...[participant, id, options]: Parameters<Operations["redrive"]>): Promise<void> {
    assertId("redrive", id);
    await redrive(await this.#place(participant, id), options);
  }

  async redriveAll(filter: RedriveFilter): Promise<number> {
    assertFilter("redriveAll", filter);
    const { participant, trigger = "any", code = "any" } = filter;
    if (![trigger, code].every(isStorable)) return 0;
    const members = participant === undefined ? this.#members : [this.#member(participant)];
    const counts = await Promise.all(members.map(({ store }) => redriveAll(store, filter)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async discard(participant: string, id: string, reason: string): Promise<void> {
    assertId("discard", id);
    assertReason("discard", reason);
    await discard(await this.#place(participant, id), reason);
  }

  /**
   * In this order, so that a message that was under way when the positions were read is parked when that is
   * asked, or stands in a timeline.
   */
  async #partsOf(sagaId: string): Promise<readonly FoundPart[]> {
    const parked = { sagaId, reason: reasonsUnderWay, limit: parkedPerSagaMax };
    const read = <T>(ask: (store: Inspection, member: number) => Promise<T>): Promise<readonly T[]> =>
      Promise.all(this.#members.map(({ store }, member) => ask(store, member)));
    const readings = await read((store) => store.reading());
    const waiting = await read((store) => store.parked(parked));
    const rows = await read((store) => store.timeline(sagaId));
    const entities = await read((store) => store.entities({ sagaId, limit: entitiesPerSagaMax }));
    return this.#members.map(({ table }, member) => ({
      table,
      readings: readings[member] ?? [],
      parked: waiting[member] ?? [],
      rows: rows[member] ?? [],
      entities: entities[member] ?? [],
    }));
  }

  /** An end that the states make is none while messages are under way. */
  async #summaries(found: readonly FoundEntities[]): Promise<readonly SagaSummary[]> {
    const summaries = found.map((one) => this.#byStates(one));
    const atAnEnd = summaries.filter(({ end }) => end !== undefined);
    const checked = new Map<string, SagaSummary>();
    for (const [choreography, list] of Map.groupBy(atAnEnd, (one) => one.choreography)) {
      const parts = this.#members.filter((member) => member.choreography.name === choreography);
      const sagas = await lookAtSagas(
        parts,
        list.map(({ sagaId }) => sagaId),
      );
      for (const one of list) checked.set(one.sagaId, this.#atRest(one, sagas.get(one.sagaId)));
    }
    return summaries.map((one) => checked.get(one.sagaId) ?? one);
  }

  /** It may have gone on since its entities were read. */
  #atRest(summary: SagaSummary, saga: LookedAt | undefined): SagaSummary {
    const choreography = this.#choreographies.find(({ name }) => name === summary.choreography);
    const states = new Map([...Object.entries(summary.states), ...(saga?.states ?? [])]);
    const endOf = choreography === undefined ? undefined : this.#endOf.get(choreography);
    const end = saga?.isUnderWay === true ? undefined : endOf?.(states);
    return { ...summary, states: Object.fromEntries(states), end };
  }

  #byStates({ sagaId, own: ownOf, shared }: FoundEntities): SagaSummary {
    const own = this.#members.flatMap((_, index) => ownOf(index) ?? []);
    const isTouched = ({ table }: StoredMember, index: number): boolean =>
      ownOf(index) !== undefined || shared?.has(table.name) === true;
    const { choreography } = this.#members.find(isTouched) ?? this.#members[0] ?? none();
    const states = new Map(
      this.#members.flatMap((member, index) => {
        const { name, initial } = member.table;
        if (member.choreography !== choreography) return [];
        return [[name, shared?.get(name) ?? ownOf(index)?.state ?? initial] as const];
      }),
    );
    return {
      sagaId,
      choreography: choreography.name,
      states: Object.fromEntries(states),
      end: this.#endOf.get(choreography)?.(states),
      beganAt: own.length === 0 ? 0 : Math.min(...own.map(({ beganAt }) => beganAt)),
      enteredAt: Math.max(0, ...own.map(({ enteredAt }) => enteredAt)),
    };
  }

  /** Throws `Q_PARKED_UNKNOWN`. */
  #member(participant: string): StoredMember {
    const member = this.#members.find(({ table }) => table.name === participant);
    if (member !== undefined) return member;
    const names = this.#members.map(({ table }) => table.name).join(", ");
    throw new QuadrilleError(
      "Q_PARKED_UNKNOWN",
      `There is no participant ${participant}; there are ${names}.`,
    );
  }

  async #place(participant: string, id: string): Promise<ParkedPlace> {
    const { table, store } = this.#member(participant);
    const [record] = isStorable(id) ? await store.parked({ id, limit: 1 }) : [];
    if (record === undefined || record.reason === "discarded") {
      const what = record === undefined ? "is not parked" : "was discarded";
      throw new QuadrilleError("Q_PARKED_UNKNOWN", `The message ${id} of ${participant} ${what}.`);
    }
    return { table, id, store, database: this.#database, lane: record.lane };
  }
}

function none(): never {
  throw new Error("a system has participants");
}

/** Throws `Q_QUERY_UNKNOWN`: a filter that cannot match anything is a mistake, and gives no empty list. */
function refuseUnknown(
  { choreography, end, participant, state }: SagaQuery,
  choreographies: readonly Choreography[],
): void {
  const check = (what: string, name: string | undefined, known: readonly string[]): void => {
    if (name === undefined || known.includes(name)) return;
    const message = `There is no ${what} ${name}; there ${known.length === 1 ? "is" : "are"} ${known.join(", ")}.`;
    throw new QuadrilleError("Q_QUERY_UNKNOWN", message);
  };
  check(
    "choreography",
    choreography,
    choreographies.map(({ name }) => name),
  );
  const asked = choreographies.filter(({ name }) => choreography === undefined || name === choreography);
  const participants = asked.flatMap((one) => one.participants);
  check("end", end, [...new Set(asked.flatMap((one) => Object.keys(endsOf(one))))]);
  const named = participants.map(({ name }) => name);
  check("participant", participant, named);
  const chosen = participants.filter(({ name }) => participant === undefined || name === participant);
  const tables = chosen.map(compile);
  // A partial state is known by its name; those that are declared are enough to name.
  if (state !== undefined && tables.some(({ states }) => states.has(state))) return;
  check("state", state, [...new Set(tables.flatMap(({ states }) => states.declared.map((row) => row.name)))]);
}
