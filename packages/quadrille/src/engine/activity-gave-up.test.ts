// A call that is given up takes the outcome that its contract declares for that.
import { describe, expect, it } from "vitest";
import { soon } from "../../../../test/soon.ts";
import { begin, givingUpWorld } from "../../test/calling-choreography.ts";
import { gate, statusOf, type World } from "../../test/engine-world.ts";
import { NonRetryableError } from "../errors.ts";

const hour = 3_600_000;

async function timeline(here: World, sagaId: string): Promise<readonly unknown[]> {
  return (await (await here.store("caller")).timeline(sagaId)).map(
    ({ kind, trigger, outcome, to, emitted }) => [kind, trigger, outcome, to, emitted],
  );
}

describe("a call that is given up", () => {
  it.each([
    { how: "its attempts are used up", policy: { attempts: 3 }, error: new Error("down"), attempts: 3 },
    { how: "its time is used up", policy: { giveUpAfter: "1ms" }, error: new Error("down"), attempts: 2 },
    {
      how: "it says that another attempt cannot help",
      policy: {},
      error: new NonRetryableError("closed"),
      attempts: 1,
    },
  ] as const)("takes its declared outcome when $how", async ({ policy, error, attempts }) => {
    let calls = 0;
    const run = (): Promise<never> => {
      calls += 1;
      return Promise.reject(error);
    };
    await using here = givingUpWorld({ run, policy });
    const engine = await here.start();
    const { sagaId } = await engine.send(begin);
    await here.pass(hour);
    expect(calls).toBe(attempts);
    const data = { why: error.message, attempts };
    expect(await timeline(here, sagaId)).toEqual([
      ["command", "begin", "", "CALLING", []],
      ["activity", "ask", "gave up", "FAILED", [{ event: "GivenUpOn", data }]],
    ]);
    expect((await engine.saga(sagaId).ended({ signal: soon() }))?.end).toBe("failed");
    expect(await here.parked("caller")).toEqual([]);
    expect(here.ambient.logged).toEqual([]);
    expect(await here.audit()).toEqual([]);
  });

  it("is not made again because the handler of that outcome throws, nor after a restart", async () => {
    let calls = 0;
    let isBroken = true;
    await using here = givingUpWorld({
      run: async () => {
        calls += 1;
        throw new NonRetryableError("closed");
      },
      judge: () => {
        if (isBroken) throw new Error("a bug in the handler");
      },
      limits: { attemptsMax: 1 },
    });
    const engine = await here.start();
    const { sagaId } = await engine.send(begin);
    await here.pass(hour);
    expect(await here.parked("caller")).toMatchObject([
      { reason: "dead", error: { code: "Q_HANDLER_THREW" } },
    ]);
    await here.stop(engine);
    isBroken = false;
    await here.operate("caller", () => ({ redrive: true }));
    await here.start();
    await here.pass(1_000);
    expect(calls).toBe(1);
    expect(await here.states(sagaId)).toEqual({ caller: "FAILED" });
    expect(await here.parked("caller")).toEqual([]);
  });

  it("and answers all the same after that changes nothing", async () => {
    const slow = gate();
    await using here = givingUpWorld({
      run: async () => {
        await slow.opened;
        return { answer: "too late" };
      },
      policy: { attempts: 1, timeLimit: "1s" },
    });
    const engine = await here.start();
    const { sagaId } = await engine.send(begin);
    await here.pass(2_000);
    expect(await here.states(sagaId)).toEqual({ caller: "FAILED" });
    slow.open();
    await here.pass(2_000);
    expect(await here.states(sagaId)).toEqual({ caller: "FAILED" });
    expect(statusOf(engine, "caller")).toMatchObject({ activitiesRunning: 0, trouble: undefined });
  });
});
