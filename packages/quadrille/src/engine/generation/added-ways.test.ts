// A contract that lets a state be left by a call or a deadline alone, which the contract before did not have:
// entities that stand there already have neither, and would stay for ever.
import { describe, expect, it } from "vitest";
import { World } from "../../../test/engine-world.ts";
import { choreography } from "../../contract/choreography.ts";
import { service } from "../../contract/handler.ts";
import { to } from "../../contract/outcome.ts";
import { participant } from "../../contract/participant.ts";
import { after, lock, on, type Sentence } from "../../contract/reaction.ts";
import { activity, command } from "../../contract/trigger.ts";
import { memoryDatabase } from "../../store/memory/memory-database.ts";
import type { Database } from "../../store/database.ts";
import { acceptContracts } from "./migrate-contracts.ts";

const go = command("go");
const finish = command("finish");
const call = activity("call");
const byHand = on(finish, to("DONE"));
const byCall = on(call, to("DONE"));
const byTime = after("1h", to("DONE"), "runsOut");

/** A version of the contract, in which W is left in these ways. */
function leaving(database: Database, ...ways: readonly Sentence[]): World {
  const waiter = participant("Waiter", {
    entity: "Wait",
    initial: "none",
    states: { none: [on(go, to("W"))], W: lock(ways as []), DONE: [] },
  });
  const code = ways.includes(byCall) ? { activities: { call: async () => undefined } } : {};
  return new World({
    choreography: choreography("Waits", { participants: [waiter], ends: { done: { Waiter: "DONE" } } }),
    services: [service(waiter, code as never)],
    database,
  });
}

async function withOneWaiting(...ways: readonly Sentence[]): Promise<Database> {
  const database = memoryDatabase();
  await using here = leaving(database, ...ways);
  await (await here.start()).send(go, { sagaId: "old" });
  return database;
}

describe("a way out of a state in which entities stand", () => {
  it.each([
    ["a call", [byCall], "the call of call"],
    ["a deadline", [byTime], 'the deadline "runsOut"'],
    ["a call and a deadline", [byCall, byTime], 'the call of call, the deadline "runsOut"'],
  ] as const)("is refused where it is %s alone: they would not have it", async (_, ways, what) => {
    await using after = leaving(await withOneWaiting(byHand), ...ways);
    await expect(after.start()).rejects.toThrow(
      `1 entity is in W, which is left by nothing but ${what}, and came there without that`,
    );
  });

  it.each([
    ["leaves another one", [byHand], [byHand, byTime]],
    ["was there before", [byTime], [byTime, byCall]],
  ] as const)("is taken where it %s", async (_, before, now) => {
    await using after = leaving(await withOneWaiting(...before), ...now);
    await after.start();
  });

  it("is accepted on purpose, and taken by those that come after", async () => {
    await using after = leaving(await withOneWaiting(byHand), byTime);
    const { choreography: given, database, ambient } = after;
    await acceptContracts({ choreographies: [given], database, ambient });
    await (await after.start()).send(go, { sagaId: "new" });
    await after.pass(3_600_000);
    expect([await after.states("old"), await after.states("new")]).toEqual([
      { Waiter: "W" },
      { Waiter: "DONE" },
    ]);
  });
});
