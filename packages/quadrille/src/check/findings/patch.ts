// Suggests patches. Each one is tried first: the errors before and after are compared, and the suggestion
// lists those that remain.
import type { ChoreographyJson } from "../../contract/json-form.ts";
import { applyPatch } from "./apply-patch.ts";
import type { Bound } from "../model/bound.ts";
import type { Finding, Patch } from "../model/finding.ts";
import { candidatesFor } from "./patch-candidates.ts";

/**
 * The errors of a choreography within a bound, and the steps needed to find them; undefined if there is no
 * time left.
 */
export type JudgeErrors = (
  choreography: ChoreographyJson,
  bound: Bound,
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

/** Adds to each finding the patch that leaves the fewest errors, if one leaves fewer than before. */
export function suggestPatches(
  choreography: ChoreographyJson,
  bound: Bound,
  { findings, judge, states }: PatchRequest,
): readonly Finding[] {
  const small: Bound = { ...bound, states: Math.min(bound.states, 1_000 + states * growthMax) };
  if (findings.every(({ repair }) => repair === undefined)) return findings;
  const before = judge(choreography, small)?.errors;
  if (before === undefined) return findings;
  const trial: Trial = { choreography, bound: small, judge, before, steps: 0 };
  return findings.map((one) => {
    const patch = bestPatch(trial, one);
    return patch === undefined ? one : { ...one, patch };
  });
}

interface Trial {
  readonly choreography: ChoreographyJson;
  readonly bound: Bound;
  readonly judge: JudgeErrors;
  readonly before: readonly Finding[];
  /** Steps explored so far. */
  steps: number;
}

function bestPatch(trial: Trial, one: Finding): Patch | undefined {
  const { choreography, bound, before } = trial;
  const known = new Set(before.map(keyOf));
  let best: { readonly patch: Patch; readonly weight: number } | undefined;
  for (const candidate of candidatesFor(choreography, one)) {
    const patched = trial.steps > stepsMax ? undefined : applyPatch(choreography, candidate);
    if (patched === undefined) continue;
    const judged = trial.judge(patched, bound);
    if (judged === undefined) continue;
    const { errors } = judged;
    trial.steps += judged.transitions;
    const isNeeded = one.repair?.kind === "publish";
    if (!isNeeded && errors.some((left) => keyOf(left) === keyOf(one))) continue;
    const fresh = errors.filter((left) => !known.has(keyOf(left)));
    // A new error counts twice: the patch itself may be wrong.
    const weight = weightOf(errors) + fresh.length;
    // A patch without an alternative is suggested even if other errors remain.
    if (!isNeeded && weight >= (best?.weight ?? weightOf(before))) continue;
    const leaves = { errors: errors.length, fresh: fresh.map(({ code, message }) => `${code} ${message}`) };
    best = { patch: { ...candidate, leaves }, weight };
    if (errors.length === 0) break;
  }
  return best?.patch;
}

function weightOf(errors: readonly Finding[]): number {
  return errors.reduce((sum, { code }) => sum + (code === "P1" || code === "P2" ? weightOfStopped : 1), 0);
}

function keyOf({ code, at }: Finding): string {
  return `${code} ${at}`;
}
