// The explorer counts exactly: states, transitions, channels, bounds and faults.
import { describe, expect, it } from "vitest";
import { check } from "../check.ts";
import type { CheckOptions } from "../model/bound.ts";
import { explore } from "./explore.ts";
import { programOf, inOrder, listAll } from "./program.ts";
import type { Step } from "./step.ts";
import { asPublished, reference, referenceCounts } from "../../../test/reference-choreographies.ts";
import { choreography } from "../../../test/small-choreography.ts";

describe("the reference choreographies", () => {
  it.each(Object.entries(referenceCounts))(
    "%s has its exact states and transitions",
    (name, [states, transitions]) => {
      const { space, exhausted } = explore(reference(name), asPublished);
      expect([space.states, space.transitions, exhausted]).toEqual([states, transitions, true]);
    },
  );

  it("two independent sagas have the square of the states, and twice the moves from each", () => {
    const { space } = explore(reference("order-lifecycle-with-deadline"), { ...asPublished, sagas: 2 });
    expect([space.states, space.transitions]).toEqual([289 * 289, 2 * 289 * 810]);
  });
});

describe("steps", () => {
  it("are listed when their message first meets the state, and all of them when they are asked for", () => {
    const { program, space } = explore(reference("create-order"), asPublished);
    const used = program.steps.filter((_, index) => (space.firstUse[index] ?? -1) >= 0);
    expect(program.steps.length).toBe(used.length);
    const partly = [...program.steps];
    listAll(program);
    expect(program.steps.slice(0, partly.length)).toEqual(partly);
    const whole = programOf(program.world, new Map());
    listAll(whole);
    const text = ({ kind, instance, row, trigger, to }: Step): string =>
      [kind, instance.name, row, trigger, to].join(" ");
    expect(inOrder(program).flatMap((index) => program.steps.slice(index, index + 1).map(text))).toEqual(
      whole.steps.map(text),
    );
    expect(whole.steps.length).toBeGreaterThan(used.length);
  });
});

describe("room in queues", () => {
  const narrow = { reduce: "never" } as const;

  it.each(Object.keys(referenceCounts))("at first changes nothing in the report of %s", (name) => {
    const { bound: _roomy, ...report } = check(reference(name));
    const { bound: _narrow, ...expected } = check(reference(name), narrow);
    expect(report).toEqual(expected);
  });

  it("at first does not lengthen the path to what grows", () => {
    const grows = choreography({
      A: { initial: "s", states: { s: { commands: { go: [{ to: "s", emit: ["X"] }] } } } },
      B: { initial: "s", states: { s: { on: { X: "ignore" } } } },
    });
    const unbounded = { ...grows, commands: { go: "unbounded" as const } };
    const paths = (options: CheckOptions): number[] =>
      check(unbounded, options).findings.flatMap(({ code, path }) => (code === "P8" ? [path.length] : []));
    expect(paths({})).toEqual([2]);
    expect(paths(narrow)).toEqual([2]);
  });
});

describe("channels", () => {
  const overtaking = choreography({
    A: { initial: "s", states: { s: { commands: { go: [{ to: "t", emit: ["X", "Y"] }] } }, t: {} } },
    B: {
      initial: "s",
      states: { s: { on: { X: [{ to: "x" }], Y: "defer" } }, x: { on: { Y: [{ to: "y" }] } }, y: {} },
    },
  });

  it("a bag lets a later message overtake, and deferring keeps it where it is", () => {
    expect(explore(overtaking, { channel: "bag" }).space).toMatchObject({ states: 4, transitions: 3 });
  });

  it("an order holds up what is behind", () => {
    const early = choreography({
      A: { initial: "s", states: { s: { commands: { go: [{ to: "t", emit: ["Y", "X"] }] } }, t: {} } },
      B: overtaking.participants["B"] ?? { initial: "", states: {} },
    });
    const block = explore(early, { channel: "fifo", defer: "block" });
    expect(block.space).toMatchObject({ states: 2, transitions: 1 });
    const stash = explore(early, { channel: "fifo", defer: "stash" });
    expect(stash.space).toMatchObject({ states: 5, transitions: 4 });
  });

  it("one partition keeps the order of different producers, a queue for each producer does not", () => {
    const chain = choreography({
      A: { initial: "s", states: { s: { commands: { go: [{ to: "t", emit: ["X", "Y"] }] } }, t: {} } },
      B: { initial: "s", states: { s: { on: { X: [{ to: "t", emit: ["Z"] }] } }, t: {} } },
      C: {
        initial: "s",
        states: {
          s: { on: { Y: [{ to: "y" }], Z: [{ to: "z" }] } },
          y: { on: { Z: "ignore" } },
          z: { on: { Y: "ignore" } },
        },
      },
    });
    const reaches = (channel: "fifo" | "partition", state: number): boolean => {
      const { space, program } = explore(chain, { channel });
      return program.steps.some(
        (step, index) =>
          step.to === state &&
          step.from !== state &&
          step.instance.name === "C" &&
          (space.firstUse[index] ?? -1) >= 0,
      );
    };
    expect([reaches("fifo", 1), reaches("fifo", 2)]).toEqual([true, true]);
    expect([reaches("partition", 1), reaches("partition", 2)]).toEqual([true, false]);
  });
});

