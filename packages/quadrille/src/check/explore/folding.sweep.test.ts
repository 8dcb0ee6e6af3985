// Of states that differ by an exchange of participants one stands for all: the same states up to exchanges,
// the same verdict, and real paths.
import { describe, expect, it } from "vitest";
import { swept } from "../../../../../test/sweep.ts";
import { foldingDifferences } from "../../../test/folded-against-plain.ts";
import { joining } from "../../../test/joining-choreographies.ts";
import { randomExchange } from "../../../test/random-exchanges.ts";
import { reference, referenceCounts } from "../../../test/reference-choreographies.ts";
import { choreography, end } from "../../../test/small-choreography.ts";
import type { ParticipantJson } from "../../contract/json-form.ts";
import { check } from "../check.ts";
import type { CheckOptions } from "../model/bound.ts";
import { exchangesOf } from "./exchange.ts";

const modes: readonly CheckOptions[] = [
  { channel: "bag" },
  { channel: "fifo" },
  { channel: "fifo", defer: "block" },
];
/** Contracts per test, since a test has seconds. */
const batchSize = 8;
const batches = swept(
  Array.from({ length: 40 }, (_, index) => 1 + index * batchSize),
  40,
).flatMap((first) => modes.map((options) => [first, options] as const));

describe("a folded exploration", () => {
  it.each(batches)("is the plain one up to exchanges: random contracts from %i on, %o", (first, options) => {
    const seeds = Array.from({ length: batchSize }, (_, index) => first + index);
    const compared = seeds.map((seed) => [seed, foldingDifferences(randomExchange(seed), options)] as const);
    expect(compared.flatMap(([seed, found = []]) => found.map((one) => `${seed}: ${one}`))).toEqual([]);
    expect(compared.some(([, found]) => found !== undefined)).toBe(true);
  });
});

describe("participants that can be exchanged", () => {
  const namesOf = (contract: Parameters<typeof exchangesOf>[0]): readonly (readonly string[])[] =>
    exchangesOf(contract).map(({ blocks }) => blocks.map((block) => block.map(({ name }) => name).join(" ")));

  it("are found with what is theirs", () => {
    expect(namesOf(joining({ parties: 3 }))).toEqual([["P1 Answered1", "P2 Answered2", "P3 Answered3"]]);
  });

  it("are not those of which one has something to itself", () => {
    expect(namesOf(joining({ parties: 3, waits: { on: { Answered1: "ignore" } } }))).toEqual([
      ["P2 Answered2", "P3 Answered3"],
    ]);
    const whole = joining({ parties: 3 });
    const forbidden = [...whole.forbidden, { name: "first", states: { Hub: "DONE", P3: "idle" } }];
    expect(namesOf({ ...whole, forbidden })).toEqual([["P1 Answered1", "P2 Answered2"]]);
  });

  it.each(Object.keys(referenceCounts))(
    "are not found in %s, where everyone has a part of their own",
    (name) => {
      expect(namesOf(reference(name))).toEqual([]);
    },
  );
});

describe("what is wrong with one of several", () => {
  it("is said once, of one whose path is real, and that it holds for the others", () => {
    const party = (id: number): ParticipantJson => ({
      initial: "idle",
      otherwise: "omission",
      states: {
        idle: { on: { Asked: [{ to: "done", emit: [`Answered${id}`] }], Done: "ignore" } },
        done: {},
      },
    });
    const facts = ["Answered1", "Answered2", "Answered3"];
    const hub: ParticipantJson = {
      initial: "idle",
      states: {
        idle: { commands: { ask: [{ to: "ASKING", emit: ["Asked"] }] } },
        ASKING: { join: { facts, outcomes: [{ to: "DONE", emit: ["Done"] }] } },
        DONE: {},
      },
    };
    const contract = choreography(
      { Hub: hub, P1: party(1), P2: party(2), P3: party(3) },
      { ends: [end("done", { Hub: "DONE" })] },
    );
    const { findings, interchangeable } = check(contract, { fold: "always", patches: false });
    expect(interchangeable).toEqual([["P1", "P2", "P3"]]);
    const [silent, ...others] = findings.filter(({ code }) => code === "P1");
    expect(silent?.message).toMatch(
      /^Done may reach P\d in done, .*; the same holds where P1, P2 and P3 are exchanged$/,
    );
    expect(others).toEqual([]);
    expect(silent?.path.at(-1)?.participant).toBe(silent?.at.split("/")[2]);
  });
});
