// What an operator can ask of the stores of a choreography, and do to what is set aside, wherever its engines run.
import type { Choreography } from "../contract/choreography.ts";
import { compile, type Table } from "../contract/table.ts";
import { endFinder } from "../engine/tracker.ts";
import { QuadrilleError } from "../errors.ts";
import type { EntityRecord } from "../store/records.ts";
import type { Database, Store } from "../store/store.ts";
import type { Operations, ParkedEntry, SagaReport, SagaSummary } from "./api.ts";
import { expectedNext, type SagaPart } from "./expected.ts";
import { discard, redrive, type ParkedPlace } from "./mend.ts";
import { mergeTimelines } from "./merge-timelines.ts";

/** More entities of one participant in one saga are not looked at. */
const entitiesPerSagaMax = 64;
/** More parked messages are not searched for those of one saga. */
const parkedSearchedMax = 10_000;

/** Where to find the participants' tables. */
export interface OperationsOptions {
  readonly choreography: Choreography;
  readonly database: Database;
  /** As the engine was started; one unless given. "as made": look at what is there, and make nothing. */
  readonly lanes?: number | "as made";
}

/** Opens the stores of all participants. Rejects like `startEngine`. */
export async function openOperations({
  choreography,
  database,
  lanes = 1,
}: OperationsOptions): Promise<Operations> {
  const tables = choreography.participants.map(compile);
  const members: Member[] = [];
  for (const table of tables) {
    const sources = tables.filter((other) =>
      [...table.subscriptions.keys()].some((event) => other.emitted.has(event)),
    );
    const store = await database.open({ name: table.name, lanes, sources: sources.map(({ name }) => name) });
    members.push({ table, store });
  }
  return new StoreOperations(choreography, members);
}

interface Member {
  readonly table: Table;
  readonly store: Store;
}

class StoreOperations implements Operations {
  readonly #members: readonly Member[];
  readonly #endOf: (states: ReadonlyMap<string, string>) => string | undefined;

  constructor(choreography: Choreography, members: readonly Member[]) {
    this.#members = members;
    this.#endOf = endFinder(choreography);
  }

  async sagas(query: Parameters<Operations["sagas"]>[0]): Promise<readonly SagaSummary[]> {
    const pages = await Promise.all(this.#members.map(({ store }) => store.entities(query)));
    const ids = new Set(pages.flat().map(({ sagaId }) => sagaId));
    const newest = [...ids].toSorted((a, b) => (a < b ? 1 : -1)).slice(0, query.limit);
    const loaded = await Promise.all(this.#members.map(({ store }) => store.load(newest)));
    return newest.map((sagaId) => this.#summary(sagaId, (index) => loaded[index]?.get(sagaId)));
  }

  async saga(sagaId: string): Promise<SagaReport | undefined> {
    const found = await Promise.all(this.#members.map((member) => this.#part(member, sagaId)));
    if (found.every(({ rows, entities }) => rows.length === 0 && entities.length === 0)) return undefined;
    const timeline = mergeTimelines(found.map(({ table, rows }) => ({ participant: table.name, rows })));
    const own = (index: number): EntityRecord | undefined =>
      found[index]?.entities.find(({ key }) => key === sagaId);
    return { ...this.#summary(sagaId, own), timeline, expected: await expectedNext(found, timeline) };
  }

  async parked({
    participant,
    reason,
    limit,
  }: Parameters<Operations["parked"]>[0]): Promise<readonly ParkedEntry[]> {
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

  async redrive(participant: string, id: string): Promise<void> {
    await redrive(await this.#place(participant, id));
  }

  async discard(participant: string, id: string, reason: string): Promise<void> {
    await discard(await this.#place(participant, id), reason);
  }

  async #part(
    { table, store }: Member,
    sagaId: string,
  ): Promise<SagaPart & { readonly rows: Awaited<ReturnType<Store["timeline"]>> }> {
    const [rows, entities, parked] = await Promise.all([
      store.timeline(sagaId),
      store.entities({ sagaId, limit: entitiesPerSagaMax }),
      store.parked({ limit: parkedSearchedMax }),
    ]);
    const own = parked.filter((record) => record.sagaId === sagaId && record.reason !== "discarded");
    return { table, store, rows, entities, parked: own };
  }

  #summary(sagaId: string, ownOf: (index: number) => EntityRecord | undefined): SagaSummary {
    const states = new Map(
      this.#members.map(({ table }, index) => [table.name, ownOf(index)?.state ?? table.initial]),
    );
    return { sagaId, states: Object.fromEntries(states), end: this.#endOf(states) };
  }

  #member(participant: string): Member {
    const member = this.#members.find(({ table }) => table.name === participant);
    if (member !== undefined) return member;
    const names = this.#members.map(({ table }) => table.name).join(", ");
    throw new QuadrilleError(
      "Q_PARKED_UNKNOWN",
      `There is no participant ${participant}; there are ${names}.`,
    );
  }

  async #place(participant: string, id: string): Promise<ParkedPlace> {
    const { store } = this.#member(participant);
    const [record] = await store.parked({ id, limit: 1 });
    if (record === undefined || record.reason === "discarded") {
      const what = record === undefined ? "is not set aside" : "was discarded";
      throw new QuadrilleError("Q_PARKED_UNKNOWN", `The message ${id} of ${participant} ${what}.`);
    }
    return { participant, id, store, lane: record.lane };
  }
}
