// Rounds and their limits: room in memory, the size of a batch, a stop in the middle.
import { describe, expect, it } from "vitest";
import { soon } from "../../../../test/soon.ts";
import { gate, statusOf, World } from "../../test/engine-world.ts";
import { type Fault, faultyDatabase } from "../../test/faulty-database.ts";
import { choreography as small } from "../../test/small-choreography.ts";
import { say, talk, talkServices } from "../../test/talk-choreography.ts";
import { fromJson } from "../contract/json/from-json.ts";
import { command } from "../contract/trigger.ts";
import { scriptedServices } from "../testing/scripted.ts";
import type { Limits } from "./message/limits.ts";

const serve = command("serve");
const ask = command("ask");
const never = new AbortController().signal;

/** Two that play the ball back and forth without end, and a third that is asked something. */
function tennis(limits: Partial<Limits>): World {
  const back = (heard: string, answered: string) => ({ on: { [heard]: [{ to: "t", emit: [answered] }] } });
  const made = fromJson(
    small({
      left: {
        initial: "s",
        states: { s: { commands: { serve: [{ to: "t", emit: ["Ping"] }] } }, t: back("Pong", "Ping") },
      },
      right: { initial: "s", states: { s: back("Ping", "Pong"), t: back("Ping", "Pong") } },
      umpire: { initial: "s", states: { s: { commands: { ask: [{ to: "t", emit: ["Asked"] }] } }, t: {} } },
      crowd: { initial: "s", states: { s: { on: { Asked: [{ to: "t" }] } }, t: {} } },
    }),
  );
  return new World({ choreography: made, services: scriptedServices(made, { choose: () => "" }), limits });
}

/** A participant that hears itself, three times over. */
function echo(): World {
  const made = fromJson(
    small({
      cave: {
        initial: "a",
        states: {
          a: { commands: { ask: [{ to: "b", emit: ["Heard"] }] } },
          b: { on: { Heard: [{ to: "c", emit: ["Heard"] }] } },
          c: { on: { Heard: [{ to: "d", emit: ["Heard"] }] } },
          d: { on: { Heard: [{ to: "e" }] } },
          e: {},
        },
      },
    }),
  );
  return new World({ choreography: made, services: scriptedServices(made, { choose: () => "" }) });
}

describe("a round", () => {
  it.each([0, 1, 3, 5])(
    "with room for %i rows between participants loses none and overtakes none, and waits for no poll",
    async (handoverRowsMax) => {
      await using here = new World({
        choreography: talk,
        services: talkServices(() => undefined),
        limits: { handoverRowsMax, batchMessagesMax: 4, pollMs: 1_000_000 },
      });
      const engine = await here.start();
      const words = Array.from({ length: 30 }, (_, n) => n);
      await Promise.all(words.map((n) => engine.send(say, { n }, { sagaId: "s" })));
      await here.calm();
      const ear = (await (await here.store("listener")).load(["s"])).get("s");
      expect(ear?.data).toEqual({ heard: words });
      expect(await here.audit()).toEqual([]);
      await engine.idle({ signal: soon() });
    },
  );

  it("comes to an end though its participants never do, and starves no other work meanwhile", async () => {
    await using here = tennis({ batchMessagesMax: 8 });
    const sizes: number[] = [];
    const slow: Fault = async ({ method, phase }) => {
      if (method !== "flush" || phase === "after") return;
      sizes.push(statusOf(engine, "right").reactions);
      await here.ambient.clock.sleep(10, never);
    };
    const engine = await here.start({ database: faultyDatabase(here.database, slow) });
    const asked: unknown[] = [];
    void engine.send(serve, { sagaId: "ball" });
    await here.pass(100);
    void engine.send(ask, { sagaId: "s" }).then((answer) => asked.push(answer.status));
    await here.pass(100);
    // It never comes to a stop by itself.
    here.abandon(engine);
    expect(asked).toEqual(["accepted"]);
    expect(await here.states("s")).toEqual({ umpire: "t", crowd: "t" });
    const steps = sizes.map((size, index) => size - (sizes[index - 1] ?? 0));
    expect(Math.max(...steps)).toBeLessThanOrEqual(8);
    expect(sizes.length).toBeGreaterThan(10);
    expect(await here.audit()).toEqual([]);
  });

  it("hands a participant what it says to itself", async () => {
    await using here = echo();
    const engine = await here.start();
    await engine.send(ask, { sagaId: "s" });
    expect(await here.states("s")).toEqual({ cave: "e" });
    expect(statusOf(engine, "cave")).toMatchObject({ reactions: 4, commits: 1 });
    await engine.idle({ signal: soon() });
    expect(await here.audit()).toEqual([]);
  });

  it.each(["drain", "dispose"] as const)("that is under way at a %s is written and answered", async (how) => {
    await using here = echo();
    const { open, opened } = gate();
    const slow: Fault = async ({ method, phase }) => {
      if (method === "flush" && phase === "before") await opened;
    };
    const engine = await here.start({ database: faultyDatabase(here.database, slow) });
    const first = engine.send(ask, { sagaId: "s" });
    await here.calm();
    const late = engine.send(ask, { sagaId: "late" });
    const stopped = how === "drain" ? engine.drain() : engine[Symbol.asyncDispose]();
    const lateAnswer = how === "drain" ? expect(late).resolves : expect(late).rejects;
    const answered = lateAnswer.toMatchObject(
      how === "drain" ? { status: "accepted" } : { code: "Q_STOPPING" },
    );
    open();
    await Promise.all([stopped, answered]);
    expect(await first).toMatchObject({ status: "accepted", state: "b" });
    expect(await here.states("s")).toEqual({ cave: "e" });
    expect(await here.states("late")).toEqual(how === "drain" ? { cave: "e" } : {});
  });
});
