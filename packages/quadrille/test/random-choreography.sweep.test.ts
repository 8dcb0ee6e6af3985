// Random choreographies are the same for the same seed, well-formed, finite, and neither all clean nor all
// broken.
import { describe, expect, it } from "vitest";
import { resolveBound } from "../src/check/model/bound.ts";
import { judge } from "../src/check/check.ts";
import { listSentences, outcomesOf } from "../src/contract/json/sentences.ts";
import type { ChoreographyJson, CommandBudget, OutcomeJson } from "../src/contract/json-form.ts";
import { fromJson } from "../src/contract/json/from-json.ts";
import { readForm } from "../src/contract/json/parse-json.ts";
import type { JsonProblem } from "../src/contract/reading.ts";
import { wellFormed } from "../src/contract/rules/well-formed.ts";
import { messagesMax } from "./messages-max.ts";
import { randomChoreography } from "./random-choreography.ts";
import { choreography } from "./small-choreography.ts";

const contractCount = 200;
const contracts = Array.from({ length: contractCount }, (_, index) => randomChoreography(index + 1));
const explored = 100;

function share(holds: (contract: ChoreographyJson) => boolean): number {
  return contracts.filter((contract) => holds(contract)).length / contractCount;
}

const outcomes = (contract: ChoreographyJson): OutcomeJson[] => listSentences(contract).flatMap(outcomesOf);

describe("a random choreography", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(randomChoreography(7)).toEqual(contracts[6]);
    expect(new Set(contracts.map((one) => JSON.stringify({ ...one, name: "" }))).size).toBe(contractCount);
  });

  // An event emitted twice in one outcome (W14) is for the checker alone: no engine starts with it.
  it("has the form of a contract, breaks no rule but W14, and means what its text means", () => {
    for (const contract of contracts) {
      const problems: JsonProblem[] = [];
      const value: unknown = JSON.parse(JSON.stringify(contract));
      expect(readForm({ value, path: "", problems })).toEqual(contract);
      expect(problems).toEqual([]);
      const broken = wellFormed(fromJson(contract)).filter(({ severity }) => severity === "error");
      expect(broken.filter(({ code }) => code !== "W14")).toEqual([]);
    }
  });

  it("publishes at most a few messages, which were counted from the contract", () => {
    const counts = contracts.map((one) => messagesMax(one, allEvents));
    expect(counts.filter((most) => most < 8 || most > 24)).toEqual([]);
  });
});

const allEvents = ["E0", "E1", "E2", "E3", "E4"];

describe("the most messages of a contract", () => {
  const talk = (budget: CommandBudget, emit: readonly string[]): ChoreographyJson =>
    choreography(
      {
        A: { initial: "s", states: { s: { commands: { go: [{ to: "t", emit }] } }, t: {} } },
        B: { initial: "s", states: { s: { on: { E0: [{ to: "s", emit: ["E1", "E1"] }, { to: "s" }] } } } },
        C: { initial: "s", states: { s: { on: { E0: "ignore", E1: "ignore" } } } },
      },
      { commands: { go: budget } },
    );

  it.each([
    ["a copy for every subscriber", talk(1, ["E1"]), 1],
    ["what follows from each copy, by the worst outcome", talk(1, ["E0"]), 4],
    ["every emission", talk(1, ["E0", "E1"]), 5],
    ["every command", talk(3, ["E0"]), 12],
    ["an unbounded command once for each state, since it leads onward", talk("unbounded", ["E0"]), 4],
  ])("counts %s", (_, contract, most) => {
    expect(messagesMax(contract, allEvents)).toBe(most);
  });
});

describe("many of them", () => {
  it("have everything that a contract may say, each often enough", () => {
    const shares = {
      "two participants": share((one) => Object.keys(one.participants).length === 2),
      "four participants": share((one) => Object.keys(one.participants).length === 4),
      "an unbounded command": share((one) => Object.values(one.commands).includes("unbounded")),
      "a command that may come twice": share((one) => Object.values(one.commands).includes(2)),
      "a timeout": share((one) => listSentences(one).some(({ kind }) => kind === "deadline")),
      "an activity": share((one) => listSentences(one).some(({ kind }) => kind === "activity")),
      ignore: share((one) => listSentences(one).some(({ disposition }) => disposition === "ignore")),
      defer: share((one) => listSentences(one).some(({ disposition }) => disposition === "defer")),
      never: share((one) => listSentences(one).some(({ disposition }) => disposition === "never")),
      "a choice": share((one) => outcomes(one).some(({ choice }) => choice === "c1")),
      "a tally": share((one) => outcomes(one).some(({ tally }) => tally !== undefined)),
      "the same event twice at once": share((one) =>
        outcomes(one).some(({ emit = [] }) => new Set(emit).size < emit.length),
      ),
      "several subscribers": share((one) => allEvents.some((event) => takers(one, event) > 1)),
      "an end": share((one) => one.ends.length > 0),
      "a forbidden combination": share((one) => one.forbidden.length > 0),
    };
    expect(Object.entries(shares).filter(([, value]) => value < 0.1)).toEqual([]);
  });

  it.each(["bag", "fifo"] as const)(
    "are clean and broken, small and not tiny, with channels as %s",
    (channel) => {
      const runs = contracts.slice(0, explored).map((one) => judge(one, resolveBound({ channel })));
      const having = (code: string): number =>
        runs.filter(({ findings }) => findings.some((one) => one.code === code)).length / explored;
      const states = runs.map(({ exploration }) => exploration.space.states);
      const average = states.reduce((sum, count) => sum + count, 0) / explored;
      expect(runs.filter(({ exploration }) => !exploration.exhausted)).toEqual([]);
      expect(having("P1")).toBeGreaterThan(0.1);
      expect(having("P2")).toBeGreaterThan(0.1);
      expect(having("P3a")).toBeGreaterThan(0.1);
      expect(Math.max(having("P1"), having("P2"))).toBeLessThan(0.4);
      expect(states.filter((count) => count <= 5).length / explored).toBeLessThan(0.15);
      expect(average).toBeGreaterThan(50);
      expect(average).toBeLessThan(1_000);
    },
  );
});

function takers({ participants }: ChoreographyJson, event: string): number {
  return Object.values(participants).filter(({ states }) =>
    Object.values(states).some(({ on }) => on?.[event] !== undefined),
  ).length;
}
