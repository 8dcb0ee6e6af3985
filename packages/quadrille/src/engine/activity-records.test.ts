// What an activity came back with is recorded before its handler has its say: a bug there repeats no call to
// the outside.
import { describe, expect, it } from "vitest";
import { statusOf } from "../../test/engine-world.ts";
import { good, pay, payingWorld, reactions } from "../../test/paying-choreography.ts";
import { defaultLimits } from "./message/limits.ts";

describe("an activity", () => {
  it("is called once, however often its handler throws afterwards, and the handler is tried again", async () => {
    let calls = 0;
    let handled = 0;
    await using here = payingWorld(
      async () => ({ ok: true, receipt: `receipt ${(calls += 1)}` }),
      {},
      () => {
        if ((handled += 1) <= 3) throw new Error("a bug in the handler");
      },
    );
    const engine = await here.start();
    const { sagaId } = await engine.send(pay);
    await here.pass(10_000);
    expect({ calls, handled }).toEqual({ calls: 1, handled: 4 });
    expect(await reactions(here, sagaId)).toEqual(["pay CHARGING", "charge PAID"]);
    expect((await (await here.store("payer")).load([sagaId])).get(sagaId)?.data).toEqual({
      receipt: "receipt 1",
    });
  });

  it("is not called again by a redrive after its handler was fixed, nor by a restart", async () => {
    let calls = 0;
    let isBroken = true;
    await using here = payingWorld(
      async () => ({ ok: true, receipt: `receipt ${(calls += 1)}` }),
      { attemptsMax: 2 },
      () => {
        if (isBroken) throw new Error("a bug in the handler");
      },
    );
    const engine = await here.start();
    const { sagaId } = await engine.send(pay);
    await here.pass(10_000);
    expect(await here.parked("payer")).toMatchObject([
      { reason: "dead", attempts: 2, kind: "activity", error: { code: "Q_HANDLER_THREW" } },
    ]);
    await here.stop(engine);
    await here.start();
    await here.pass(10_000);
    isBroken = false;
    await here.operate("payer", () => ({ redrive: true }));
    await here.pass(defaultLimits.renewMs + 2_000);
    expect(calls).toBe(1);
    expect(await reactions(here, sagaId)).toEqual(["pay CHARGING", "charge PAID"]);
  });

  it("with a result that fits no schema is a dead letter with that result; a redrive calls again where that is asked for", async () => {
    const results: unknown[] = [{ ok: "perhaps" }, 10n, new Date(0), good];
    await using here = payingWorld(async () => results.shift() as typeof good);
    const engine = await here.start();
    const { sagaId } = await engine.send(pay);
    await here.calm();
    const error = { code: "Q_PAYLOAD_INVALID" };
    const raw = { cameBack: "raw", value: { ok: "perhaps" } };
    expect(await here.parked("payer")).toMatchObject([{ reason: "dead", error, data: raw }]);
    await here.operate("payer", () => ({ redrive: true }));
    await here.pass(defaultLimits.renewMs + 2_000);
    expect(await here.parked("payer")).toMatchObject([{ reason: "dead", error, data: raw }]);
    expect(results).toHaveLength(3);
    for (const left of [2, 1]) {
      await here.operate("payer", () => ({ redrive: true, callAgain: true }));
      await here.pass(defaultLimits.renewMs + 2_000);
      expect(results).toHaveLength(left);
      expect(statusOf(engine, "payer")).toMatchObject({ parked: { dead: 1 }, trouble: undefined });
      // What is no JSON cannot be recorded: there is nothing to decide on again.
      expect(await here.parked("payer")).toMatchObject([{ error, data: undefined }]);
    }
    await here.operate("payer", () => ({ redrive: true }));
    await here.pass(defaultLimits.renewMs + 2_000);
    expect(await here.states(sagaId)).toMatchObject({ payer: "PAID" });
  });

  it("whose handler throws a value beyond JSON in the result's face does not stop the participant", async () => {
    let throwing = true;
    const result = { ...good, extra: { nested: new Map() } };
    await using here = payingWorld(
      async () => result,
      { attemptsMax: 2 },
      () => {
        if (throwing) throw new Error("not now");
      },
    );
    const engine = await here.start();
    const { sagaId } = await engine.send(pay);
    await here.calm();
    throwing = false;
    await here.pass(10_000);
    expect(await here.states(sagaId)).toMatchObject({ payer: "PAID" });
    expect(statusOf(engine, "payer").trouble).toBe(undefined);
  });
});
