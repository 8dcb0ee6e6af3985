// The TLA+ export is read back: its actions are the contract's, and run by an interpreter it has the
// checker's states and verdicts.
import { describe, expect, it } from "vitest";
import { contractActions } from "../../../test/contract-actions.ts";
import { parseTla } from "../../../test/parse-tla.ts";
import { randomChoreography } from "../../../test/random-choreography.ts";
import { reference, referenceCounts } from "../../../test/reference-choreographies.ts";
import { definition, disjuncts, runTla } from "../../../test/run-tla.ts";
import { readAction, type Action } from "../../../test/tla-actions.ts";
import type { Expression, Module } from "../../../test/tla-syntax.ts";
import type { ChoreographyJson } from "../../contract/json-form.ts";
import { check } from "../check.ts";
import type { FindingCode } from "../model/finding.ts";
import { toTla } from "./to-tla.ts";

const references = Object.keys(referenceCounts).map((name) => [name, reference(name)] as const);
const seeds = Array.from({ length: 60 }, (_, index) => index + 1);
const randoms = seeds.map((seed) => randomChoreography(seed));

/** Interpreting is slow: what is run has no more states than this. */
const runStatesMax = 400;

const parsed = (choreography: ChoreographyJson): Module => parseTla(toTla(choreography).module);
const sorted = (actions: readonly Action[]): string[] => actions.map((one) => JSON.stringify(one)).toSorted();

function nameOf(expression: Expression): string {
  if (expression.is !== "name" && expression.is !== "enabled")
    throw new Error(`a name, not ${expression.is}`);
  return expression.name;
}

function expectSameStructure(choreography: ChoreographyJson): void {
  const module = parsed(choreography);
  const steps = [...module.definitions.keys()].filter((name) => /^Step\d+$/.test(name));
  expect(disjuncts(definition(module, "Next")).map(nameOf)).toEqual(steps);
  expect(sorted(steps.map((name) => readAction(module, name)))).toEqual(
    sorted(contractActions(choreography)),
  );
}

describe("a TLA+ module", () => {
  const small: ChoreographyJson = {
    name: "small\nand plain",
    participants: {
      'A "a"': { initial: "s", states: { s: { commands: { go: [{ to: "t", emit: ["X"] }] } }, t: {} } },
      B: {
        initial: "s",
        states: { s: { on: { X: [{ to: "t", tally: { held: 2 } }] } }, t: { on: { X: "never" } } },
      },
    },
    commands: { go: 1 },
    publicEvents: [],
    ends: [{ name: "done", states: { B: ["t", "s"] }, tally: { held: 2 } }],
    forbidden: [{ name: "not both", states: { 'A "a"': "t", B: "t" } }],
  };

  it("has its name, what it extends, variables and limits", () => {
    const module = parsed(small);
    expect([module.name, module.extends]).toEqual(["Choreography", ["Naturals"]]);
    expect(module.variables).toEqual(["state", "messages", "budget", "tally"]);
    expect(definition(module, "Cap")).toEqual({ is: "number", value: 15 });
    expect(definition(module, "Spec")).toMatchObject({
      is: "and",
      parts: [{ name: "Init" }, { is: "always", action: "Next", variables: "vars" }],
    });
  });

  it("has the ends, the forbidden combinations, and a configuration that checks them", () => {
    const { module, config } = toTla(small);
    const definitions = parseTla(module).definitions;
    expect(definitions.get("End1")).toEqual(here('state["B"] \\in {"t", "s"} /\\ tally["held"] = 2'));
    expect(definitions.get("Invariant1")).toEqual(
      here('~(state["A \\"a\\""] \\in {"t"} /\\ state["B"] \\in {"t"})'),
    );
    const checked = [...config.matchAll(/^INVARIANT (\w+)$/gm)].map(([, name = ""]) => name);
    expect(checked).toEqual(["NoneStopped", "Ends", "NothingWaits", "Invariant1"]);
    expect(checked.filter((name) => !definitions.has(name))).toEqual([]);
  });

  it("rests when there is neither a message that would be taken, nor a deadline, nor an activity", () => {
    const resting = definition(parsed(small), "Resting");
    const wanted = 'state["B"] = "s" /\\ messages["X to B"] > 0';
    const ended = 'state["B"] = "t" /\\ messages["X to B"] > 0';
    expect(resting).toEqual(here(`NoneStopped /\\ ~((${wanted}) \\/ (${ended}))`));
  });
});

function here(expression: string): Expression {
  return definition(parseTla(`---- MODULE M ----\nHere == ${expression}\n====`), "Here");
}

describe("every action of the contract, and no other, is in the module", () => {
  it.each(references)("of %s", (_, choreography) => {
    expectSameStructure(choreography);
  });

  it(`of ${randoms.length} random contracts`, () => {
    for (const choreography of randoms) expectSameStructure(choreography);
  });
});

describe("run by an interpreter, the module has the checker's states, steps and verdicts", () => {
  /** Which findings are the breaking of which predicate. A stopped entity never rests, for the module. */
  const meanings: Readonly<Record<string, readonly FindingCode[]>> = {
    NoneStopped: ["P1", "P2"],
    NothingWaits: ["P3a"],
  };

  const expectSameRun = (choreography: ChoreographyJson): void => {
    const report = check(choreography, { channel: "bag", races: false, patches: false });
    if (report.states > runStatesMax) return;
    const stops = report.findings.some(({ code }) => code === "P1" || code === "P2");
    const invariants = choreography.forbidden.map((_, index) => `Invariant${index + 1}`);
    const run = runTla(parsed(choreography), ["NoneStopped", "NothingWaits", "Ends", ...invariants]);
    const broken = new Set(run.broken);
    expect([run.states, run.transitions]).toEqual([report.states, report.transitions]);
    for (const [predicate, codes] of Object.entries(meanings)) {
      if (predicate !== "NoneStopped" && stops) continue;
      expect([predicate, broken.has(predicate)]).toEqual([
        predicate,
        report.findings.some(({ code }) => codes.includes(code)),
      ]);
    }
    const isStrange = report.findings.some(
      ({ code, at }) => (code === "P4" && at === "/ends") || (code === "P6" && at.startsWith("/ends/")),
    );
    if (!stops) expect(["Ends", broken.has("Ends")]).toEqual(["Ends", isStrange]);
    expect(invariants.some((name) => broken.has(name))).toBe(
      report.findings.some(({ code }) => code === "P13"),
    );
  };

  it.each(references)("%s", (_, choreography) => {
    expectSameRun(choreography);
  });

  it(`${randoms.length} random contracts`, () => {
    for (const choreography of randoms) expectSameRun(choreography);
  });
});
