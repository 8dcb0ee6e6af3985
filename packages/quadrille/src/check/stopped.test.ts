// A check that is stopped says so, and claims nothing about what it did not see.
import { expect, it } from "vitest";
import { joining } from "../../test/joining-choreographies.ts";
import { realistic } from "../../test/realistic-choreographies.ts";
import { asPublished, reference } from "../../test/reference-choreographies.ts";
import { check } from "./check.ts";

const large = joining({ parties: 9 });

it("says that its time was over, and finds nothing dead in what it did not see", () => {
  const report = check(large, { reduce: "never", shouldStop: ({ states }) => states > 4_000 });
  expect(report).toMatchObject({ exhausted: false, limit: "time" });
  expect(report.states).toBeLessThan(15_000);
  expect(report.findings.filter(({ code }) => code === "P7" || code === "P4")).toEqual([]);
});

it("whose time is over while a channel gets more room still shows what it explores then", () => {
  const grows = realistic("naive").find(([name]) => name === "04-ride-hailing")?.[1];
  let isOver = false;
  const report = check(grows ?? large, { shouldStop: ({ states }) => (isOver ||= states > 4_000) });
  expect(report).toMatchObject({ exhausted: false, limit: "time" });
  expect(report.states).toBeGreaterThan(4_000);
  expect(report.findings.map(({ code }) => code)).toContain("P1");
});

it("offers no patch that it had no time to try", () => {
  let asked = 0;
  const report = check(reference("create-order-4-compensated"), {
    ...asPublished,
    shouldStop: () => asked++ > 0,
  });
  expect(report.findings.map(({ code }) => code)).toContain("P1");
  expect(report.findings.filter(({ patch, code }) => patch !== undefined && code === "P1")).toEqual([]);
});

it("is asked with what was found so far, and goes on where it is not stopped", () => {
  const seen: number[] = [];
  const report = check(large, {
    reduce: "never",
    races: false,
    shouldStop: ({ states }) => {
      seen.push(states);
      return false;
    },
  });
  expect(report.exhausted).toBe(true);
  expect(seen.length).toBeGreaterThan(3);
});
