// Starts the participants of a choreography in this process and connects them.
import type { Ambient } from "../ambient/ambient.ts";
import { businessOf } from "../ambient/business-clock.ts";
import { systemAmbient } from "../ambient/system.ts";
import { assertSystem } from "../contract/rules/well-formed-system.ts";
import { choreographiesOf, sourcesOf, type System, systemOf } from "../contract/system.ts";
import { invariant, QuadrilleError } from "../errors.ts";
import type { Database } from "../store/database.ts";
import type { Store } from "../store/store.ts";
import { directTransport } from "../transport/direct.ts";
import type { Transport } from "../transport/transport.ts";
import type { Engine, EngineOptions } from "./message/api.ts";
import { arrivalsOf } from "./message/arrival.ts";
import { CallQueues } from "./call/call-queue.ts";
import { hasTransact, runnable } from "./message/code.ts";
import { assertEngineOptions } from "./engine-options.ts";
import { enrol } from "./generation/enrol.ts";
import { lanesOf } from "./lanes-of.ts";
import { EntityCache, freshSagas } from "./lane/entity-cache.ts";
import type { ReadRows } from "./lane/intake.ts";
import { ParkedLog } from "./lane/parked-log.ts";
import { defaultLimits } from "./message/limits.ts";
import { PayloadChecker } from "./message/payload.ts";
import { type LanePart, RunningEngine } from "./running-engine.ts";
import { keptTime } from "./kept-time.ts";
import { withSafeLog } from "./safe-log.ts";
import { sharedClock } from "./shared-clock.ts";
import { trackersOf } from "./saga/read-sagas.ts";
import type { WorkerOptions } from "./round/worker-options.ts";
import { Worker } from "./round/worker.ts";

/**
 * Opens the stores of all participants in `database` and starts the loops of those whose services are given.
 * Rejects with `Q_ARGUMENT_INVALID`, `Q_CONTRACT_MALFORMED`, or with the store's errors (`Q_SCHEMA_NEWER`,
 * `Q_SCHEMA_DRIFTED`, `Q_SCHEMA_BUSY`, `Q_LANES_CHANGED`, `Q_STORE_UNREACHABLE`), or where the tables have
 * another contract than this one with `Q_TABLES_OWNED`, `Q_CONTRACT_CHANGED` or `Q_CONTRACT_SUPERSEDED`;
 * nothing runs then.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  assertEngineOptions(options);
  const { services, database } = options;
  const choreographies = choreographiesOf(options);
  assertSystem(choreographies);
  refuseWithoutSql(services, database);
  const lanes = await lanesOf(options, choreographies);
  const own = withSafeLog(options.ambient ?? systemAmbient());
  const clock = await sharedClock(own, database);
  const limits = { ...defaultLimits, ...options.limits };
  const payloads = new PayloadChecker(limits.payloadBytesMax);
  const system = systemOf(choreographies);
  const stores = new Map<string, Store>();
  for (const { table } of system.parts) {
    stores.set(table.name, await database.open({ name: table.name, lanes }));
  }
  const { businessTime: given } = options;
  const kept = await keptTime({ given, clock, database, stores, lanes });
  const ambient = { ...own, clock, business: kept ?? businessOf({ ...own, clock }) };
  const running = new Set(services.map(({ participant }) => participant.name));
  warnOfLeftOut(system, { running, database, ambient });
  const generations = await enrol({ system, stores, running, ambient });
  const direct = directTransport(stores);
  const { transport = direct } = options;
  const fresh = freshSagas(limits.entitiesCachedMax);
  const warn = (message: string): void => ambient.log({ level: "error", message });
  const tracker = trackersOf(system, { stores, running, limits, steady: () => clock.steady(), warn });
  const members: LanePart[] = [];
  for (const service of services) {
    const { name } = service.participant;
    const part = system.parts.find(({ table }) => table.name === name);
    const [store, generation] = [stores.get(name), generations.get(name)];
    const isKnown = part !== undefined && store !== undefined && generation !== undefined;
    invariant(isKnown, `${name} is a participant`);
    const code = runnable(service, part.choreography.takes);
    const read = sourcesOf(system, part);
    const queues = new CallQueues({ participant: name, limits, ambient });
    const onRecovered: WorkerOptions["onRecovered"] = (recovered) => tracker.recovered(recovered);
    const cache = new EntityCache(limits, fresh);
    const parkedLog = new ParkedLog(name, ambient);
    const state = { fresh, queues, cache, parkedLog };
    const shared = { code, database, store, generation, ambient, limits, payloads, ...state };
    for (let lane = 0; lane < lanes; lane += 1) {
      const sources = new Map(
        read.map((source) => {
          const { name: from, emitted: published } = source.table;
          const arrivals = arrivalsOf(part, source, lanes);
          return [from, { read: readsOf(transport, from, lane), published, arrivals }] as const;
        }),
      );
      const isShared = database.owners !== undefined;
      members.push({
        table: code.table,
        store,
        lane,
        transacts: hasTransact(code.service),
        makeWorker: (onSuperseded) =>
          new Worker({ ...shared, lane, sources, isShared, onSuperseded, onRecovered }),
      });
    }
  }
  const engine = new RunningEngine(
    { system, stores, database, tracker, fresh, ambient, kept, clock, limits, payloads, lanes },
    members,
  );
  await engine.start({ transport, direct, sources: system.parts.map(({ table }) => table.name) });
  return engine;
}

function readsOf(transport: Transport, source: string, lane: number): ReadRows {
  return (after, { rows: limit, bytes: bytesMax }) =>
    transport.read({ source, lane, after, limit, bytesMax });
}

/** Throws `Q_NO_SQL`. Otherwise each message for such a handler would become a dead letter. */
function refuseWithoutSql(services: EngineOptions["services"], { hasSql, label }: Database): void {
  const needy = services.find(hasTransact);
  if (hasSql !== false || needy === undefined) return;
  const message = `${needy.participant.name} has handlers that use a transaction, and ${label} has no SQL. Use PGlite or PostgreSQL.`;
  throw new QuadrilleError("Q_NO_SQL", message);
}

/** Of a database that one process has, no other process takes what is for a participant without a service. */
function warnOfLeftOut({ parts }: System, { running, database, ambient }: Started): void {
  const left = parts.map(({ table }) => table.name).filter((name) => !running.has(name));
  if (database.owners !== undefined || left.length === 0) return;
  const message = `No service was given for ${left.join(", ")}: messages wait until an engine of this process has one (the database is ${database.label}, which no other process can use).`;
  ambient.log({ level: "warn", message });
}

interface Started {
  readonly running: ReadonlySet<string>;
  readonly database: Database;
  readonly ambient: Pick<Ambient, "log">;
}
