// Mutation of a choreography: which slips its properties, ends and forbidden combinations catch, and which
// survive because they are too weak.
import { assertJsonForm } from "../contract/json/json-argument.ts";
import type { ChoreographyJson } from "../contract/json-form.ts";
import type { Channel, CheckOptions } from "./model/bound.ts";
import { check, type Report } from "./check.ts";
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
  /** The order of messages in which the contract and its mutants were explored. */
  readonly channel: Channel;
  /**
   * The errors of the contract itself. A mutant that only shows one of them again counts as a survivor, so
   * fix them first.
   */
  readonly errors: readonly Finding[];
  readonly mutants: number;
  readonly caught: number;
  /**
   * Mutants in which nothing new was found: sharpen an end or a forbidden combination, or explain why they
   * are the same.
   */
  readonly survivors: readonly Mutant[];
  readonly results: readonly MutantResult[];
}

/**
 * A mutant may take this many times the states of its original; beyond that it counts as caught by its cap or
 * bound.
 */
const growthMax = 10;

/**
 * Checks every single-point mutant. A mutant is caught when it has an error or a warning that the original
 * does not have. By default messages come in any order, so that sentences about overtaking messages are
 * judged, too; for a contract that relies on the engine's order, they come in that.
 */
export function mutate(choreography: ChoreographyJson, options: CheckOptions = {}): MutationReport {
  assertJsonForm("mutate", choreography);
  const { quick, original } = originalOf(choreography, {
    // A slip in one of several that can be exchanged makes it another one.
    fold: "never",
    ...options,
    patches: false,
    assumptions: false,
    races: false,
  });
  const states = Math.min(options.bound?.states ?? Infinity, 1_000 + original.states * growthMax);
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
    channel: original.bound.channel,
    errors: errorsOf(original),
    mutants: results.length,
    caught: results.length - survivors.length,
    survivors,
    results,
  };
}

/** The original, checked in the order that is asked for, or else in any order where it has no errors so. */
function originalOf(
  choreography: ChoreographyJson,
  options: CheckOptions,
): { readonly quick: CheckOptions; readonly original: Report } {
  if (options.channel === undefined) {
    const quick = { ...options, channel: "bag" } as const;
    const original = check(choreography, quick);
    if (original.exhausted && errorsOf(original).length === 0) return { quick, original };
  }
  return { quick: options, original: check(choreography, options) };
}

function errorsOf({ findings }: Report): readonly Finding[] {
  return findings.filter(({ severity }) => severity === "error");
}

/** These name one of several places, and with stubborn sets a slip may change which one. */
const namesOne: readonly FindingCode[] = ["P3b", "P3c", "P8"];

/** The key by which findings are compared. */
function keyOf({ code, at, message }: Finding, reduced: boolean): string {
  return reduced && namesOne.includes(code) ? code : `${code} ${at} ${message}`;
}
