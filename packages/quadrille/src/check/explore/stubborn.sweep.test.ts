// Exploration by stubborn sets has the verdict of plain exploration, everywhere where it says so.
import { describe, expect, it } from "vitest";
import { isSweep, swept } from "../../../../../test/sweep.ts";
import { type CheckOptions, resolveBound } from "../model/bound.ts";
import { check, judge, type Report } from "../check.ts";
import { explore } from "./explore.ts";
import { listMutants } from "../mutants.ts";
import { withOneCommand, withPairsForbidden, withSlips } from "../../../test/contract-variants.ts";
import { findingExamples } from "../../../test/finding-examples.ts";
import { randomChoreography } from "../../../test/random-choreography.ts";
import { randomJoin } from "../../../test/random-joins.ts";
import { compareReduction, type Comparison } from "../../../test/reduced-against-plain.ts";
import { asPublished, reference, referenceCounts } from "../../../test/reference-choreographies.ts";
import { choreography, end } from "../../../test/small-choreography.ts";
import type { ChoreographyJson, StateJson } from "../../contract/json-form.ts";

const references = Object.keys(referenceCounts);

/** Products of random contracts with more states than this are left out: comparing must stay quick. */
const smallStates = 1_500;

/** Everything in which they differ, with the contract in which they do; and how much there was to compare. */
function compareAll(cases: readonly (readonly [string, ChoreographyJson, CheckOptions])[]): {
  readonly differences: readonly string[];
  readonly compared: number;
  readonly codes: ReadonlySet<string>;
} {
  const results = cases.map(([name, contract, options]): readonly [string, Comparison] => [
    `${name} ${JSON.stringify(options)}`,
    compareReduction(contract, { ...asPublished, ...options }),
  ]);
  const compared = results.filter(([, { isReduced }]) => isReduced);
  return {
    differences: compared.flatMap(([name, { differences }]) => differences.map((one) => `${name}: ${one}`)),
    compared: compared.length,
    codes: new Set(compared.flatMap(([, { codes }]) => codes)),
  };
}

describe("explored by stubborn sets, the verdict is the plain one", () => {
  it.each(references)("of %s: one saga in every channel, and two sagas", (name) => {
    const contract = reference(name);
    const options: CheckOptions[] = [
      { channel: "bag" },
      { channel: "fifo" },
      { channel: "fifo", defer: "block" },
      { channel: "partition" },
      { channel: "partition", defer: "block" },
      // Two of a lifecycle have 83,521 states.
      ...(isSweep || !name.includes("deadline") ? [{ sagas: 2 }] : []),
    ];
    const { differences, compared } = compareAll(options.map((one) => [name, contract, one]));
    expect(differences).toEqual([]);
    expect(compared).toBe(options.length);
  });

  const small = ["create-order-1-as-published", "create-order-3-order-listens", "create-order"];
  const sharing = ["Order", "Consumer", "Kitchen", "Accounting"].flatMap((participant) =>
    small.map((name) => [name, participant] as const),
  );
  it.each(swept(sharing, 2))("of two sagas of %s that share %s", (name, participant) => {
    const options: CheckOptions = { sagas: 2, shared: [participant] };
    const contract = reference(name);
    const { differences, compared } = compareAll([
      [name, contract, options],
      ...(name === "create-order" ? [] : [[name, contract, { ...options, channel: "fifo" }] as const]),
    ]);
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(0);
  });

  it("of the examples of every code, and of their twins", () => {
    const contracts = Object.entries(findingExamples).flatMap(([code, { shows, clean }]) => [
      [code, shows] as const,
      [`the twin of ${code}`, clean] as const,
    ]);
    const { differences, compared, codes } = compareAll(
      contracts.flatMap(([name, contract]) => [
        [name, contract, {}],
        [name, contract, { sagas: 2 }],
        [name, contract, { sagas: 2, shared: ["B"] }],
        [name, contract, { channel: "fifo", defer: "block" }],
      ]),
    );
    expect(differences).toEqual([]);
    // That of P3c cannot come to rest and is explored plainly, unless two sagas that share B stop it.
    expect(compared).toBe(contracts.length * 4 - 3);
    expect([...codes].toSorted()).toEqual(
      Object.keys(findingExamples)
        .filter((code) => code !== "P3c" && code !== "P9" && code !== "P15")
        .toSorted(),
    );
  });

  it("of slips in create-order, and of some in a shared Kitchen", () => {
    const slips = listMutants(reference("create-order"));
    const { differences } = compareAll([
      ...swept(slips, 15).map(
        ({ description, choreography: slip }) => [description, slip, { bound: { cap: 3 } }] as const,
      ),
      ...slips
        .filter((_, index) => index % (isSweep ? 40 : 120) === 0)
        .map(({ description, choreography: slip }) => {
          return [description, slip, { sagas: 2, shared: ["Kitchen"], bound: { cap: 3 } }] as const;
        }),
    ]);
    expect(differences).toEqual([]);
  });
});