describe("sagas that share an entity", () => {
  const visits = choreography({
    A: { initial: "s", states: { s: { commands: { go: [{ to: "t", emit: ["X"] }] } }, t: {} } },
    B: {
      initial: "0",
      states: { "0": { on: { X: [{ to: "1" }] } }, "1": { on: { X: [{ to: "2" }] } }, "2": {} },
    },
  });

  it("have no order among each other: a lane is a saga's own", () => {
    const counts = (["bag", "fifo", "partition"] as const).map((channel) => {
      const { space } = explore(visits, { sagas: 2, shared: ["B"], channel });
      return [space.states, space.transitions];
    });
    expect(counts[1]).toEqual(counts[0]);
    expect(counts[2]).not.toEqual(counts[0]);
  });
});

describe("bounds", () => {
  it("stops at the bound of states and says so", () => {
    const run = explore(reference("order-lifecycle"), { ...asPublished, bound: { states: 50 } });
    expect(run).toMatchObject({ exhausted: false, limit: "states" });
    expect(run.space.states).toBeLessThan(80);
  });

  it("stops at the bound of bytes and says so", () => {
    const run = explore(reference("order-lifecycle-with-deadline"), {
      ...asPublished,
      sagas: 2,
      bound: { bytes: 300_000 },
    });
    expect(run).toMatchObject({ exhausted: false, limit: "bytes" });
  });

  const pump = choreography(
    {
      A: { initial: "s", states: { s: { commands: { go: [{ to: "s", emit: ["X"] }] } } } },
      B: { initial: "s", states: { s: { on: { X: "ignore" } } } },
    },
    { commands: { go: "unbounded" } },
  );

  it("a channel that grows for ever reaches its cap, which is not a silent cut", () => {
    const run = explore(pump, { channel: "bag", bound: { cap: 5 } });
    expect(run).toMatchObject({ exhausted: false, limit: "cap" });
    expect(run.space).toMatchObject({ states: 6, transitions: 10 });
    expect(run.overflows.map((one) => one.channel.key.split('"')[3])).toEqual(["X"]);
  });

  it("so does a queue", () => {
    const run = explore(pump, { channel: "fifo", bound: { cap: 5 } });
    expect(run).toMatchObject({ exhausted: false, limit: "cap" });
    expect(run.space).toMatchObject({ states: 6, transitions: 10 });
  });

  it("a budget of commands is part of the state, an unbounded one is not", () => {
    const ping = (budget: number | "unbounded") =>
      choreography(
        {
          A: {
            initial: "s",
            states: { s: { commands: { go: [{ to: "t" }] } }, t: { commands: { go: [{ to: "s" }] } } },
          },
        },
        { commands: { go: budget } },
      );
    expect(explore(ping("unbounded")).space).toMatchObject({ states: 2, transitions: 2 });
    expect(explore(ping(3)).space).toMatchObject({ states: 4, transitions: 3 });
    expect(explore(ping(0)).space).toMatchObject({ states: 1, transitions: 0 });
  });
});

describe("what is not said, and never", () => {
  it("takes the message, stops its entity, and lets the others go on", () => {
    const run = explore(
      choreography({
        A: { initial: "s", states: { s: { commands: { go: [{ to: "t", emit: ["X", "Y"] }] } }, t: {} } },
        B: { initial: "s", states: { s: { on: { X: "never" } }, t: { on: { Y: "ignore" } } } },
        C: { initial: "s", states: { s: { on: { X: [{ to: "t" }] } }, t: {} } },
      }),
      { channel: "bag" },
    );
    // Stopped by X or by Y, with C before and after its own X; then nothing is taken by B any more.
    expect(run.space).toMatchObject({ states: 7, transitions: 8 });
  });
});

describe("a packed state", () => {
  it("has short queues side by side", () => {
    const { program } = explore(reference("create-order"), { channel: "fifo" });
    const queues = [...program.layout.queues.values()];
    expect(queues.length).toBeGreaterThan(2);
    expect(program.words).toBeLessThan(queues.length / 2);
  });

  it("has words of its own for a long queue, beside which a short one is not touched", () => {
    const kinds = ["K1", "K2", "K3", "K4"];
    const all = Object.fromEntries(kinds.map((kind) => [kind, "ignore" as const]));
    const burst = [...kinds, ...kinds, ...kinds, "Last"];
    const many = choreography({
      A: { initial: "s", states: { s: { commands: { go: [{ to: "t", emit: burst }] } }, t: {} } },
      B: { initial: "s", states: { s: { on: { ...all, Last: [{ to: "t" }] } }, t: {} } },
      C: { initial: "s", states: { s: { on: { Last: [{ to: "t" }] } }, t: {} } },
    });
    const { program, space, exhausted } = explore(many, { channel: "fifo" });
    const words = [...program.layout.queues.values()].map((queue) => queue.words);
    expect(words.toSorted((a, b) => a - b)).toEqual([1, 2]);
    // Before the command, then B with 13 to 0 messages taken, each with C before and after its own.
    expect([space.states, exhausted]).toEqual([1 + 14 * 2, true]);
  });
});

describe("fault twins", () => {
  const relay = choreography({
    A: { initial: "s", states: { s: { commands: { go: [{ to: "t", emit: ["X"] }] } }, t: {} } },
    B: { initial: "s", states: { s: { on: { X: [{ to: "t", emit: ["Y"] }] } }, t: { on: { X: "ignore" } } } },
    C: { initial: "s", states: { s: { on: { Y: [{ to: "t" }] } }, t: { on: { Y: "ignore" } } } },
  });

  it.each([
    ["duplicate", 9, 10],
    ["lost", 6, 5],
    ["early", 16, 20],
    ["effect", 4, 3],
  ] as const)("one %s has its exact states and transitions", (fault, states, transitions) => {
    expect(explore(relay).space).toMatchObject({ states: 4, transitions: 3 });
    expect(explore(relay, { faults: { [fault]: 1 } }).space).toMatchObject({ states, transitions });
  });
});
