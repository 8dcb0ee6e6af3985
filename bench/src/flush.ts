// Measures the store's flush alone: journal rows a second for several batch sizes, and what a row costs:
// microseconds of this process and of the database's, which a busy machine disturbs less than the time that
// passes, and bytes of WAL. node --conditions=quadrille-source bench/src/flush.ts [postgres] [pglite]
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import type { Database } from "../../packages/quadrille/src/store/database.ts";
import { pgliteDatabase } from "../../packages/quadrille/src/store/postgres/pglite-database.ts";
import { postgresDatabase } from "../../packages/quadrille/src/store/postgres/postgres-database.ts";
import { FlushLoad } from "./flush-load.ts";
import { startPostgres } from "../../test/embedded-postgres.ts";
import { serverCpuMs } from "./server-cpu.ts";

const batchSizes = [1, 10, 100, 400];
const secondsPerSize = Number(process.env["SECONDS_PER_SIZE"] ?? 3);
const rounds = Number(process.env["ROUNDS"] ?? 3);

interface Meter {
  /** CPU time of the database's backends. */
  readonly databaseCpuMs: () => Promise<number>;
  readonly walBytes: () => Promise<number>;
}

async function measure(load: FlushLoad, batch: number, meter: Meter): Promise<string> {
  const before = [await meter.databaseCpuMs(), await meter.walBytes(), nodeCpuMs()];
  const start = performance.now();
  const until = start + secondsPerSize * 1_000;
  const times: number[] = [];
  for (let now = start; now < until; ) {
    await load.flush(batch);
    const after = performance.now();
    times.push(after - now);
    now = after;
  }
  const seconds = (performance.now() - start) / 1_000;
  const after = [await meter.databaseCpuMs(), await meter.walBytes(), nodeCpuMs()];
  const rows = times.length * batch;
  const [cpu = 0, wal = 0, node = 0] = after.map((value, index) => (value - (before[index] ?? 0)) / rows);
  const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  return [rows / seconds, median, node * 1_000, cpu * 1_000, wal]
    .map((value, index) =>
      index === 1 ? value.toFixed(2) : value.toFixed(index === 0 || index === 4 ? 0 : 1),
    )
    .join("\t");
}

function nodeCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

async function run(name: string, database: Database, meter: Meter): Promise<void> {
  await database.open({ name: "kitchen", lanes: 1, sources: ["order"] });
  const load = new FlushLoad(database, "kitchen");
  const warm = performance.now() + 1_000;
  while (performance.now() < warm) await load.flush(50);
  for (let round = 1; round <= rounds; round += 1) {
    for (const batch of batchSizes) {
      console.log([name, round, batch, await measure(load, batch, meter)].join("\t"));
    }
  }
}

const chosen = process.argv.slice(2);
console.log("store\tround\tbatch\trows/s\tms/flush\tnode us/row\tdb us/row\tWAL B/row");
if (chosen.length === 0 || chosen.includes("postgres")) {
  await using server = await startPostgres({ parentDirectory: process.env["DATA_PARENT"] ?? "/var/tmp" });
  const admin = new Client({ connectionString: server.url });
  await admin.connect();
  const number = async (text: string): Promise<number> =>
    Number((await admin.query<{ n: string }>(text)).rows[0]?.n);
  const databaseCpuMs = async (): Promise<number> => (await serverCpuMs(admin)) ?? 0;
  {
    await using database = await postgresDatabase({ url: server.url });
    const walBytes = (): Promise<number> => number("select pg_current_wal_lsn() - '0/0' as n");
    await run("postgres", database, { databaseCpuMs, walBytes });
  }
  await admin.end();
}
if (chosen.length === 0 || chosen.includes("pglite")) {
  const folder = mkdtempSync(join("/var/tmp", "quadrille-flush-"));
  {
    await using database = await pgliteDatabase({ folder });
    const none = (): Promise<number> => Promise.resolve(0);
    await run("pglite", database, { databaseCpuMs: none, walBytes: none });
  }
  rmSync(folder, { recursive: true, force: true });
}
