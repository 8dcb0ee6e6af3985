// Every rule of well-formedness: a contract that breaks it, and its clean twin.
import { describe, expect, it } from "vitest";
import { Cooked, dinner, Ordered, withCook } from "../../../test/well-formed-dinner.ts";
import { wellFormedExamples } from "../../../test/well-formed-examples.ts";
import type { Choreography } from "../choreography.ts";
import { to } from "../outcome.ts";
import { on } from "../reaction.ts";
import { wellFormedRules } from "./well-formed-rules.ts";
import { check } from "../../check/check.ts";
import { toJson } from "../json/to-json.ts";
import { publishedTooOften } from "../../check/published-too-often.ts";
import { wellFormedSystem } from "./well-formed-system.ts";
import { assertWellFormed, wellFormed, type WellFormedFinding } from "./well-formed.ts";

describe("well-formedness", () => {
  it("finds nothing in a clean choreography", () => {
    expect(wellFormed(dinner)).toEqual([]);
    expect(() => assertWellFormed(dinner)).not.toThrow();
  });

  const all = Object.entries(wellFormedExamples).flatMap(([code, list]) =>
    list.map((one, index) => ({ code, name: `${code}.${index + 1}: ${one.says}`, ...one })),
  );
  it.each(all)("$name", ({ code, says, broken, clean = dinner, beside = [] }) => {
    const together = (one: Choreography): readonly WellFormedFinding[] => [
      ...wellFormed(one),
      ...wellFormedSystem([one, ...beside]),
      ...publishedTooOften([one, ...beside]),
    ];
    const found = together(broken);
    expect(found.map((one) => `${one.code} ${one.message}`)).toContain(`${code} ${says}`);
    expect(found.filter((one) => one.code === code).every(({ at }) => at.startsWith("/"))).toBe(true);
    expect(together(clean).filter((one) => one.code === code)).toEqual([]);
  });

  it.each(all)(
    "whose rule is broken has a twin that runs and checks clean: $name",
    ({ clean = dinner, beside = [] }) => {
      const broken = [...wellFormed(clean), ...wellFormedSystem([clean, ...beside])];
      expect(broken.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(check(toJson(clean)).findings.filter(({ severity }) => severity === "error")).toEqual([]);
    },
  );

  it("says how bad each finding is, and refuses errors only", () => {
    const [{ broken: warned }] = wellFormedExamples.W03;
    const [{ broken: refused }] = wellFormedExamples.W01;
    expect(wellFormed(warned)).toMatchObject([{ code: "W03", severity: wellFormedRules.W03.severity }]);
    expect(() => assertWellFormed(warned)).not.toThrow();
    expect(() => assertWellFormed(refused)).toThrow(
      /^Dinner cannot run: Cook in IDLE on Ordered goes to NOWHERE.*W01 at \/participants\/Cook\/states\/IDLE\/on\/Ordered\)/,
    );
    expect(() => assertWellFormed(refused)).toThrow(
      expect.objectContaining({ code: "Q_CONTRACT_MALFORMED" }),
    );
  });

  it("counts the other errors when there are several", () => {
    const broken = withCook({ IDLE: [on(Ordered, to("A")), on(Cooked, to("B"))] });
    expect(() => assertWellFormed(broken)).toThrow(/There is 1 more: W01\./);
  });

  it("refuses a name that no report can show, and one that looks like another", () => {
    const named = (name: string): readonly string[] =>
      wellFormed(withCook({ IDLE: [on(Ordered, to(name))], [name]: [] }))
        .filter(({ code }) => code === "W13")
        .map(({ message }) => message);
    const [composed, apart] = ["Caf\u00E9", "Cafe\u0301"];
    expect(named("a".repeat(1_000))).toEqual([]);
    expect(named("a".repeat(100_000))).toEqual([
      `a state is called ${"a".repeat(40)}… (100,000 characters), and a name has at most 1,000`,
    ]);
    expect(named(composed)).toEqual([]);
    expect(named(apart)).toEqual([
      `a state is called ${apart}, which is not written in Unicode's composed form (NFC)`,
    ]);
  });

  it("has a sentence that ends with a full stop for every rule", () => {
    for (const rule of Object.values(wellFormedRules))
      expect(`${rule.title} ${rule.fix}`).toMatch(/^[A-Z].*\. .*\.$/);
  });
});
