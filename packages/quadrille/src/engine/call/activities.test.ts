// Activities: one id for all attempts, retries, one recorded result.
import { describe, expect, it } from "vitest";
import { soon } from "../../../../../test/soon.ts";
import { type Fault, faultyDatabase } from "../../../test/faulty-database.ts";
import { gate, statusOf } from "../../../test/engine-world.ts";
import { good, pay, payingWorld, reactions } from "../../../test/paying-choreography.ts";
import type { ActivityInput } from "../../contract/handler.ts";
import { defaultLimits } from "../message/limits.ts";

describe("an activity", () => {
  it("is called once, outside the batch, and its result is taken once", async () => {
    const inputs: ActivityInput<unknown>[] = [];
    await using here = payingWorld(async (input) => {
      inputs.push(input);
      expect(await reactions(here, input.entity.sagaId)).toEqual(["pay CHARGING"]);
      return good;
    });
    const engine = await here.start();
    const { sagaId } = await engine.send(pay);
    await engine.idle({ signal: soon() });
    expect(inputs.map(({ id, attempt }) => [id, attempt])).toEqual([[`activity/payer/${sagaId}/1`, 1]]);
    expect(inputs[0]?.entity).toMatchObject({ key: sagaId, sagaId, state: "CHARGING" });
    expect(await reactions(here, sagaId)).toEqual(["pay CHARGING", "charge PAID"]);
    expect(await here.audit()).toEqual([]);
  });

  it("that came back is not made again because its result could not be written at first", async () => {
    let calls = 0;
    let failing = 0;
    await using here = payingWorld(async () => {
      calls += 1;
      failing = 3;
      return good;
    });
    const fault: Fault = async ({ method, phase }) => {
      if (method === "flush" && phase === "before" && (failing -= 1) >= 0)
        throw new Error("the disk is full");
    };
    const engine = await here.start({ database: faultyDatabase(here.database, fault) });
    const { sagaId } = await engine.send(pay);
    await here.pass(10_000);
    expect(await here.states(sagaId)).toMatchObject({ payer: "PAID" });
    expect(calls).toBe(1);
  });

  it("keeps its id over attempts, which wait longer and longer, until it is a dead letter", async () => {
    const seen: (readonly [string, number, number])[] = [];
    await using here = payingWorld(
      async ({ id, attempt }) => {
        seen.push([id, attempt, here.ambient.clock.now()]);
        throw new Error("the provider is down");
      },
      { callAttemptsMax: 4, backoffMs: 1_000, pollMs: 100_000 },
    );
    const engine = await here.start();
    const { sagaId } = await engine.send(pay);
    await here.until(() => statusOf(engine, "payer").parked.dead === 1);
    expect(new Set(seen.map(([id]) => id))).toEqual(new Set([`activity/payer/${sagaId}/1`]));
    expect(seen.map(([, attempt]) => attempt)).toEqual([1, 2, 3, 4]);
    const waits = seen.slice(1).map(([, , time], index) => time - (seen[index]?.[2] ?? 0));
    [1_000, 2_000, 4_000].forEach((cap, index) => {
      expect(waits[index]).toBeGreaterThanOrEqual(cap / 2);
      expect(waits[index]).toBeLessThanOrEqual(cap);
    });
    expect(await here.parked("payer")).toMatchObject([
      { reason: "dead", attempts: 4, trigger: "charge", error: { message: "the provider is down" } },
    ]);
    await here.pass(1_000_000);
    expect(seen).toHaveLength(4);
  });

  it("goes on when redriven, with its id", async () => {
    let down = true;
    const ids: string[] = [];
    await using here = payingWorld(
      async ({ id }) => {
        ids.push(id);
        if (down) throw new Error("down");
        return good;
      },
      { callAttemptsMax: 1 },
    );
    const engine = await here.start();
    const { sagaId } = await engine.send(pay);
    await here.calm();
    expect(statusOf(engine, "payer").parked.dead).toBe(1);
    down = false;
    await here.operate("payer", () => ({ redrive: true }));
    await here.pass(defaultLimits.renewMs + 2_000);
    expect(new Set(ids).size).toBe(1);
    expect(await reactions(here, sagaId)).toEqual(["pay CHARGING", "charge PAID"]);
    expect(await here.parked("payer")).toEqual([]);
  });

  it("that was redriven and takes its time does not make its participant spin", async () => {
    const slow = gate();
    let down = true;
    await using here = payingWorld(
      async () => {
        if (down) throw new Error("down");
        await slow.opened;
        return good;
      },
      { callAttemptsMax: 1 },
    );
    const engine = await here.start();
    await engine.send(pay);
    await here.calm();
    down = false;
    await here.operate("payer", () => ({ redrive: true }));
    let batches = 0;
    here.ambient.onFailpoint((name) => {
      if (name === "batch-decided" && (batches += 1) > 100) throw new Error("it spins");
    });
    await here.pass(defaultLimits.renewMs + 5_000);
    expect(batches).toBeLessThan(5);
    slow.open();
    await engine.idle({ signal: soon() });
    expect(statusOf(engine, "payer").parked.dead).toBe(0);
  });

  it("is called again with the same id after a restart, also when its retry was waiting", async () => {
    const ids: string[] = [];
    let mode: "hang" | "fail" | "work" = "hang";
    await using here = payingWorld(
      async ({ id, attempt }) => {
        ids.push(`${id} ${attempt}`);
        if (mode === "hang") await gate().opened;
        if (mode === "fail") throw new Error("down");
        return good;
      },
      { backoffMs: 10_000 },
    );
    const first = await here.start();
    const { sagaId } = await first.send(pay);
    await here.calm();
    await here.stop(first);
    mode = "fail";
    const second = await here.start();
    await here.calm();
    await here.stop(second);
    mode = "work";
    await here.start();
    await here.calm();
    expect(ids).toHaveLength(2);
    await here.pass(10_000);
    const id = `activity/payer/${sagaId}/1`;
    expect(ids).toEqual([`${id} 1`, `${id} 1`, `${id} 2`]);
    expect(await reactions(here, sagaId)).toEqual(["pay CHARGING", "charge PAID"]);
  });
});