describe("of random joins, whose facts come twice and from several producers", () => {
  it.each([
    { channel: "bag" },
    { channel: "fifo" },
    { channel: "fifo", defer: "block" },
    { channel: "partition" },
  ] as const)("with %o", (options) => {
    const seeds = swept(
      Array.from({ length: 100 }, (_, index) => index + 701),
      10,
    );
    const { differences, compared } = compareAll(
      seeds.map((seed) => [`join ${seed}`, randomJoin(seed), options]),
    );
    expect(differences).toEqual([]);
    expect(compared).toBe(seeds.length);
  });
});

/** Contracts per test, since a test has seconds. */
const batchSize = 20;
const batches = swept(
  Array.from({ length: 12 }, (_, index) => index * batchSize + 1),
  12,
);

describe("of random contracts, too", () => {
  it.each(batches)("from seed %i on", (first) => {
    const seeds = Array.from({ length: batchSize }, (_, index) => first + index);
    const { differences, compared } = compareAll(seeds.flatMap(casesOf));
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(batchSize * 2);
  });
});

/** One saga of each contract, and some of the other ways: another few for each seed. */
function casesOf(seed: number): (readonly [string, ChoreographyJson, CheckOptions])[] {
  const plain = randomChoreography(seed);
  const contract = seed % 3 === 0 ? withSlips(plain, seed) : plain;
  const names = Object.keys(contract.participants);
  const shared = [0, seed % 2].map((by) => names[(seed + by) % names.length] ?? "");
  const ways: (readonly [string, ChoreographyJson, CheckOptions])[] = [
    ["two sagas", contract, { sagas: 2 }],
    ["shared", contract, { sagas: 2, shared }],
    ["in order", contract, { channel: "fifo" }],
    ["one partition", contract, { channel: "partition", defer: "block" }],
    ["shared, in order", contract, { sagas: 2, shared, channel: "fifo" }],
    ["small caps", contract, { bound: { cap: 2 } }],
    ["one command", withOneCommand(contract, 1 + (seed % 3)), {}],
    ["every pair", withPairsForbidden(contract), {}],
    ["three sagas", contract, { sagas: 3, shared }],
  ];
  const some = ways.filter((_, index) => (index + seed) % 3 === 0);
  return [["one saga", contract, {}] as const, ...some].flatMap(([name, one, options]) => {
    const bound = { states: smallStates, ...options.bound };
    const isSmall = explore(one, { ...asPublished, ...options, reduce: "never", bound }).limit !== "states";
    return isSmall ? [[`${seed} ${name}`, one, options] as const] : [];
  });
}

describe("stubborn sets", () => {
  const withDeadline = reference("order-lifecycle-with-deadline");

  it("explore each of independent sagas between the states of rest of the others", () => {
    const { space, exhausted } = explore(withDeadline, { ...asPublished, sagas: 3, reduce: "always" });
    expect([space.states, space.transitions, exhausted]).toEqual([45_849, 79_143, true]);
  });

  it("find what is wrong with a product that is too large without", () => {
    const contract = reference("create-order-3-order-listens");
    const report = judge(contract, resolveBound({ sagas: 3, bound: { plain: 1_000 } }));
    expect(report.exploration).toMatchObject({ isReduced: true, exhausted: true });
    const errorsOf = ({ findings }: Pick<Report, "findings">): string[] =>
      findings
        .flatMap(({ severity, code, at }) => (severity === "error" ? [`${code} ${at}`] : []))
        .toSorted();
    expect(errorsOf(report)).toEqual(errorsOf(judge(contract, resolveBound())));
    expect(errorsOf(report).length).toBeGreaterThan(0);
  });

  it("take the shortest path to a state of rest, as without", () => {
    const { shows } = findingExamples.P5;
    const [plain, reduced] = (["never", "always"] as const).map((reduce) =>
      check(shows, { reduce, sagas: 2 }).findings.find(({ code }) => code === "P5"),
    );
    expect(reduced?.path).toHaveLength(plain?.path.length ?? 0);
  });

  it("begin where plain exploration outgrows its bound, and not before", () => {
    const of = (bound: { readonly plain: number; readonly states?: number }): object => {
      const { space, isReduced, limit } = explore(withDeadline, { ...asPublished, sagas: 2, bound });
      return { states: space.states, isReduced, limit };
    };
    expect(of({ plain: 289 * 289 })).toEqual({ states: 289 * 289, isReduced: false, limit: undefined });
    expect(of({ plain: 80_000 })).toEqual({ states: 3_377, isReduced: true, limit: undefined });
    expect(of({ plain: 80_000, states: 80_000 })).toMatchObject({ isReduced: false, limit: "states" });
    expect(of({ plain: 1_000, states: 2_000 })).toMatchObject({ isReduced: true, limit: "states" });
  });

  it("are never used where that is wished, or where there are faults", () => {
    const bound = { plain: 10 };
    expect(explore(withDeadline, { reduce: "never", bound }).isReduced).toBe(false);
    expect(explore(withDeadline, { reduce: "always", faults: { lost: 1 } }).isReduced).toBe(false);
  });

  it("are given up where some state cannot come to rest, and the rest is explored plainly", () => {
    const { shows } = findingExamples.P3c;
    const report = check(shows, { reduce: "always" });
    expect(report).toMatchObject({ reduced: false, exhausted: true, states: check(shows).states });
    expect(report.findings.map(({ code }) => code)).toContain("P3c");
  });

  it("still find that something cannot come to rest where plain exploration finds no end", () => {
    const { shows } = findingExamples.P3c;
    const bound = { plain: 10, states: 60 };
    const report = judge(shows, resolveBound({ sagas: 3, bound }));
    expect(report.exploration).toMatchObject({ isReduced: true, exhausted: false, limit: "rest" });
    expect(report.exploration.space.states).toBeLessThan(bound.states);
    expect(report.findings.map(({ code }) => code)).toContain("P3c");
  });

  it("serve where a cycle can be left for a state of rest", () => {
    const report = check(findingExamples.P3b.shows, { reduce: "always" });
    expect(report.reduced).toBe(true);
    expect(report.findings.map(({ code }) => code)).toContain("P3b");
  });

  it("say that races between ends are not judged", () => {
    const { findings } = check(findingExamples.P10.shows, { reduce: "always" });
    expect(findings.filter(({ code }) => code === "P10").map(({ message }) => message)).toEqual([
      "races were not judged: explored by stubborn sets, not every order is there",
    ]);
  });
});

