// The parts of the cross-check that need no SPIN: reading its report, summing up, saying how to see a
// disagreement again.
import { describe, expect, it } from "vitest";
import { elsewhereCases, inTurn, randomCases, referenceCases } from "./crosscheck/cases.ts";
import type { Comparison } from "./crosscheck/compare.ts";
import { describeDisagreement, resultTable, summarize } from "./crosscheck/report.ts";
import { readVerifier } from "./crosscheck/spin.ts";

const spinReport = `pan:1: assertion violated (0>((0+11)+2)) (at depth 1)
pan:3: assertion violated (((1+1)+2)<0) (at depth 4)
pan:6: assertion violated (((0+1)+2)<0) (at depth 4)
pan:7: assertion violated (0>((0+11)+2)) (at depth 1)

(Spin Version 6.5.2 -- 6 December 2019)

State-vector 12 byte, depth reached 4, errors: 6
        6 states, stored
        3 states, matched
        9 transitions (= stored+matched)
        0 atomic steps
`;

describe("a verifier's report", () => {
  it("is read for its counts, and for each place once", () => {
    expect(readVerifier(spinReport)).toEqual({
      states: 6,
      transitions: 9,
      unsaid: ["0.1.2", "1.1.2"],
      never: ["0.11.2"],
    });
  });

  it.each(["error: max search depth too small", "Warning: Search not completed", "pan: out of memory"])(
    "is refused when it says: %s",
    (line) => {
      expect(() => readVerifier(`${line}\n${spinReport}`)).toThrow(line);
    },
  );

  it("is refused without counts", () => {
    expect(() => readVerifier("Segmentation fault")).toThrow('no "states, stored"');
  });
});

const verdict = { states: 3, transitions: 2, P1: [], P2: ["/participants/A/states/s/on/X"] };
const agreeing: Comparison = {
  name: "random 7",
  seed: 7,
  channel: "bag",
  checker: verdict,
  spin: verdict,
  agrees: true,
};
const differing: Comparison = {
  ...agreeing,
  channel: "fifo",
  cap: 2,
  spin: { ...verdict, states: 4 },
  agrees: false,
};
const named: Comparison = {
  name: "create-order",
  channel: "bag",
  checker: verdict,
  spin: verdict,
  agrees: true,
};

describe("the results", () => {
  it("agree only where all do", () => {
    expect(summarize([named, agreeing]).agrees).toBe(true);
    expect(summarize([named, agreeing, differing]).agrees).toBe(false);
  });

  it("are a table: the named one by one, the random ones summed up", () => {
    const results = [named, agreeing, differing];
    expect(resultTable(results, summarize(results)).split("\n")).toEqual([
      "contract            channels  states  transitions  P1  P2  SPIN",
      "create-order        bag            3            2   0   1  agrees",
      "1 random contracts  bag            3            2   0   1  agrees",
      "1 random contracts  fifo           3            2   0   1  DIFFERS on 1",
      "",
      "P1, P2: places of the contract that break it; of random contracts, how many have one.",
      "The checker and SPIN disagree on 1 of 3 comparisons.",
    ]);
  });

  it("say of a disagreement what each says, and how to see it again", () => {
    expect(describeDisagreement(differing).split("\n")).toEqual([
      "random 7 (fifo): the checker and SPIN disagree",
      "  checker: 3 states, 2 transitions, P1 nowhere, P2 /participants/A/states/s/on/X",
      "  SPIN:    4 states, 2 transitions, P1 nowhere, P2 /participants/A/states/s/on/X",
      "  again:   npm run crosscheck -- --contracts 1 --seed 7 --cap 2",
    ]);
    const reduced = { P1: [], P2: [] };
    expect(describeDisagreement({ ...named, reduced }).split("\n")).toContain(
      "  reduced: P1 nowhere, P2 nowhere",
    );
  });
});

describe("the cases", () => {
  it("are the nine, and every random contract in both modes", () => {
    expect(referenceCases()).toHaveLength(9);
    expect(randomCases(5, 2).map(({ seed, channel }) => [seed, channel])).toEqual([
      [5, "bag"],
      [5, "fifo"],
      [6, "bag"],
      [6, "fifo"],
    ]);
  });

  it("with an event from elsewhere have no participant that emits it", () => {
    const cases = elsewhereCases(1, 20);
    expect(cases.length).toBeGreaterThan(30);
    for (const { choreography } of cases) {
      const [taken = ""] = Object.keys(choreography.takes ?? {});
      const text = JSON.stringify(choreography.participants);
      expect(text).toContain(`"${taken}":`);
      expect(
        [...text.matchAll(/"emit":\[[^\]]*\]/g)].filter(([emit]) => emit.includes(`"${taken}"`)),
      ).toEqual([]);
    }
  });

  it("are worked off two at a time, with results in their order", async () => {
    let running = 0;
    let most = 0;
    const results = await inTurn(randomCases(1, 4), async ({ name, channel }) => {
      most = Math.max(most, ++running);
      // Every second one takes longer.
      for (let turn = 0; turn < (channel === "bag" ? 9 : 1); turn++) await Promise.resolve();
      running--;
      return { ...agreeing, name, channel };
    });
    expect(most).toBe(2);
    expect(results.map(({ name, channel }) => `${name} ${channel}`)).toEqual(
      randomCases(1, 4).map(({ name, channel }) => `${name} ${channel}`),
    );
  });
});
