// Checks a choreography: explores it within a bound, judges the properties P1 to P17, and reports with the bound.
import type { ChoreographyJson, CommandBudget } from "../contract/json-form.ts";
import { checkAssumptions } from "./properties/assumptions.ts";
import { type Bound, type CheckOptions, resolveBound, type ShouldStop } from "./model/bound.ts";
import { type Exploration, exploreFrom, type Limit, type Root, BEGINNING } from "./explore/explore.ts";
import { finding, type Finding, sortFindings } from "./model/finding.ts";
import { type JudgeErrors, suggestPatches } from "./findings/patch.ts";
import { checkCalls } from "./properties/properties-calls.ts";
import { checkCycles } from "./properties/properties-cycles.ts";
import { checkConnections, checkDeadCode } from "./properties/properties-dead.ts";
import { checkCaps, checkDeliveries } from "./properties/properties-delivery.ts";
import { checkEffects } from "./properties/properties-effects.ts";
import { checkClocks, checkFinal } from "./properties/properties-final.ts";
import { checkInvariants } from "./properties/properties-invariants.ts";
import { checkRaces } from "./properties/properties-races.ts";
import { checkEndsReached, checkRest, type EndReached } from "./properties/properties-rest.ts";
import { checkExactUndo, checkRefusals } from "./properties/properties-undo.ts";
import { checkIsolation, nameAnomalies } from "./properties/isolation.ts";

/** What a check found, and within which bound. "Checked within this bound", never "proved correct". */
export interface Report {
  readonly name: string;
  readonly bound: Bound & { readonly commands: Readonly<Record<string, CommandBudget>> };
  readonly states: number;
  readonly transitions: number;
  /** Whether everything within the bound was explored. */
  readonly exhausted: boolean;
  /** Whether it was explored by stubborn sets: fewer states and transitions, the same verdict; see ADR 5. */
  readonly reduced: boolean;
  /** What stopped the exploration: the bound of states or bytes, a channel's cap (a P8), or a large space that cannot come to rest (a P3c). */
  readonly limit?: Limit;
  /** The declared ends, and in how many states of rest each was reached. */
  readonly ends: readonly EndReached[];
  /** Errors first. */
  readonly findings: readonly Finding[];
}

/** Checks a choreography; every finding has a path, a shortest one where the exploration is not reduced. */
export function check(choreography: ChoreographyJson, options: CheckOptions = {}): Report {
  let isStopped = false;
  const shouldStop: ShouldStop = (progress) => (isStopped ||= options.shouldStop?.(progress) === true);
  const bound = { ...resolveBound(options, choreography), shouldStop };
  const run = judge(choreography, bound);
  const { exploration, ends } = run;
  const findings = [...run.findings, ...wholeFindings(run), ...withoutTimeouts(run)];
  if (options.races !== false) findings.push(...races(exploration));
  if (options.assumptions === true) findings.push(...checkAssumptions(choreography, bound, brokenProperties));
  // Patches may be cut short without the verdict being so.
  const wasStopped = isStopped;
  const named = bound.sagas > 1 ? nameAnomalies(exploration, findings) : findings;
  const patched =
    options.patches === false
      ? named.map(withEnd)
      : suggestPatches(choreography, exploration.isReduced ? { ...bound, reduce: "always" } : bound, {
          findings: named,
          judge: (patched, small) => {
            const errors = isStopped ? undefined : judgeErrors(patched, small);
            return isStopped ? undefined : errors;
          },
          states: exploration.space.states,
        });
  const limit = wasStopped ? "time" : exploration.limit;
  return {
    name: choreography.name,
    bound: { ...resolveBound(options, choreography), commands: choreography.commands },
    states: exploration.space.states,
    transitions: exploration.space.transitions,
    exhausted: exploration.exhausted && !wasStopped,
    reduced: exploration.isReduced,
    ...(limit === undefined ? {} : { limit }),
    ends,
    findings: sortFindings(patched).map(withoutRepair),
  };
}