/** A publishes to B and C at once; the tests vary what they do. D subscribes to both. */
function publishing(
  b: Readonly<Record<string, StateJson>>,
  c: Readonly<Record<string, StateJson>>,
  tally: Readonly<Record<string, number>> = {},
): ChoreographyJson {
  return choreography(
    {
      A: { initial: "s", states: { s: { commands: { go: [{ to: "t", emit: ["X", "Y"], tally }] } }, t: {} } },
      B: { initial: "s", states: b },
      C: { initial: "s", states: c },
      D: {
        initial: "s",
        states: {
          s: { on: { P: [{ to: "p" }], Q: [{ to: "q" }] } },
          p: { on: { Q: "ignore" } },
          q: { on: { P: "ignore" } },
        },
      },
    },
    { ends: [end("all", {})] },
  );
}

const lowers = (event: string, emit: readonly string[]): Readonly<Record<string, StateJson>> => ({
  s: { on: { [event]: [{ to: "t", emit, tally: { held: -1 } }] } },
  t: {},
});

describe("orders that decide what is seen are all taken", () => {
  it("of two that race for the last unit of a tally", () => {
    const contract = publishing(lowers("X", ["P"]), lowers("Y", ["Q"]), { held: 1 });
    const { differences, codes } = compareReduction(contract, {});
    expect(differences).toEqual([]);
    expect(codes).toContain("P6");
  });

  it("of one that raises a tally and one that lowers it too early", () => {
    const raises = { s: { on: { X: [{ to: "t", emit: ["P"], tally: { held: 1 } }] } }, t: {} };
    const { differences, codes } = compareReduction(publishing(raises, lowers("Y", ["Q"])), {});
    expect(differences).toEqual([]);
    expect(codes).toContain("P6");
  });

  it("of two calls of an entity that stays where it is", () => {
    const calls = (event: string): StateJson["on"] => ({ [event]: [{ to: "s", tally: { held: 1 } }] });
    const contract = publishing(
      { s: { on: { ...calls("X"), ...calls("Y") } } },
      { s: { on: { X: "ignore" } } },
    );
    const { differences, codes } = compareReduction(contract, asPublished);
    expect(differences).toEqual([]);
    expect(codes).toContain("P16");
  });
});

describe("below zero", () => {
  it("beside a stopped entity does not hide below zero elsewhere", () => {
    const contract = choreography(
      {
        A: {
          initial: "s",
          states: { s: { commands: { go: [{ to: "t", emit: ["Bad", "Late"] }] } }, t: {} },
        },
        B: { initial: "s", states: { s: { on: { Bad: "never" } } } },
        C: {
          initial: "s",
          states: {
            s: { on: { Late: [{ to: "t", emit: ["Back"] }] } },
            t: { on: { Back: [{ to: "u", tally: { held: -1 } }] } },
            u: {},
          },
        },
      },
      { ends: [end("all", {})] },
    );
    for (const reduce of ["never", "always"] as const) {
      const { findings } = check(contract, { reduce });
      expect(findings.filter(({ code }) => code === "P6").map(({ message }) => message)).toEqual([
        "Back at C in t would bring held below zero",
      ]);
    }
  });
});
