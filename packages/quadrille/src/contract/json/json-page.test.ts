// The page of the JSON form names every key that is read, and its example is a contract without errors.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { check } from "../../check/check.ts";
import { parseChoreography } from "./parse-json.ts";

const page = readFileSync(new URL("../../../../../docs/reference/json-form.md", import.meta.url), "utf8");
const example: unknown = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? "");

it("has an example that is clean", () => {
  const parsed = parseChoreography(example);
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  const { findings, exhausted } = check(parsed.choreography);
  expect(exhausted).toBe(true);
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
});

/** The keys that a refusal lists, for an object of each kind with a key that does not exist. */
function keysRead(): readonly string[] {
  const strange = { strange: 1 };
  const outcome = { to: "s", ...strange };
  const state = {
    on: { E: [outcome] },
    join: { facts: ["F", "G"], outcomes: [{ to: "s" }], ...strange },
    activities: { call: [{ to: "s" }] },
    ...strange,
  };
  const participants = { A: { initial: "s", states: { s: state }, policies: { call: strange }, ...strange } };
  const tallies = { held: strange };
  const [ends, forbidden] = [
    [{ name: "e", states: { A: "s" }, ...strange }],
    [{ name: "i", never: { A: "s" }, ...strange }],
  ];
  const takes = { T: { from: "x", ...strange } };
  const parsed = parseChoreography({ name: "x", participants, ends, forbidden, takes, tallies, ...strange });
  const problems = parsed.ok ? [] : parsed.problems;
  return problems.flatMap(({ message }) => /known are (.*)$/.exec(message)?.[1]?.split(", ") ?? []);
}

it("names every key that is read", () => {
  const keys = [...new Set(keysRead())];
  expect(keys).toEqual(
    expect.arrayContaining(["policies", "fromData", "rearm", "joins", "inside", "atLeast", "$schema"]),
  );
  const unnamed = keys.filter((key) => !page.includes(`\`${key}\``) && !page.includes(`"${key}"`));
  expect(unnamed).toEqual([]);
});
