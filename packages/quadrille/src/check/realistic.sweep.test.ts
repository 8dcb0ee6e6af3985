// Realistic contracts: what came out of the checker has no errors, with deadlines and timeouts distinguished;
// a draft that grows is checked in a moment.
import { describe, expect, it } from "vitest";
import { realistic } from "../../test/realistic-choreographies.ts";
import { check } from "./check.ts";
import { groupFindings } from "./findings/group-findings.ts";

describe("a finished contract has no errors", () => {
  it.each(realistic("final"))("%s", (_, contract) => {
    const report = check(contract);
    expect(report.findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(report.exhausted).toBe(true);
  });
});

describe("a first draft", () => {
  it.each(realistic("naive"))("has errors that are reported in ten sentences at most: %s", (_, contract) => {
    const { findings } = check(contract, { patches: false });
    const groups = groupFindings(findings).filter(({ severity }) => severity !== "report");
    expect(groups.map(({ severity }) => severity)).toContain("error");
    expect(groups.length).toBeLessThanOrEqual(10);
  });

  it("is advised to keep a fact that comes before its join is waited for, and not to lose it", () => {
    const [, parcel] = realistic("naive").find(([name]) => name === "13-parcel-scans") ?? [];
    const found = parcel === undefined ? [] : check(parcel).findings;
    const early = found.filter(({ at }) => at.startsWith("/participants/Tracker/states/none/on/Scanned"));
    expect(early.map(({ patch }) => patch?.operations[0]?.value)).toEqual(["defer", "defer", "defer"]);
  });
});

describe("a draft that grows for ever", () => {
  const growing = realistic("naive").filter(([name]) => /^0[37]/.test(name));
  it.each(
    growing.flatMap(([name, one]) => (["bag", "fifo"] as const).map((mode) => [name, mode, one] as const)),
  )("shows the loop, soon: %s, %s", (_, channel, contract) => {
    const begun = process.cpuUsage();
    const report = check(contract, { channel, patches: false });
    expect(process.cpuUsage(begun).user / 1_000).toBeLessThan(2_000);
    const grown = report.findings.filter(({ code }) => code === "P8");
    const loops = grown.filter(({ message }) => message.includes("can be repeated"));
    expect(loops.length).toBeGreaterThan(grown.length / 2);
    for (const { message, path } of loops) {
      const [, last = "0"] = /steps? (?:\d+ to )?(\d+) can be repeated/.exec(message) ?? [];
      expect(Number(last)).toBe(path.length);
    }
  });
});
