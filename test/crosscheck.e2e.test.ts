// SPIN, which shares nothing with the checker but the contract, counts and judges the same.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { referenceCounts } from "../packages/quadrille/test/reference-choreographies.ts";
import { elsewhereCases, inTurn, randomCases, referenceCases } from "./crosscheck/cases.ts";
import { compare, type Comparison } from "./crosscheck/compare.ts";
import { describeDisagreement } from "./crosscheck/report.ts";
import { ensureDebian } from "./debian.ts";

/** Some of each kind, among them sound ones; more of them: `npm run crosscheck`. */
const [FIRST, CONTRACTS] = [28, 6];

const missing = whatIsMissing();
if (missing !== undefined) process.stderr.write(`The comparison with SPIN is skipped. ${missing}\n`);

/** Why SPIN cannot run here; nothing where it can. */
function whatIsMissing(): string | undefined {
  try {
    ensureDebian(["spin", "gcc"]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const differing = (results: readonly Comparison[]): string[] =>
  results.filter(({ agrees }) => !agrees).map(describeDisagreement);

describe.skipIf(missing !== undefined)("SPIN", () => {
  it("counts the reference choreographies as the checker does, and as they are documented", async () => {
    const results = await inTurn(referenceCases(), compare);
    expect(differing(results)).toEqual([]);
    const counts = results.map(({ name, spin }) => [name, [spin.states, spin.transitions]]);
    expect(Object.fromEntries(counts)).toEqual(referenceCounts);
  });

  it("stops where the checker stops when a channel is full", async () => {
    const cases = randomCases(1, 5).map((one) => ({ ...one, cap: 1 }));
    expect(differing(await inTurn(cases, compare))).toEqual([]);
  });

  it(`agrees on ${CONTRACTS} random contracts, with bags and with queues`, async () => {
    const results = await inTurn(randomCases(FIRST, CONTRACTS), compare);
    expect(differing(results)).toEqual([]);
    const broken = (code: "P1" | "P2"): number => results.filter(({ spin }) => spin[code].length > 0).length;
    expect(broken("P1")).toBeGreaterThan(1);
    expect(broken("P2")).toBeGreaterThan(1);
  });
});

describe.skipIf(missing !== undefined)("SPIN, of contracts with an event from elsewhere,", () => {
  it("agrees, with bags and with queues", async () => {
    // Of seed 21 the tally passes the cap: it has room for the cap's number of its largest changes.
    const results = await inTurn([...elsewhereCases(21, 1).slice(0, 1), ...elsewhereCases(28, 2)], compare);
    expect(differing(results)).toEqual([]);
    expect(results.some(({ spin }) => spin.P1.length + spin.P2.length > 0)).toBe(true);
    expect(Math.max(...results.map(({ spin }) => spin.states))).toBeGreaterThan(10);
  });
});

describe("the cross-check's command", () => {
  const run = (...args: readonly string[]) =>
    spawnSync(
      process.execPath,
      ["--conditions=quadrille-source", join(import.meta.dirname, "crosscheck.ts"), ...args],
      { encoding: "utf8" },
    );

  it("explains itself", () => {
    const { status, stdout } = run("--help");
    expect([status, stdout.split("\n")[0]]).toEqual([0, "Usage: npm run crosscheck -- [options]"]);
  });

  it.each([
    [["--contracts", "many"], '--contracts takes a whole number from 0 to 100000, not "many"'],
    [["--seed", "-1"], "--seed"],
    [["--fast"], "--fast"],
  ])("refuses %j with a sentence", (args, words) => {
    const { status, stdout, stderr } = run(...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(words);
  });
});
