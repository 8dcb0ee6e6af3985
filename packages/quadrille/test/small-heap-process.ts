// A process of its own with little memory, on a database with large notes: it takes those that wait, then
// those that are dead letters, and ends. Started with the database's address.
import { setTimeout as pause } from "node:timers/promises";
import { soon } from "../../../test/soon.ts";
import { startEngine } from "../src/engine/engine.ts";
import { openOperations } from "../src/operations/operations.ts";
import { postgresDatabase } from "../src/store/postgres/postgres-database.ts";
import { notes, noteServices } from "./notes-choreography.ts";

const [url = ""] = process.argv.slice(2);
const services = noteServices();
await using database = await postgresDatabase({ url });
await using engine = await startEngine({ choreography: notes, services, database, lanes: 1 });
await engine.idle({ signal: soon() });
const operations = await openOperations({ choreography: notes, database });
process.stdout.write(`redriven ${await operations.redriveAll({ participant: "Reader" })}\n`);
const store = await database.inspect({ name: "Reader" });
while ((await store.parked({ reason: ["dead", "waiting", "retrying"], limit: 1 })).length > 0)
  await pause(50);
process.stdout.write(`read ${(await store.census()).get("READ")}\n`);
