// Deadlines by the database's clock, on a real PostgreSQL.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../test/postgres.ts";
import { systemAmbient } from "../ambient/system.ts";
import { choreography } from "../contract/choreography.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { after, lock, on } from "../contract/reaction.ts";
import { command } from "../contract/trigger.ts";
import { postgresDatabase } from "../store/postgres/postgres-database.ts";
import { scriptedServices } from "../testing/scripted.ts";
import { startEngine } from "./engine.ts";

const hour = 3_600_000;
const begin = command("begin");
const waiter = participant("Waiter", {
  entity: "Wait",
  initial: "none",
  states: {
    none: [on(begin, to("WAITING"))],
    WAITING: lock([after("15m", to("OVER"))]),
    OVER: [],
  },
});
const waits = choreography("Waits", { participants: [waiter], ends: { over: { Waiter: "OVER" } } });

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

describe("deadlines on PostgreSQL", () => {
  it.each([
    ["ahead", hour],
    ["behind", -hour],
  ])("are kept by the server's clock when the machine's is an hour %s", async (which, wrongByMs) => {
    const { clock, ...ambient } = systemAmbient(() => {});
    const now = (): number => clock.now() + wrongByMs;
    await using database = await postgresDatabase({ url: fresh.url, schemaPrefix: `${which}_` });
    await using engine = await startEngine({
      choreography: waits,
      services: scriptedServices(waits, { choose: () => "" }),
      database,
      ambient: { ...ambient, clock: { ...clock, now } },
    });
    const { sagaId } = await engine.send(begin);
    const store = await database.inspect({ name: "Waiter" });
    const due = (await store.load([sagaId])).get(sagaId)?.deadline?.at ?? 0;
    // The test's server runs on this machine, so its clock is the machine's before it was made wrong.
    expect(Math.abs(due - Date.now() - 15 * 60_000)).toBeLessThan(60_000);
  });
});
