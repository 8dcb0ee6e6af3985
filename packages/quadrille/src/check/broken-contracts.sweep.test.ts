// Contracts with something broken in them, as JSON and as values: each is refused in a sentence with its
// place, or it is checked. None breaks the checker.
import { describe, expect, it } from "vitest";
import { isSweep } from "../../../../test/sweep.ts";
import { broken } from "../../test/broken-values.ts";
import { realistic } from "../../test/realistic-choreographies.ts";
import { reference } from "../../test/reference-choreographies.ts";
import type { Choreography } from "../contract/choreography.ts";
import { composeJson } from "../contract/json/compose-json.ts";
import { fromJson } from "../contract/json/from-json.ts";
import { parseChoreography } from "../contract/json/parse-json.ts";
import { toJson } from "../contract/json/to-json.ts";
import type { JsonProblem } from "../contract/reading.ts";
import { wellFormed } from "../contract/rules/well-formed.ts";
import { shapeProblem } from "../contract/value-shape.ts";
import { check } from "./check.ts";

const contracts = [
  ["create-order", reference("create-order")] as const,
  ...realistic("final").filter(([name]) => isSweep || /^(01|06|09|13|15)/.test(name)),
];
const seeds = isSweep ? 2_000 : 60;
const small = { states: 200, plain: 200 };
const isSentence = ({ path, message }: JsonProblem): boolean =>
  /^$|^\//.test(path) && /^[^\n]{10,}$/.test(message) && !message.includes("[object");

describe.each(contracts)("%s, broken,", (_, contract) => {
  it("is refused in a sentence or checked, as JSON", () => {
    for (let seed = 1; seed <= seeds; seed++) {
      const json: unknown = JSON.parse(JSON.stringify(broken(contract, seed)));
      const [parsed, composed] = [parseChoreography(json), composeJson([json, json])];
      for (const one of [parsed, composed]) if (!one.ok) expect(one.problems.every(isSentence)).toBe(true);
      if (parsed.ok) expect(check(parsed.choreography, { bound: small }).states).toBeGreaterThan(0);
    }
  });

  it("is refused in a sentence or checked, as a value", () => {
    const value = fromJson(contract);
    for (let seed = 1; seed <= seeds; seed++) {
      const one = broken(value, seed);
      const problem = shapeProblem(one);
      if (problem !== undefined) expect(isSentence(problem)).toBe(true);
      else judge(one as Choreography);
    }
  });
});

function judge(value: Choreography): void {
  const found = wellFormed(value).filter(({ severity }) => severity === "error");
  for (const { at, message } of found) expect(isSentence({ path: at, message })).toBe(true);
  if (found.length === 0) expect(check(toJson(value), { bound: small }).states).toBeGreaterThan(0);
}
