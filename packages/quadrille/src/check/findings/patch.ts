// Suggests patches. Each one is tried first: the errors before and after are compared, and the suggestion
// lists those that remain.
import type { ChoreographyJson } from "../../contract/json-form.ts";
import { fits, tryPatch } from "./apply-patch.ts";
import type { Bound } from "../model/bound.ts";
import type { Finding, IsEnough, Patch, PatchSummary } from "../model/finding.ts";
import type { Candidate } from "./candidate.ts";
import { candidatesFor, publicPath } from "./patch-candidates.ts";

/**
 * The errors of a choreography within a bound, and the steps needed to find them; undefined if there is no
 * time left. It may leave out the rest once those that it has are enough.
 */
export type JudgeErrors = (
  choreography: ChoreographyJson,
  bound: Bound,
  isEnough: IsEnough,
) => { readonly errors: readonly Finding[]; readonly transitions: number } | undefined;

/** Steps explored for patches in one check at most: about a second. */
const stepsMax = 2_000_000;

/**
 * A patched contract may have this many times the states of the original; one with more is unlikely to be
 * what its author meant.
 */
const growthMax = 2;

/** A stopped entity hides the errors behind it, so an error that a patch uncovers weighs a little less. */
const weightOfStopped = 5;

interface PatchRequest {
  readonly findings: readonly Finding[];
  readonly judge: JudgeErrors;
  readonly states: number;
}

/** Findings with their patches, and what these come to. */
export interface Patched {
  readonly findings: readonly Finding[];
  readonly patches: PatchSummary;
}

/** Adds to each finding the patch that leaves the fewest errors, if one leaves fewer than before. */
export function suggestPatches(
  choreography: ChoreographyJson,
  bound: Bound,
  { findings, judge, states }: PatchRequest,
): Patched {
  const small: Bound = { ...bound, states: Math.min(bound.states, 1_000 + states * growthMax) };
  if (findings.every(({ repair }) => repair === undefined)) return { findings, patches: { untried: 0 } };
  const before = findings.filter(({ severity }) => severity === "error");
  const trial: Trial = { choreography, bound: small, judge, before, steps: 0, untried: 0 };
  const patched = findings.map((one) => {
    const patch = bestPatch(trial, one);
    return patch === undefined ? one : { ...one, patch };
  });
  const together = leftTogether(
    trial,
    patched.flatMap(({ patch }) => patch ?? []),
  );
  return {
    findings: patched,
    patches: { ...(together === undefined ? {} : { together }), untried: trial.untried },
  };
}

/** What is left with all patches applied; it is judged once, whatever was explored for them. */
function leftTogether(
  { choreography, bound, judge, before }: Trial,
  patches: readonly Patch[],
): PatchSummary["together"] {
  const operations = patches.flatMap((patch) => patch.operations);
  if (patches.filter(({ operations: [first] }) => first?.path !== publicPath).length < 2) return undefined;
  const contract = tryPatch(choreography, { operations });
  const judged = contract === undefined ? undefined : judge(contract, bound, () => false);
  return judged === undefined ? undefined : leavesOf(judged.errors, knownIn(before));
}

/** The places of errors that stand there without a patch. */
function knownIn(before: readonly Finding[]): ReadonlySet<string> {
  return new Set(before.map(keyOf));
}

function leavesOf(errors: readonly Finding[], known: ReadonlySet<string>): NonNullable<Patch["leaves"]> {
  const fresh = errors.filter((left) => !known.has(keyOf(left)));
  return { errors: errors.length, fresh: fresh.map(({ code, message }) => `${code} ${message}`) };
}

interface Trial {
  readonly choreography: ChoreographyJson;
  readonly bound: Bound;
  readonly judge: JudgeErrors;
  readonly before: readonly Finding[];
  /** Steps explored so far. */
  steps: number;
  /** Findings of which not every candidate was tried. */
  untried: number;
}

function bestPatch(trial: Trial, one: Finding): Patch | undefined {
  const { choreography, before } = trial;
  const candidates = candidatesFor(choreography, one);
  // It has no alternative, and what is explored is the same.
  if (one.repair?.kind === "publish")
    return candidates.map((only) => ({ ...only, leaves: { errors: before.length, fresh: [] } }))[0];
  const known = knownIn(before);
  const freshIn = (errors: readonly Finding[]): readonly Finding[] =>
    errors.filter((left) => !known.has(keyOf(left)));
  // A new error counts twice: the patch itself may be wrong.
  const weigh = (errors: readonly Finding[]): number => weightOf(errors) + freshIn(errors).length;
  const better: Patch[] = [];
  let least = weightOf(before);
  // More errors never make it better, nor does a message that is deferred for ever.
  const isStill = ({ code, at }: Finding): boolean => at === one.at && (code === one.code || code === "P3a");
  const isWorse: IsEnough = (errors) => errors.some(isStill) || weigh(errors) >= least;
  for (const candidate of candidates) {
    if (trial.steps > stepsMax) {
      trial.untried += 1;
      break;
    }
    const errors = errorsAfter(trial, candidate, isWorse);
    if (errors === undefined || isWorse(errors)) continue;
    least = weigh(errors);
    better.push({ ...candidate, leaves: leavesOf(errors, known) });
    if (errors.length === 0) break;
  }
  return better.findLast((patch) => fits(choreography, patch));
}

/** The errors that are left with a patch; undefined where it does not fit, or no time is left. */
function errorsAfter(trial: Trial, candidate: Candidate, isWorse: IsEnough): readonly Finding[] | undefined {
  const patched = tryPatch(trial.choreography, candidate);
  const judged = patched === undefined ? undefined : trial.judge(patched, trial.bound, isWorse);
  trial.steps += judged?.transitions ?? 0;
  return judged?.errors;
}

function weightOf(errors: readonly Finding[]): number {
  return errors.reduce((sum, { code }) => sum + (code === "P1" || code === "P2" ? weightOfStopped : 1), 0);
}

function keyOf({ code, at }: Finding): string {
  return `${code} ${at}`;
}
