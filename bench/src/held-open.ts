// What a saga alone takes while another session holds a transaction open: old versions of the rows that each
// flush updates cannot be cleared away meanwhile. Sagas run one after the other; the medians of the last ones
// before each mark are printed. npm run bench:held [-- SAGAS...]
import { Client } from "pg";
import { choreography, command, event, on, participant, service, startEngine, to } from "quadrille";
import { postgresDatabase } from "quadrille/postgres";
import { startPostgres } from "../../test/embedded-postgres.ts";

const marks = (process.argv.length > 2 ? process.argv.slice(2) : ["0", "10000", "50000"]).map(Number);
const measured = 200;

const place = command("place");
const Placed = event("Placed");
const Paid = event("Paid");
const shop = participant("Shop", {
  entity: "Order",
  initial: "none",
  states: { none: [on(place, to("PLACED").emits(Placed))], PLACED: [on(Paid, to("PAID"))], PAID: [] },
});
const till = participant("Till", {
  entity: "Payment",
  initial: "none",
  states: { none: [on(Placed, to("TAKEN").emits(Paid))], TAKEN: [] },
});
const sale = choreography("Sale", {
  participants: [shop, till],
  ends: { paid: { Shop: "PAID", Till: "TAKEN" } },
});

await using server = await startPostgres({ parentDirectory: process.env["DATA_PARENT"] ?? "/var/tmp" });
await using database = await postgresDatabase({ url: server.url });
await using engine = await startEngine({
  choreography: sale,
  services: [service(shop), service(till)],
  database,
});
const sagaMs = async (): Promise<number> => {
  const begun = performance.now();
  const { sagaId } = await engine.send(place);
  await engine.saga(sagaId).ended({ signal: AbortSignal.timeout(60_000) });
  return performance.now() - begun;
};
for (let warm = 0; warm < measured; warm += 1) await sagaMs();
const holder = new Client({ connectionString: server.url });
await holder.connect();
await holder.query("begin isolation level repeatable read; select count(*) from shop.entity");
console.log("sagas since\tms a saga\tflushes since\tkB of lane");
const turns = async (): Promise<{ readonly turn: number; readonly kb: number }> => {
  const text = "select max(turn) as turn, pg_relation_size('shop.lane') / 1024 as kb from shop.lane";
  const [row] = (await database.sql.query(text)).rows;
  return { turn: Number(row?.["turn"]), kb: Number(row?.["kb"]) };
};
const before = await turns();
let made = 0;
for (const mark of marks) {
  for (; made < mark; made += 1) await sagaMs();
  const times: number[] = [];
  for (; times.length < measured; made += 1) times.push(await sagaMs());
  const { turn, kb } = await turns();
  const median = times.toSorted((one, other) => one - other)[measured / 2] ?? 0;
  console.log([made, median.toFixed(2), turn - before.turn, kb].join("\t"));
}
await holder.end();
