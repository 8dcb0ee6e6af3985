// What waits in the tables may be many times larger than a process's memory: a backlog, and dead letters.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../test/postgres.ts";
import { soon } from "../../../../test/soon.ts";
import { note, notes, noteServices } from "../../test/notes-choreography.ts";
import { systemAmbient } from "../ambient/system.ts";
import type { Service } from "../contract/handler.ts";
import { postgresDatabase } from "../store/postgres/postgres-database.ts";
import { startEngine } from "./engine.ts";

const program = join(import.meta.dirname, "../../test/small-heap-process.ts");
const heapMb = 64;
const count = 600;
/** All of them are twice the heap. */
const text = "x".repeat(200_000);

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

/** Writes notes, with these services. */
async function write(services: readonly Service[]): Promise<void> {
  await using database = await postgresDatabase({ url: fresh.url });
  const ambient = systemAmbient(() => undefined);
  const limits = { attemptsMax: 1 };
  await using engine = await startEngine({
    choreography: notes,
    services,
    database,
    lanes: 1,
    ambient,
    limits,
  });
  for (let sent = 0; sent < count; sent += 100)
    await Promise.all(Array.from({ length: 100 }, () => engine.send(note, { text })));
  await engine.idle({ signal: soon() });
}

/** What the process has written, or its error. */
function run(): Promise<string> {
  const flags = [`--max-old-space-size=${heapMb}`, "--conditions=quadrille-source"];
  return new Promise((resolve) => {
    execFile(process.execPath, [...flags, program, fresh.url], (_error, out, err) => resolve(out + err));
  });
}

it("a process takes a backlog and dead letters that are each twice as large as its memory", async () => {
  const broken = noteServices(() => {
    throw new Error("not today");
  });
  await write(broken);
  await write(broken.slice(0, 1));
  expect(await run()).toBe(`redriven ${count}\nread ${2 * count}\n`);
});
