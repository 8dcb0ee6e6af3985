// A project accepts a finding with a reason: it is shown, it does not count, and the report says when it is
// gone.
import { describe, expect, it } from "vitest";
import { answers, asks } from "../../test/small-choreography.ts";
import { type Acceptance, setAccepted } from "./accepted.ts";
import { check } from "./check.ts";

const report = check(asks({ initial: "s", states: { s: {}, t: { on: { Asked: [{ to: "t" }] } } } }));
const lacks: Acceptance = {
  code: "P1",
  place: "/participants/B/states/s/on/Asked",
  reason: "B is not there yet",
};

describe("an accepted finding", () => {
  it("stands apart with its reason", () => {
    const { findings, accepted, stale } = setAccepted(report, [lacks]);
    expect(findings.map(({ code }) => code)).not.toContain("P1");
    expect(accepted.map(({ finding, reason }) => [finding.code, reason])).toEqual([["P1", lacks.reason]]);
    expect(stale).toEqual([]);
  });

  it("of another code or place is none of this", () => {
    const others: Acceptance[] = [
      { ...lacks, code: "P2" },
      { ...lacks, place: "/participants/B/states/t/on/Asked" },
    ];
    const { findings, accepted, stale } = setAccepted(report, others);
    expect(findings).toEqual(report.findings);
    expect([accepted, stale]).toEqual([[], others]);
  });

  it("that no longer occurs is reported, where it is of this choreography", () => {
    const clean = check(asks(answers));
    expect(setAccepted(clean, [lacks]).stale).toEqual([lacks]);
    expect(setAccepted(clean, [{ ...lacks, choreography: "another" }]).stale).toEqual([]);
  });
});
