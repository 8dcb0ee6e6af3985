// What it costs that the session is reset after each `transact` handler: processor time of this process and
// of the database, for the end of a handler with the reset and without, in turn, and its share of an order
// that a service's own table takes. npm run bench:reset [-- TURNS]
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import {
  afterHandler,
  beginForHandlers,
} from "../../packages/quadrille/src/store/postgres/client/session.ts";
import { startPostgres } from "../../test/embedded-postgres.ts";
import { runOwnTable } from "./own-table.ts";
import { serverCpuMs } from "./server-cpu.ts";

const turns = Number(process.argv[2] ?? 10);
const handlersOfTurn = 2_000;
const handlersOfTransaction = 50;
const withoutReset = "release savepoint quadrille_part; savepoint quadrille_part";
const folder = fileURLToPath(new URL("../../.quadrille-bench", import.meta.url));
mkdirSync(folder, { recursive: true });

async function runHandlers(client: Client, end: string): Promise<void> {
  for (let done = 0; done < handlersOfTurn; done += handlersOfTransaction) {
    await client.query(beginForHandlers);
    for (let handler = 0; handler < handlersOfTransaction; handler += 1) {
      await client.query("update item set quantity = quantity - 1 where sku = 'a'");
      await client.query(end);
    }
    await client.query("commit");
  }
}

/** The processor time of both sides that such an end of a handler takes in a turn. */
async function turnMs(client: Client, end: string): Promise<number> {
  const before = { own: process.cpuUsage(), server: await serverCpuMs(client) };
  await runHandlers(client, end);
  const { user, system } = process.cpuUsage(before.own);
  return (user + system) / 1_000 + ((await serverCpuMs(client)) ?? Number.NaN) - (before.server ?? 0);
}

async function resetMs(): Promise<number> {
  const server = await startPostgres({ parentDirectory: folder });
  const client = new Client({ connectionString: server.url, application_name: "quadrille" });
  await client.connect();
  await client.query("create table item (sku text primary key, quantity bigint)");
  await client.query("insert into item values ('a', 0)");
  let more = 0;
  for (let turn = 0; turn < turns; turn += 1)
    more += (await turnMs(client, afterHandler(undefined))) - (await turnMs(client, withoutReset));
  await client.end();
  await server.stop();
  return more / turns / handlersOfTurn;
}

const reset = await resetMs();
const [orders] = await runOwnTable({ store: "postgres", lanes: 1, inFlight: 64, seconds: 5, folder });
const order = (orders?.cpuMsPerOrder ?? Number.NaN) + (orders?.databaseCpuMsPerOrder ?? Number.NaN);
const share = ((100 * reset) / order).toFixed(1);
console.log(`The reset takes ${reset.toFixed(3)} ms of ${order.toFixed(3)} ms an order: ${share} %.`);
