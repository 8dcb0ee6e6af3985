// Activities whose state is left, kept or entered again: which calls are made, and whose answers count.
import { describe, expect, it } from "vitest";
import { soon } from "../../../../test/soon.ts";
import { gate, statusOf } from "../../test/engine-world.ts";
import { cancel, check, good, pay, payingWorld, reactions, touch } from "../../test/paying-choreography.ts";

describe("an activity", () => {
  it("that comes back after its state was left is dropped, whether it worked or failed for good", async () => {
    const answers = [gate(), gate()];
    let calls = 0;
    await using here = payingWorld(
      async () => {
        const which = calls++;
        await answers[which]?.opened;
        if (which === 1) throw new Error("too late to matter");
        return good;
      },
      { callAttemptsMax: 1 },
    );
    const engine = await here.start();
    const sagas = [await engine.send(pay), await engine.send(pay)];
    await here.calm();
    for (const { sagaId } of sagas) await engine.send(cancel, { sagaId });
    for (const answer of answers) answer.open();
    await engine.idle({ signal: soon() });
    for (const { sagaId } of sagas)
      expect(await reactions(here, sagaId)).toEqual(["pay CHARGING", "cancel CANCELLED"]);
    expect(await here.parked("payer")).toEqual([]);
  });

  it("has another id when its state is entered again, and the older one's answer is not taken for it", async () => {
    const first = gate();
    const ids: string[] = [];
    await using here = payingWorld(async ({ id }) => {
      ids.push(id);
      if (ids.length === 1) {
        await first.opened;
        return { ok: true, receipt: "old" };
      }
      await gate().opened;
      return good;
    });
    const engine = await here.start();
    const { sagaId } = await engine.send(pay);
    await here.calm();
    await engine.send(cancel, { sagaId });
    await engine.send(pay, { sagaId });
    await here.calm();
    first.open();
    await here.pass(2_000);
    expect(await here.states(sagaId)).toMatchObject({ payer: "CHARGING" });
    expect(ids).toEqual([`activity/payer/${sagaId}/1`, `activity/payer/${sagaId}/3`]);
  });

  it("waiting for room is not made when its state was left: a retry runs after compensation has begun (medusajs #16434) is excluded", async () => {
    const busy = gate();
    const called: string[] = [];
    await using here = payingWorld(
      async ({ entity }) => {
        called.push(entity.sagaId);
        await busy.opened;
        return good;
      },
      { activitiesRunningMax: 1 },
    );
    const engine = await here.start();
    const [one, two] = [await engine.send(pay), await engine.send(pay)];
    await here.calm();
    await engine.send(cancel, { sagaId: two.sagaId });
    busy.open();
    await engine.idle({ signal: soon() });
    expect(called).toEqual([one.sagaId]);
  });

  it("whose retry is due is not made when its state is left in the same batch", async () => {
    const called: number[] = [];
    await using here = payingWorld(
      async ({ attempt }) => {
        called.push(attempt);
        throw new Error("down");
      },
      { backoffMs: 1_000 },
    );
    const engine = await here.start();
    const { sagaId } = await engine.send(pay);
    await here.calm();
    here.ambient.advance(1_000);
    await engine.send(cancel, { sagaId });
    await engine.idle({ signal: soon() });
    await here.pass(60_000);
    expect(called).toEqual([1]);
    expect(await here.parked("payer")).toEqual([]);
  });

  it("goes on under its id when something else happens in its state, a join's fact included", async () => {
    const slow = gate();
    const ids: string[] = [];
    await using here = payingWorld(async ({ id }) => {
      ids.push(id);
      await slow.opened;
      return good;
    });
    const engine = await here.start();
    const { sagaId } = await engine.send(pay);
    await here.calm();
    await engine.send(touch, { sagaId });
    await engine.send(check, { sagaId });
    await here.calm();
    expect(await here.states(sagaId)).toMatchObject({ payer: "CHARGING+Checked" });
    slow.open();
    await engine.idle({ signal: soon() });
    expect(ids).toEqual([`activity/payer/${sagaId}/1`]);
    expect(await here.states(sagaId)).toMatchObject({ payer: "PAID" });
  });

  it("that is dead is forgotten when its state is left", async () => {
    await using here = payingWorld(() => Promise.reject(new Error("down")), { callAttemptsMax: 1 });
    const engine = await here.start();
    const { sagaId } = await engine.send(pay);
    await here.calm();
    expect(statusOf(engine, "payer").parked.dead).toBe(1);
    await here.pass(3_600_000);
    expect(await here.states(sagaId)).toMatchObject({ payer: "CANCELLED" });
    expect(await here.parked("payer")).toEqual([]);
  });

  it("that is dead stays so, whatever else happens in its state", async () => {
    let calls = 0;
    await using here = payingWorld(
      async () => {
        calls += 1;
        throw new Error("down");
      },
      { callAttemptsMax: 1 },
    );
    const engine = await here.start();
    const { sagaId } = await engine.send(pay);
    await here.calm();
    await engine.send(touch, { sagaId });
    await here.pass(10_000);
    expect(calls).toBe(1);
  });
});
