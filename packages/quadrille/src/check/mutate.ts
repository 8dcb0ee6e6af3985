// Mutation of a choreography: which slips its properties, ends and invariants catch, and which survive
// because they are too weak.
import type { ChoreographyJson } from "../contract/json-form.ts";
import type { CheckOptions } from "./model/bound.ts";
import { check } from "./check.ts";
import type { FindingCode, Finding } from "./model/finding.ts";
import { listMutants, type Mutant } from "./mutants.ts";

/** A mutant and what was found in it. */
export interface MutantResult {
  readonly mutant: Mutant;
  /** The codes of new errors and warnings; empty for a survivor. */
  readonly caughtBy: readonly FindingCode[];
}

/** The result of mutating a contract. */
export interface MutationReport {
  /**
   * The errors of the contract itself. A mutant that only shows one of them again counts as a survivor, so
   * fix them first.
   */
  readonly errors: readonly Finding[];
  readonly mutants: number;
  readonly caught: number;
  /**
   * Mutants in which nothing new was found: sharpen an end or an invariant, or explain why they are the same.
   */
  readonly survivors: readonly Mutant[];
  readonly results: readonly MutantResult[];
}

/**
 * A mutant may take this many times the states of its original; beyond that it counts as caught by its cap or
 * bound.
 */
const GROWTH_MAX = 10;

/**
 * Checks every single-point mutant. A mutant is caught when it has an error or a warning that the original
 * does not have. By default messages come in any order, so that sentences about overtaking messages are
 * judged, too.
 */
export function mutate(choreography: ChoreographyJson, options: CheckOptions = {}): MutationReport {
  const quick: CheckOptions = {
    channel: "bag",
    // A slip in one of several that can be exchanged makes it another one.
    fold: "never",
    ...options,
    patches: false,
    assumptions: false,
    races: false,
  };
  const original = check(choreography, quick);
  const states = Math.min(options.bound?.states ?? Infinity, 1_000 + original.states * GROWTH_MAX);
  // A contract that is too large for plain exploration still is after a slip.
  const manner: CheckOptions = original.reduced ? { ...quick, reduce: "always" } : quick;
  const known = new Set(original.findings.map((one) => keyOf(one, original.reduced)));
  const results = listMutants(choreography).map((mutant): MutantResult => {
    const report = check(mutant.choreography, { ...manner, bound: { cap: 4, ...options.bound, states } });
    const fresh = report.findings.filter(
      (one) => one.severity !== "report" && !known.has(keyOf(one, original.reduced)),
    );
    return { mutant, caughtBy: [...new Set(fresh.map(({ code }) => code))] };
  });
  const survivors = results.filter(({ caughtBy }) => caughtBy.length === 0).map(({ mutant }) => mutant);
  return {
    errors: original.findings.filter(({ severity }) => severity === "error"),
    mutants: results.length,
    caught: results.length - survivors.length,
    survivors,
    results,
  };
}

/** These name one of several places, and with stubborn sets a slip may change which one. */
const NAMES_ONE: readonly FindingCode[] = ["P3b", "P3c", "P8"];

/** The key by which findings are compared. */
function keyOf({ code, at, message }: Finding, reduced: boolean): string {
  return reduced && NAMES_ONE.includes(code) ? code : `${code} ${at} ${message}`;
}
