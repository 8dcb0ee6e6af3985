// Business time and deadlines from data, with real waiting, on every database: over restarts, set again, and
// never back.
import { lend, library, note, renew, services } from "../../test/lending-choreography.ts";
import { storeOf } from "../../test/store-of.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshPglite } from "../../../../test/pglite.ts";
import { type FreshDatabase, freshDatabase } from "../../../../test/postgres.ts";
import { steppedTime } from "../ambient/business-time.ts";
import { systemAmbient } from "../ambient/system.ts";
import { memoryDatabase } from "../store/memory/memory-database.ts";
import { postgresDatabase } from "../store/postgres/postgres-database.ts";
import type { Database } from "../store/database.ts";
import type { Engine } from "./message/api.ts";
import { startEngine } from "./engine.ts";

const first = Date.parse("2015-03-01T00:00:00Z");
const day = 86_400_000;

describe.each(["memory", "PGlite", "PostgreSQL"])("on %s", (name) => {
  let fresh: FreshDatabase | undefined;
  let database: Database;
  beforeAll(async () => {
    fresh = name === "PostgreSQL" ? await freshDatabase() : undefined;
    if (name === "memory") database = memoryDatabase();
    else database = fresh === undefined ? await freshPglite() : await postgresDatabase({ url: fresh.url });
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await fresh?.drop();
  });

  /** A process that is given a time to begin at; one that has begun goes on from where it stands. */
  const start = (from = first): Promise<Engine> =>
    startEngine({
      choreography: library,
      services,
      database,
      businessTime: steppedTime({ from }),
      ambient: systemAmbient(() => undefined),
    });
  async function times(sagaId: string, from: number): Promise<readonly string[]> {
    const rows = await (await storeOf(database, "Loan")).timeline(sagaId);
    return rows.map(({ time, trigger, to: state }) => `${(time - from) / day} ${trigger} ${state}`);
  }

  it("a deadline from data comes at its time, also after two restarts", async () => {
    let engine = await start();
    const from = engine.time.now();
    await engine.send(lend, { dueAt: from + 14 * day }, { sagaId: "restarted" });
    for (const days of [3, 9]) {
      await engine.time.moveTo(from + days * day);
      await engine[Symbol.asyncDispose]();
      engine = await start();
      expect(engine.time.now()).toBe(from + days * day);
    }
    await engine.time.moveTo(from + 30 * day);
    expect(await times("restarted", from)).toEqual(["0 lend LENT", "14 due OVERDUE"]);
    await engine[Symbol.asyncDispose]();
  });

  it("it is set again where the reaction says so, earlier or later, over a restart", async () => {
    let engine = await start();
    const from = engine.time.now();
    await engine.send(lend, { dueAt: from + 14 * day }, { sagaId: "renewed" });
    await engine.send(note, { dueAt: from + 2 * day }, { sagaId: "renewed" });
    await engine.time.moveTo(from + 5 * day);
    await engine.send(renew, { dueAt: from + 28 * day }, { sagaId: "renewed" });
    await engine[Symbol.asyncDispose]();
    engine = await start();
    await engine.time.moveTo(from + 20 * day);
    await engine.send(renew, { dueAt: from + 21 * day }, { sagaId: "renewed" });
    await engine.time.moveTo(from + 60 * day);
    expect(await times("renewed", from)).toEqual([
      "0 lend LENT",
      "0 note LENT",
      "5 renew LENT",
      "20 renew LENT",
      "21 due OVERDUE",
    ]);
    await engine[Symbol.asyncDispose]();
  });

  it("it may be none, may have passed already, and is refused where it is no time", async () => {
    const engine = await start();
    const from = engine.time.now();
    await engine.send(lend, { dueAt: null }, { sagaId: "never" });
    await engine.send(lend, { dueAt: from - day }, { sagaId: "passed" });
    const refused = engine.send(lend, { dueAt: 1e300 }, { sagaId: "no time" });
    await expect(refused).rejects.toMatchObject({ code: "Q_DEADLINE_INVALID" });
    await engine.time.moveTo(from + 300 * day);
    expect(await times("never", from)).toEqual(["0 lend LENT"]);
    expect(await times("passed", from)).toEqual(["0 lend LENT", "0 due OVERDUE"]);
    expect(await times("no time", from)).toEqual([]);
    await engine[Symbol.asyncDispose]();
  });

  it("business time never runs back, whatever time a process is given", async () => {
    const seen: number[] = [];
    for (const given of [first + 2_000 * day, first, first + 2_001 * day, 0]) {
      const engine = await start(given);
      seen.push(engine.time.now());
      await engine.send(lend, { dueAt: null }, { sagaId: `given ${given}` });
      await engine.time.moveTo(given);
      seen.push(engine.time.now());
      await engine[Symbol.asyncDispose]();
    }
    expect(seen).toEqual([...seen].toSorted((a, b) => a - b));
    expect(new Set(seen)).toEqual(new Set([first + 2_000 * day, first + 2_001 * day]));
    const store = await storeOf(database, "Loan");
    const { head } = await store.recover(0);
    const rows = await store.read(0, 0, head);
    const written = rows.map(({ time }) => time);
    expect(written).toEqual([...written].toSorted((a, b) => a - b));
  });
});
