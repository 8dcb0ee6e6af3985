// A join that is kept as a set of bits is checked as the one that is written out in partial states, and wide
// ones in a moment.
import { describe, expect, it } from "vitest";
import { isSweep } from "../../../../test/sweep.ts";
import { joining, type Joining } from "../../test/joining-choreographies.ts";
import { writeOutJoins } from "../contract/json/write-out-joins.ts";
import type { CheckOptions } from "./model/bound.ts";
import { check } from "./check.ts";
import { explore } from "./explore/explore.ts";
import { reachableSet } from "./explore/reachable.ts";

const quick: CheckOptions = { races: false, patches: false };

const kinds: readonly (readonly [string, Omit<Joining, "parties">])[] = [
  ["all", {}],
  ["two of them", { atLeast: 2 }],
  ["one of them", { atLeast: 1 }],
  ["all, or a refusal", { refuses: true }],
  ["all, or a refusal of each", { refuses: "each" }],
  ["two of them, or a refusal", { refuses: true, atLeast: 2 }],
  ["all, and an answer that comes twice is ignored", { waits: { on: { Answered1: "ignore" } } }],
  ["all, with a deadline", { waits: { deadlines: { late: [{ to: "ASKING" }] } } }],
  ["all, and a partner that gives up forgets", { waits: { commands: { ask: [{ to: "ASKING" }] } } }],
  [
    "all, and a refusal that cannot come once the first has answered",
    { refuses: true, join: { never: { Refused: [["Answered1"]] } } },
  ],
  [
    "all, with a refusal wrongly said never to come",
    { refuses: true, join: { never: { Refused: [["Answered2"]] } } },
  ],
  ["two of them, and it may rest with fewer", { atLeast: 2, join: { rests: true }, waits: { lock: false } }],
  ["two of them, and late answers are forgotten about", { atLeast: 2, after: { on: {} } }],
];

/** Four of all kinds take longer than all the rest: with `npm test` one kind has as many. */
const numbersOf = (name: string): readonly number[] =>
  isSweep || name === "all, or a refusal of each" ? [2, 3, 4] : [2, 3];

const cases = kinds
  .flatMap(([name, kind]) =>
    numbersOf(name).map((parties) => [`${name} of ${parties}`, { parties, ...kind }] as const),
  )
  .filter(([, { parties, atLeast = 0 }]) => atLeast <= parties);

const modes: readonly (readonly [string, CheckOptions])[] = [
  ["in any order", {}],
  ["in order", { channel: "fifo" }],
  ["with every message twice", { faults: { duplicate: 1 } }],
  ["published too early", { faults: { early: 1 } }],
];

describe.each(cases)("a join of %s", (_, kind) => {
  const bits = joining(kind);
  const states = writeOutJoins(bits);

  it.each(modes)("is the same, written out or not, %s", (_mode, options) => {
    const seen = explore(bits, options);
    const wanted = explore(states, options);
    expect([seen.space.states, seen.space.transitions, seen.limit]).toEqual([
      wanted.space.states,
      wanted.space.transitions,
      wanted.limit,
    ]);
    const found = (contract: typeof bits): unknown => {
      const { findings } = check(contract, { ...quick, ...options });
      const errors = findings.filter(({ severity }) => severity === "error");
      // Errors come by code and length: of each code the shortest path is the first. Written out, a place is
      // many places.
      return new Map(errors.toReversed().map(({ code, path }) => [code, path.length]));
    };
    expect(found(bits)).toEqual(found(states));
  });

  it("is the same by stubborn sets", () => {
    const [plain, reduced] = (["never", "always"] as const).map((reduce) =>
      check(bits, { ...quick, reduce }),
    );
    const shown = (report: typeof plain): unknown => [
      report?.ends,
      [...new Set(report?.findings.map(({ code, at }) => `${code} ${at}`))].toSorted(),
    ];
    expect(shown(reduced)).toEqual(shown(plain));
    expect(reduced?.states).toBeLessThanOrEqual(plain?.states ?? 0);
  });

  it("has the same partial states for those that ask", () => {
    const wide = reachableSet(bits);
    const written = reachableSet(states);
    const seen = {
      states: { Hub: "ASKING+Answered1", P1: "done" },
      messages: [{ event: "Asked", to: "P2" }],
    };
    expect([wide.states, wide.has(seen)]).toEqual([written.states, written.has(seen)]);
  });
});

describe("a wide join", () => {
  it.each([
    [{}, "bag"],
    [{}, "fifo"],
    [{ atLeast: 2 }, "bag"],
    [{ atLeast: 2 }, "fifo"],
    [{ refuses: true }, "bag"],
    [{ refuses: true }, "fifo"],
    [{ refuses: "each" }, "bag"],
    [{ refuses: "each" }, "fifo"],
  ] as const)("of sixteen facts is checked in a moment (%j, %s)", (kind, channel) => {
    // Processor time: others may be at work as well.
    const begun = process.cpuUsage();
    const report = check(joining({ parties: 16, ...kind }), { channel });
    expect(process.cpuUsage(begun).user / 1_000).toBeLessThan(1_000);
    expect(report.exhausted).toBe(true);
    expect(report.findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(report.ends.every(({ states }) => states > 0)).toBe(true);
  });

  it("still shows what is wrong: an answer too many", () => {
    const contract = joining({ parties: 7 });
    const { participants } = contract;
    const twice = {
      initial: "idle",
      states: { idle: { on: { Asked: [{ to: "done", emit: ["Answered1"] }] } }, done: {} },
    };
    const report = check({ ...contract, participants: { ...participants, P2: twice } }, { reduce: "always" });
    expect(report.findings.map(({ code, message }) => `${code} ${message}`)).toContain(
      "P2 Answered1 reaches Hub in ASKING+Answered1, where it should never come",
    );
  });
});