/** The end that is missing for the beginning can be nothing else: it is suggested untried. */
function withEnd(one: Finding): Finding {
  return one.repair?.kind === "end" ? { ...one, patch: one.repair.change } : one;
}

function withoutRepair({ code, severity, message, at, path, patch }: Finding): Finding {
  return { code, severity, message, at, path, ...(patch === undefined ? {} : { patch }) };
}

/** One exploration, and what must hold of it whatever the faults and channels. */
export interface Judged {
  readonly exploration: Exploration;
  readonly ends: readonly EndReached[];
  readonly findings: readonly Finding[];
}

/** Explores and judges P1 to P6, P8, P13 and P16; from the beginning or from given states. */
export function judge(
  choreography: ChoreographyJson,
  bound: Bound,
  roots: readonly Root[] = [BEGINNING],
): Judged {
  const exploration = exploreFrom(choreography, bound, roots);
  const rest = checkRest(exploration);
  const findings = [
    ...checkDeliveries(exploration),
    ...rest.findings,
    ...checkCycles(exploration),
    ...checkCaps(exploration),
    ...checkInvariants(exploration),
    ...checkEffects(exploration),
  ];
  return { exploration, ends: rest.ends, findings };
}

/** What only the contract, or the whole of an undisturbed exploration, can show. */
function wholeFindings({ exploration, ends, findings }: Judged): Finding[] {
  const { world } = exploration.program;
  const isDisturbed = Object.values(world.bound.faults).some((budget) => budget > 0) || !world.bound.timers;
  // A stopped entity hides what would come after it: what is dead is said once P1 and P2 hold.
  const isWhole =
    exploration.exhausted && !isDisturbed && !findings.some(({ code }) => code === "P1" || code === "P2");
  return [
    ...(isWhole ? [...checkEndsReached(ends), ...checkDeadCode(exploration)] : []),
    ...checkConnections(world),
    ...checkFinal(world),
    ...checkRefusals(world),
    ...checkExactUndo(world),
    ...checkClocks(world),
    ...checkCalls(exploration),
  ];
}

/** P10: of one saga between its ends, of several at what they share. */
function races(exploration: Exploration): Finding[] {
  const { faults } = exploration.bound;
  if (Object.values(faults).some((budget) => budget > 0)) return [];
  return [...checkRaces(exploration), ...checkIsolation(exploration)];
}

const NEEDS_NO_CLOCK: readonly string[] = ["P1", "P2", "P3a", "P3c", "P4", "P5"];

/** P14: what breaks only when the timeouts are taken away was hidden by one. Business deadlines stay: time passes. */
function withoutTimeouts({ exploration, findings }: Judged): Finding[] {
  const { world } = exploration.program;
  if (!world.bound.timers || !world.reactions.some(({ key }) => key === "timeouts")) return [];
  const known = new Set(findings.map(({ code, at }) => `${code} ${at}`));
  const bare = judge(world.choreography, { ...world.bound, timeouts: false });
  return bare.findings
    .filter(({ code, at }) => NEEDS_NO_CLOCK.includes(code) && !known.has(`${code} ${at}`))
    .map(({ code, message, at, path }) =>
      finding("P14", { message: `without timeouts, ${message} (${code})`, at, path }),
    );
}

/** Every error of a contract, and the steps that were explored for it: the measure by which a patch is judged. */
function judgeErrors(choreography: ChoreographyJson, bound: Bound): NonNullable<ReturnType<JudgeErrors>> {
  const run = judge(choreography, bound);
  const found = [...run.findings, ...wholeFindings(run), ...withoutTimeouts(run)];
  const errors = found.filter(({ severity }) => severity === "error");
  return { errors, transitions: run.exploration.space.transitions };
}

/** The errors of a run under other assumptions. */
function brokenProperties(choreography: ChoreographyJson, bound: Bound): readonly Finding[] {
  return judge(choreography, bound).findings.filter(({ severity }) => severity === "error");
}
