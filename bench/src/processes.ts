// The same participants in one, two or more processes on one PostgreSQL: their total throughput, in pairs
// with one process.
import { type ChildProcess, fork } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { startPostgres } from "../../test/embedded-postgres.ts";
import type { Asked, Report } from "./process-main.ts";
import { serverCpuMs } from "./server-cpu.ts";

/** Processes that share the lanes of one PostgreSQL database. */
export interface ProcessesRun {
  readonly processes: number;
  readonly lanes: number;
  /** Of all processes together. */
  readonly inFlight: number;
  readonly order: SagaOrder;
  readonly seconds: number;
  readonly folder: string;
}

/** Whether sagas that begin together lie in one lane and go on together, or in all lanes as they come. */
export const sagaOrders = ["together", "scattered"] as const;
export type SagaOrder = (typeof sagaOrders)[number];

/** What a run measured, all processes together. */
export interface ProcessesResult {
  readonly processes: number;
  readonly lanes: number;
  readonly inFlight: number;
  readonly order: SagaOrder;
  readonly sagasPerSecond: number;
  readonly cpuMsPerSaga: number;
  readonly databaseCpuMsPerSaga: number | undefined;
  /** Of the sagas per second of one process with one lane in the same turn. */
  readonly ofOne: number | undefined;
}

const program = fileURLToPath(new URL("process-main.ts", import.meta.url));
const warmUpSagas = 1_500;

/**
 * Runs each number of processes in turn, several times, so that a change in the machine's speed affects all
 * alike.
 */
export async function runProcesses(
  runs: readonly ProcessesRun[],
  { turns, onRun }: { readonly turns: number; readonly onRun: (what: string) => void },
): Promise<readonly ProcessesResult[]> {
  const results: ProcessesResult[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    let one: number | undefined;
    for (const run of runs) {
      onRun(`${run.processes} processes, ${run.lanes} lanes, ${run.order} …`);
      const result = await runOnce(run);
      if (run.processes === 1 && run.lanes === 1) one = result.sagasPerSecond;
      results.push({ ...result, ofOne: one === undefined ? undefined : result.sagasPerSecond / one });
    }
  }
  return results;
}

async function runOnce(run: ProcessesRun): Promise<ProcessesResult> {
  const { processes, lanes, inFlight, order, seconds, folder } = run;
  await using server = await started(folder);
  const children: ChildProcess[] = [];
  for (let nth = 0; nth < processes; nth += 1) {
    const child = fork(program, [server.url, String(lanes), order], {
      execArgv: ["--conditions=quadrille-source"],
    });
    children.push(child);
    await reported(child, "started");
  }
  await spread(server.observer, processes);
  const share = { inFlight: Math.ceil(inFlight / processes), warmUpSagas };
  await askAll(children, { ask: "load", ...share }, "warm");
  const before = await serverCpuMs(server.observer);
  const measured = await askAll(children, { ask: "measure", seconds }, "measured");
  const after = await serverCpuMs(server.observer);
  await askAll(children, { ask: "end" }, "ended");
  const sagas = sum(measured.map((one) => (one.is === "measured" ? one.sagas : 0)));
  return {
    processes,
    lanes,
    inFlight,
    order,
    sagasPerSecond: sagas / seconds,
    cpuMsPerSaga: sum(measured.map((one) => (one.is === "measured" ? one.cpuMs : 0))) / sagas,
    databaseCpuMsPerSaga: before === undefined || after === undefined ? undefined : (after - before) / sagas,
    ofOne: undefined,
  };
}

interface Server extends AsyncDisposable {
  readonly url: string;
  readonly observer: Client;
}

async function started(parentDirectory: string): Promise<Server> {
  const server = await startPostgres({ parentDirectory });
  const observer = new Client({ connectionString: server.url });
  await observer.connect();
  return {
    url: server.url,
    observer,
    [Symbol.asyncDispose]: async () => {
      await observer.end();
      await server.stop();
    },
  };
}

/** Until every process has its share of the lanes, and they have moved for the last time. */
async function spread(observer: Client, processes: number): Promise<void> {
  for (let same = 0, before = ""; same < 10; ) {
    const { rows } = await observer.query<{ pid: number; lanes: string }>(
      "select pid, count(*) as lanes from pg_locks where locktype = 'advisory' and mode = 'ExclusiveLock' group by pid order by pid",
    );
    const now = JSON.stringify(rows);
    same = now === before && rows.length === processes ? same + 1 : 0;
    before = now;
    await pause(100);
  }
}

async function askAll(
  children: readonly ChildProcess[],
  asked: Asked,
  answer: Report["is"],
): Promise<readonly Report[]> {
  const answers = children.map((child) => reported(child, answer));
  for (const child of children) child.send(asked);
  return Promise.all(answers);
}

/** A child's answer; rejects if it ends before. */
function reported(child: ChildProcess, is: Report["is"]): Promise<Report> {
  const { promise, resolve, reject } = Promise.withResolvers<Report>();
  const ended = (): void => reject(new Error(`A process has ended before it was ${is}.`));
  const hear = (message: Report): void => {
    if (message.is !== is) return;
    child.off("message", hear).off("exit", ended);
    resolve(message);
  };
  child.on("message", hear).on("exit", ended);
  return promise;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
