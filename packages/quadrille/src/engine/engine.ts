// Starts the participants of a choreography in this process and connects them.
import { systemAmbient } from "../ambient/system.ts";
import type { Choreography } from "../contract/choreography.ts";
import { compile, isKeyed, type Table } from "../contract/table.ts";
import { assertWellFormed } from "../contract/rules/well-formed.ts";
import { QuadrilleError } from "../errors.ts";
import type { Database, Store } from "../store/store.ts";
import { directTransport } from "../transport/direct.ts";
import type { Transport } from "../transport/transport.ts";
import type { Engine, EngineOptions } from "./message/api.ts";
import { CallQueues } from "./call/call-queue.ts";
import { hasTransact, runnable } from "./message/code.ts";
import { enrol } from "./generation/enrol.ts";
import { freshSagas } from "./lane/entity-cache.ts";
import type { ReadRows } from "./lane/intake.ts";
import { defaultLimits } from "./message/limits.ts";
import { Payloads } from "./message/payload.ts";
import { type Member, RunningEngine } from "./running-engine.ts";
import { readSagaStates } from "./saga/saga-states.ts";
import { sharedClock } from "./shared-clock.ts";
import { endFinder, type StoredSaga, Tracker } from "./saga/tracker.ts";
import { isOverInStores } from "./saga/under-way.ts";
import { Worker } from "./round/worker.ts";

/**
 * Opens the stores of all participants in `database` and starts the loops of those whose services are given. Rejects
 * with `Q_CONTRACT_MALFORMED`, or with the store's errors (`Q_SCHEMA_NEWER`, `Q_SCHEMA_DRIFTED`, `Q_SCHEMA_BUSY`,
 * `Q_LANES_CHANGED`, `Q_STORE_UNREACHABLE`), or where the tables have another contract than this one with
 * `Q_TABLES_OWNED`, `Q_CONTRACT_CHANGED` or `Q_CONTRACT_SUPERSEDED`; nothing runs then.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { choreography, services, database, lanes = 1 } = options;
  assertWellFormed(choreography);
  refuseSharedLanes(choreography, lanes);
  refuseWithoutSql(services, database);
  const own = options.ambient ?? systemAmbient();
  const clock = await sharedClock(own, database);
  const ambient = { ...own, clock };
  const limits = { ...defaultLimits, ...options.limits };
  const payloads = new Payloads(limits.payloadBytesMax);
  const tables = choreography.participants.map(compile);
  const stores = new Map<string, Store>();
  for (const table of tables) {
    stores.set(table.name, await database.open({ name: table.name, lanes, sources: [] }));
  }
  const parts = tables.flatMap((table) => {
    const store = stores.get(table.name);
    return store === undefined ? [] : [{ table, store }];
  });
  const running = new Set(services.map(({ participant }) => participant.name));
  const generations = await enrol({ choreography, tables, stores, running, ambient });
  const direct = directTransport(stores);
  const { transport = direct } = options;
  const fresh = freshSagas(limits.entitiesCachedMax);
  const tracker = new Tracker({
    choreography,
    readSagas: (sagaIds) => readSagas(sagaIds, { choreography, tables, stores, lanes, parts }),
    tables,
    local: running,
    steady: () => ambient.clock.steady(),
    warn: (message) => ambient.log({ level: "error", message }),
    sagasTrackedMax: limits.sagasTrackedMax,
  });
  const members: Member[] = [];
  for (const code of services.map(runnable)) {
    const store = stores.get(code.table.name);
    const generation = generations.get(code.table.name);
    if (store === undefined || generation === undefined)
      throw new Error(`${code.table.name} is not a participant of ${choreography.name}`);
    const read = sourcesOf(code.table, tables);
    const queues = new CallQueues({ participant: code.table.name, limits, ambient });
    const shared = { code, store, generation, ambient, limits, payloads, fresh, queues };
    for (let lane = 0; lane < lanes; lane += 1) {
      const sources = new Map(
        read.map(({ name, emitted: published }) => {
          return [name, { read: readsOf(transport, name, lane), published }] as const;
        }),
      );
      const worker = new Worker({ ...shared, lane, sources });
      members.push({ worker, table: code.table });
    }
  }
  const engine = new RunningEngine(
    { choreography, database, tracker, fresh, ambient, clock, limits, payloads, lanes },
    members,
  );
  engine.start({ transport, direct, sources: tables.map(({ name }) => name) });
  return engine;
}

/** The participants whose journals a participant reads: those that emit what it subscribes to. */
function sourcesOf(table: Table, all: readonly Table[]): readonly Table[] {
  const emits = (other: Table): boolean =>
    [...table.subscriptions.keys()].some((event) => other.emitted.has(event));
  return all.filter(emits);
}

function readsOf(transport: Transport, source: string, lane: number): ReadRows {
  return (after, { rows: limit, bytes: bytesMax }) =>
    transport.read({ source, lane, after, limit, bytesMax });
}

/** What sagas are read from. */
interface Stored {
  readonly choreography: Choreography;
  readonly tables: readonly Table[];
  readonly stores: ReadonlyMap<string, Store>;
  readonly lanes: number;
  readonly parts: Parameters<typeof readSagaStates>[0];
}

/** How far sagas have come. Where its states make no end, nobody asks whether more of a saga is under way. */
async function readSagas(sagaIds: readonly string[], from: Stored): Promise<ReadonlyMap<string, StoredSaga>> {
  const endOf = endFinder(from.choreography);
  const states = await readSagaStates(from.parts, sagaIds);
  const sagas = new Map<string, StoredSaga>();
  for (const [sagaId, reached] of states) {
    const isUnderWay = endOf(reached) !== undefined && !(await isOverInStores(sagaId, from));
    sagas.set(sagaId, { states: reached, isUnderWay });
  }
  return sagas;
}

/**
 * An entity shared by sagas would be written from the lanes of all of them: a decision to ignore or defer a message, which
 * writes no entity, would not notice that another lane has changed it.
 */
function refuseSharedLanes({ participants }: EngineOptions["choreography"], lanes: number): void {
  const shared = participants.find(isKeyed);
  if (lanes === 1 || shared === undefined) return;
  throw new QuadrilleError(
    "Q_CONTRACT_MALFORMED",
    `${shared.name} keys ${shared.entity} by something else than the saga ("by"), so it runs with one lane, not ${lanes}.`,
  );
}

/** Otherwise each message for such a handler would be a dead letter. */
function refuseWithoutSql(services: EngineOptions["services"], { hasSql, label }: Database): void {
  const needy = services.find(hasTransact);
  if (hasSql !== false || needy === undefined) return;
  const message = `${needy.participant.name} has handlers that use a transaction, and ${label} has no SQL. Use PGlite or PostgreSQL.`;
  throw new QuadrilleError("Q_NO_SQL", message);
}
