// The engine's workload: Create Order sagas in a closed loop, a fixed number in flight, from command to
// declared end.
import { type Database, startEngine } from "quadrille";
import { createOrder } from "../../apps/pizza-place/src/order/contract.ts";
import { type StoreName, startDatabase } from "./databases.ts";
import { percentiles, type Percentiles } from "./percentiles.ts";
import type { PizzaWorkload } from "./pizza-services.ts";

/** Create Order sagas in a closed loop on one store. */
export interface CreateOrderRun {
  readonly store: StoreName;
  readonly inFlight: number;
  /** Sagas before the clock starts: code is compiled, plans are made, the caches are warm. */
  readonly warmUpSagas: number;
  readonly seconds: number;
  /** The folder on whose disk the data lies. */
  readonly folder: string;
}

/** What a run measured. */
export interface CreateOrderResult {
  readonly store: StoreName;
  readonly inFlight: number;
  readonly sagas: number;
  readonly sagasPerSecond: number;
  /** From sending the command to the declared end, in milliseconds. */
  readonly latencyMs: Percentiles;
  /** Transactions that wrote. */
  readonly commitsPerSaga: number;
  readonly walBytesPerSaga: number | undefined;
  /** Processor time of this process alone, in milliseconds. */
  readonly cpuMsPerSaga: number;
  /** Processor time of the database server, in milliseconds. */
  readonly databaseCpuMsPerSaga: number | undefined;
  readonly ends: Readonly<Record<string, number>>;
}

/** Runs the workload on a fresh database. */
export async function runCreateOrder(
  run: CreateOrderRun,
  workload: PizzaWorkload,
): Promise<CreateOrderResult> {
  await using measured = await startDatabase(run.store, run.folder);
  let commits = 0;
  const engine = await startEngine({
    choreography: workload.choreography,
    services: workload.services,
    database: counting(measured.database, () => {
      commits += 1;
    }),
  });
  const latencies: number[] = [];
  const ends: Record<string, number> = {};
  let placed = 0;
  let open = 0;
  let goOn = (_ended: number): boolean => true;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const place = (): void => {
    open += 1;
    engine.send(createOrder, workload.orderAt(placed++)).catch(reject);
  };
  engine.onEnd(({ end, durationMs }) => {
    open -= 1;
    ends[end] = (ends[end] ?? 0) + 1;
    latencies.push(durationMs ?? Number.NaN);
    if (goOn(latencies.length)) place();
    else if (open === 0) resolve();
  });
  const warm = Promise.withResolvers<void>();
  goOn = (ended) => {
    if (ended === run.warmUpSagas) warm.resolve();
    return true;
  };
  for (let index = 0; index < run.inFlight; index += 1) place();
  await Promise.race([warm.promise, promise]);

  const databaseCpuBeforeMs = await measured.cpuMs();
  const before = {
    ended: latencies.length,
    commits,
    cpu: process.cpuUsage(),
    at: performance.now(),
  };
  const until = before.at + run.seconds * 1_000;
  goOn = () => performance.now() < until;
  await promise;
  const elapsedMs = performance.now() - before.at;
  const cpu = process.cpuUsage(before.cpu);
  const databaseCpuMs = await measured.cpuMs();
  const sagas = latencies.length - before.ended;
  const commitsPerSaga = (commits - before.commits) / sagas;
  await engine.drain();
  const wal = await measured.walBytes();
  return {
    store: run.store,
    inFlight: run.inFlight,
    sagas,
    sagasPerSecond: (sagas / elapsedMs) * 1_000,
    latencyMs: percentiles(latencies.slice(before.ended)),
    commitsPerSaga,
    // The log is counted from the database's start, so it is shared among all sagas.
    walBytesPerSaga: wal === undefined ? undefined : wal / latencies.length,
    cpuMsPerSaga: (cpu.user + cpu.system) / 1_000 / sagas,
    databaseCpuMsPerSaga:
      databaseCpuMs === undefined ? undefined : (databaseCpuMs - (databaseCpuBeforeMs ?? 0)) / sagas,
    ends,
  };
}

/** The database, with a count of the rounds that it commits. */
function counting(database: Database, onCommit: () => void): Database {
  return {
    ...database,
    flush: async (round) => {
      const result = await database.flush(round);
      if (result.result === "committed") onCommit();
      return result;
    },
  };
}
