// A first draft of a realistic choreography has many findings, and few causes.
import { describe, expect, it } from "vitest";
import { realistic } from "../../../test/realistic-choreographies.ts";
import { check } from "../check.ts";
import { groupFindings } from "./group-findings.ts";

describe("findings of one cause", () => {
  it.each(realistic("naive"))("are ten sentences at most in a first draft: %s", (_, contract) => {
    const { findings } = check(contract, { patches: false, races: false, bound: { states: 60_000 } });
    const errors = groupFindings(findings.filter(({ severity }) => severity === "error"));
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.length).toBeLessThanOrEqual(10);
    expect(errors.flatMap((group) => [...group.findings]).length).toBe(
      findings.filter(({ severity }) => severity === "error").length,
    );
  });
});
