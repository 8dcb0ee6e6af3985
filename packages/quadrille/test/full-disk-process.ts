// A process of its own on PGlite, which writes large notes one after the other. The test takes the room on
// its disk away and gives it back. Started with `fork`.
import { randomBytes } from "node:crypto";
import process from "node:process";
import { soon } from "../../../test/soon.ts";
import { systemAmbient } from "../src/ambient/system.ts";
import { startEngine } from "../src/engine/engine.ts";
import { pgliteDatabase } from "../src/store/postgres/pglite-database.ts";
import { note, notes, noteServices } from "./notes-choreography.ts";

/** What it reports. */
export interface DiskReport {
  /** Notes that were accepted. */
  readonly accepted: number;
  /** What the participants have trouble with. */
  readonly trouble: string | undefined;
  /**
   * Once it was asked to count: notes that do not stand in the journals of both participants exactly once.
   */
  readonly wrong?: readonly string[];
}

const [folder = ""] = process.argv.slice(2);
const database = await pgliteDatabase({ folder });
const engine = await startEngine({
  choreography: notes,
  services: noteServices(),
  database,
  ambient: systemAmbient(() => undefined),
});
const accepted: string[] = [];
/** Aborted when it is to pause. */
let pause = new AbortController();

function report(more: Pick<DiskReport, "wrong"> = {}): void {
  const trouble = engine.status().find((status) => status.trouble !== undefined)?.trouble;
  process.send?.({ accepted: accepted.length, trouble, ...more } satisfies DiskReport);
}

async function write(): Promise<void> {
  while (!pause.signal.aborted) {
    const text = randomBytes(75_000).toString("base64");
    const sent = await engine.send(note, { text }, { signal: pause.signal }).catch(() => undefined);
    if (sent?.status === "accepted") accepted.push(sent.sagaId);
    report();
  }
}

/** Those that do not stand in each journal once. */
async function wrong(): Promise<readonly string[]> {
  const counts = new Map<string, number>();
  for (const schema of ["writer", "reader"]) {
    const { rows } = await database.sql.query(`select saga_id from ${schema}.journal`);
    for (const { saga_id: saga } of rows) counts.set(String(saga), (counts.get(String(saga)) ?? 0) + 1);
  }
  const twice = [...counts].filter(([, count]) => count > 2).map(([saga]) => saga);
  return [...twice, ...accepted.filter((saga) => counts.get(saga) !== 2)];
}

const reporting = setInterval(report, 100);
process.on("message", (asked: "count" | "stop") => {
  void (async () => {
    pause.abort();
    if (asked === "count") {
      await engine.idle({ signal: soon() });
      report({ wrong: await wrong() });
      pause = new AbortController();
      return write();
    }
    clearInterval(reporting);
    await engine.drain({ withinMs: 3_000 });
    await database[Symbol.asyncDispose]();
    process.disconnect();
  })();
});
report();
await write();
