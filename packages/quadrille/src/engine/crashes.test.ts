// Failures that pass, and two processes at once: nothing is lost, nothing happens twice.
import { describe, expect, it } from "vitest";
import { type Fault, faultyDatabase, processOf } from "../../test/faulty-database.ts";
import { create, expectDone, ordersWorld, place, sagas } from "../../test/three-orders.ts";
import type { Failpoint } from "../ambient/ambient.ts";
import type { Engine } from "./message/api.ts";

describe("a failure that passes", () => {
  const failpoints: readonly Failpoint[] = [
    "batch-decided",
    "flush-committed",
    "activity-started",
    "activity-returned",
  ];
  const cases = failpoints.flatMap((name) => [1, 2, 3, 4, 5, 6].map((nth) => ({ name, nth })));

  it.each(cases)("at $name, time $nth, loses nothing and doubles nothing", async ({ name, nth }) => {
    const { here, charged } = ordersWorld();
    await using _ = here;
    let seen = 0;
    here.ambient.onFailpoint((at) => {
      if (at !== name) return undefined;
      seen += 1;
      return seen === nth ? Promise.reject(new Error("struck")) : undefined;
    });
    const engine = await here.start();
    const answers = await place(here, () => engine);
    expect([...answers.values()].map(({ status }) => status)).toEqual(["accepted", "accepted", "accepted"]);
    expect([...answers.values()].some((answer) => answer.status === "accepted" && answer.repeated)).toBe(
      false,
    );
    await expectDone(here, charged);
  });
});

describe("two processes on one database: two processes own the same work and disagree (dbos-transact-ts #1205)", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "overtake each other and lose or double nothing (seed %i)",
    async (seed) => {
      const { here, charged } = ordersWorld();
      await using _ = here;
      const random = (): number => here.ambient.random();
      const dither: Fault = async () => {
        for (let ticks = Math.floor(random() * seed * 4); ticks > 0; ticks -= 1) await Promise.resolve();
      };
      const database = faultyDatabase(here.database, dither);
      const engines = [await here.start({ database }), await here.start({ database })];
      let next = 0;
      await place(here, () => engines[(next += 1) % 2] as Engine);
      await expectDone(here, charged);
    },
  );

  it("and one that goes on when the other has ended finds what it left behind", async () => {
    const { here, charged } = ordersWorld();
    await using _ = here;
    const victim = processOf();
    const first = await here.start({ database: faultyDatabase(here.database, victim.fault) });
    await here.start();
    for (const sagaId of sagas) void first.send(create, { sagaId });
    here.ambient.onFailpoint((name) => {
      if (name === "activity-started") victim.crash();
      return undefined;
    });
    await here.pass(10_000);
    await expectDone(here, charged);
    here.abandon();
  });
});
