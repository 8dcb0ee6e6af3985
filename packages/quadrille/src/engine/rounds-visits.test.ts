// A participant may be visited several times in one round: what it decides later stands on what it has
// decided before.
import { describe, expect, it } from "vitest";
import { World } from "../../test/engine-world.ts";
import { type Fault, faultyDatabase } from "../../test/faulty-database.ts";
import { cancel, good, pay, payingWorld, reactions, touch } from "../../test/paying-choreography.ts";
import { choreography as small } from "../../test/small-choreography.ts";
import { fromJson } from "../contract/json/from-json.ts";
import { command } from "../contract/trigger.ts";
import { scriptedServices } from "../testing/scripted.ts";

const ask = command("ask");
const warm = command("warm");

/** Calls `act` at the first request of the kind from now on. */
function atNext(
  method: string,
  participant: string,
): { readonly fault: Fault; readonly does: (act: () => void) => void } {
  let pending: () => void = () => undefined;
  return {
    fault: async (place) => {
      if (place.method !== method || place.participant !== participant || place.phase === "after") return;
      const act = pending;
      pending = () => undefined;
      act();
    },
    does: (act) => {
      pending = act;
    },
  };
}

/** B hears of A, and is visited before A. */
function hearing(): World {
  const heard = { on: { Asked: [{ to: "heard" }] } };
  const made = fromJson(
    small({
      B: {
        initial: "s",
        states: { s: { ...heard, commands: { warm: [{ to: "warmed" }] } }, warmed: heard, heard: {} },
      },
      A: { initial: "s", states: { s: { commands: { ask: [{ to: "t", emit: ["Asked"] }] } }, t: {} } },
    }),
  );
  return new World({ choreography: made, services: scriptedServices(made, { choose: () => "" }) });
}

describe("a second visit in a round", () => {
  it("takes place after what it hears of, also where time has passed since the first", async () => {
    await using here = hearing();
    const loads = atNext("load", "A");
    const engine = await here.start({ database: faultyDatabase(here.database, loads.fault) });
    loads.does(() => here.ambient.advance(50));
    const answers = [engine.send(warm, { sagaId: "w" }), engine.send(ask, { sagaId: "s" })];
    await Promise.all(answers);
    const [asked] = await (await here.store("A")).timeline("s");
    const [heard] = await (await here.store("B")).timeline("s");
    expect(heard?.time).toBe(asked?.time);
  });

  it("leaves a state whose call was to be made again: it is not made then", async () => {
    const calls: string[] = [];
    await using here = payingWorld(
      async ({ entity: { key } }) => {
        calls.push(key);
        if (key === "other") return new Promise(() => undefined);
        if (calls.filter((one) => one === key).length === 1) throw new Error("busy");
        return good;
      },
      { entitiesCachedMax: 1 },
    );
    const loads = atNext("load", "payer");
    const engine = await here.start({ database: faultyDatabase(here.database, loads.fault) });
    for (const sagaId of ["other", "s"]) await engine.send(pay, { sagaId });
    await here.calm();
    await engine.send(touch, { sagaId: "other" });
    expect(await here.parked("payer")).toMatchObject([{ key: "s", reason: "retrying" }]);
    // The cache has forgotten it: it is loaded for the call, and cancelled before the round is over.
    loads.does(() => {
      void engine.send(cancel, { sagaId: "s" });
      void engine.send(touch, { sagaId: "other" });
    });
    await here.pass(5_000);
    expect(await reactions(here, "s")).toEqual(["pay CHARGING", "cancel CANCELLED"]);
    expect(calls).toEqual(["other", "s"]);
    expect(await here.parked("payer")).toEqual([]);
    expect(await here.audit()).toEqual([]);
  });
});
