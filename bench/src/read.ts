// Measures what it costs to read a row of another participant's journal: microseconds of this process and of
// the database's. A reader that takes only the rows of its own keys would pay it for every row of every lane.
// node --conditions=quadrille-source bench/src/read.ts
import { Client } from "pg";
import { postgresDatabase } from "../../packages/quadrille/src/store/postgres/postgres-database.ts";
import { startPostgres } from "../../test/embedded-postgres.ts";
import { FlushLoad } from "./flush-load.ts";
import { serverCpuMs } from "./server-cpu.ts";

const rowsWritten = 20_000;
const passes = 5;
const limit = { rows: 1_024, bytes: 8 * 1_024 * 1_024 };

await using server = await startPostgres({ parentDirectory: process.env["DATA_PARENT"] ?? "/var/tmp" });
const observer = new Client({ connectionString: server.url });
await observer.connect();
{
  await using database = await postgresDatabase({ url: server.url, connectionsMax: 1 });
  const store = await database.open({ name: "kitchen", lanes: 1, sources: ["order"] });
  const load = new FlushLoad(database, "kitchen");
  for (let rows = 0; rows < rowsWritten; rows += 400) await load.flush(400);
  console.log("pass\tnode us/row\tdb us/row");
  for (let pass = 1; pass <= passes; pass += 1) {
    const before = { node: nodeCpuMs(), database: (await serverCpuMs(observer)) ?? 0 };
    let read = 0;
    for (let page = await store.read(0, 0, limit); page.length > 0; page = await store.read(0, read, limit))
      read += page.length;
    const node = ((nodeCpuMs() - before.node) * 1_000) / read;
    const databaseCost = (((await serverCpuMs(observer)) ?? 0) - before.database) * 1_000;
    console.log([pass, node.toFixed(1), (databaseCost / read).toFixed(1)].join("\t"));
  }
}
await observer.end();

function nodeCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
