// Checks a choreography: explores it within a bound, judges the properties, and reports with the bound.
import { assertJsonForm } from "../contract/json/json-argument.ts";
import type { ChoreographyJson, CommandBudget } from "../contract/json-form.ts";
import { type Bound, type CheckOptions, resolveBound, sagasMax, type ShouldStop } from "./model/bound.ts";
import { type Exploration, exploreFrom, type Limit, type Root, initialRoot } from "./explore/explore.ts";
import { interchangeable, standsFor } from "./explore/exchange-places.ts";
import type { Field, Queue } from "./explore/layout.ts";
import { roomOf } from "./explore/overflow.ts";
import { withElsewhere } from "../contract/json/elsewhere.ts";
import {
  counted,
  type Finding,
  type IsEnough,
  listedBriefly,
  type PatchSummary,
  sortFindings,
} from "./model/finding.ts";
import { createWorld, inBound, type World } from "./model/world.ts";
import { type JudgeErrors, type Patched, suggestPatches } from "./findings/patch.ts";
import { endsReached, type EndReached } from "./properties/p04-ends.ts";
import { checkAssumptions } from "./properties/p09-p15-assumptions.ts";
import { channelText } from "./properties/p08-caps.ts";
import { nameAnomalies } from "./properties/p10-isolation.ts";
import { type Beyond, reportBeyond } from "./properties/p07-dead.ts";
import { checkTimeouts } from "./properties/p14-timeouts.ts";
import { judgeAt } from "./properties/registry.ts";

/** What a check found, and the bound it holds for: "checked within this bound", never "proved correct". */
export interface Report {
  readonly name: string;
  readonly bound: Bound & { readonly commands: Readonly<Record<string, CommandBudget>> };
  readonly states: number;
  readonly transitions: number;
  /** Whether everything within the bound was explored. */
  readonly exhausted: boolean;
  /** Whether it was explored by stubborn sets: fewer states and transitions, the same verdict; see ADR 5. */
  readonly reduced: boolean;
  /**
   * Present if participants can be exchanged for each other: their names. States that differ only by such an
   * exchange were explored once.
   */
  readonly interchangeable?: readonly (readonly string[])[];
  /**
   * Present if the caller asked for several sagas that share nothing. They cannot affect each other, so the
   * check explored one.
   */
  readonly alone?: true;
  /**
   * Channels that are filled again and again, but only as business deadlines come: time passes between two
   * rounds, so they were explored with at most this many messages, and do not count as growing (P8).
   */
  readonly paced?: readonly { readonly channel: string; readonly messages: number }[];
  /**
   * Why the exploration stopped early: the bound of states or bytes, a channel's cap (P8), or a large space
   * with states that never come to rest (P3c).
   */
  readonly limit?: Limit;
  /** The declared ends, each with the number of states of rest that reach it. */
  readonly ends: readonly EndReached[];
  /** Errors first. */
  readonly findings: readonly Finding[];
  /** What the suggested patches come to, where there are several or not all were tried. */
  readonly patches?: PatchSummary;
}

/**
 * Checks a choreography. Every finding has a path; it is a shortest one unless the exploration is reduced.
 */
export function check(choreography: ChoreographyJson, options: CheckOptions = {}): Report {
  assertJsonForm("check", choreography);
  let isStopped = false;
  const shouldStop: ShouldStop = (progress) => (isStopped ||= options.shouldStop?.(progress) === true);
  const asked = resolveBound(options, choreography);
  const isAlone = shareNothing(asked);
  const bound = { ...asked, ...(isAlone ? { sagas: 1 } : {}), shouldStop };
  const run = judge(choreography, bound);
  const { exploration } = run;
  const found: readonly Finding[] = [...run.findings, ...judgeOnce(run)];
  const findings = [...beyond(run).reduce((left, one) => reportBeyond(left, exploration, one), found)];
  if (options.races !== false && !hasFaults(bound)) findings.push(...judgeAt("order", exploration));
  if (options.assumptions === true) findings.push(...checkAssumptions(choreography, bound, brokenProperties));
  // Running out of time for patches does not change the verdict.
  const wasStopped = isStopped;
  const named = bound.sagas > 1 ? nameAnomalies(exploration, findings) : findings;
  const { findings: patched, patches }: Patched =
    options.patches === false
      ? { findings: named, patches: { untried: 0 } }
      : suggestPatches(choreography, exploration.isReduced ? { ...bound, reduce: "always" } : bound, {
          findings: named,
          judge: (patched, small, isEnough) => {
            if (isStopped) return undefined;
            const errors = judgeErrors(createWorld(patched, small, exploration.program.world), isEnough);
            return isStopped ? undefined : errors;
          },
          states: exploration.space.states,
        });
  const limit = wasStopped ? "time" : exploration.limit;
  return {
    name: choreography.name,
    bound: { ...asked, commands: withElsewhere(choreography).commands },
    states: exploration.space.states,
    transitions: exploration.space.transitions,
    exhausted: exploration.exhausted && !wasStopped,
    reduced: exploration.isReduced,
    ...(exploration.exchanges.length === 0 ? {} : { interchangeable: interchangeable(exploration) }),
    ...(isAlone ? { alone: true as const } : {}),
    ...(exploration.paced.length === 0 ? {} : { paced: exploration.paced.map(pacedChannel) }),
    ...(limit === undefined ? {} : { limit }),
    ends: endsReached(exploration),
    ...(patches.together === undefined && patches.untried === 0 ? {} : { patches }),
    findings: withExchanges(exploration, sortFindings(patched)).map(withoutRepair),
  };
}

/**
 * Whether the sagas share no entity, no channel and no budget. Then a run of several sagas is an interleaving
 * of independent runs, and every error shows with one saga alone. A budget of faults is shared by all sagas.
 */
function pacedChannel(channel: Field | Queue): NonNullable<Report["paced"]>[number] {
  return { channel: channelText(channel), messages: roomOf(channel) };
}

function shareNothing(bound: Bound): boolean {
  return bound.sagas > 1 && bound.shared.length === 0 && !hasFaults(bound);
}

function withoutRepair({ code, severity, message, at, path, patch }: Finding): Finding {
  return { code, severity, message, at, path, ...(patch === undefined ? {} : { patch }) };
}

/** Explores once and judges the properties that hold under any faults and channel mode. */
export interface JudgedFindings {
  readonly exploration: Exploration;
  readonly findings: readonly Finding[];
}

/** Explores from the beginning or from given states, and judges the properties of every run. */
export function judge(
  choreography: ChoreographyJson,
  bound: Bound,
  roots: readonly Root[] = [initialRoot],
): JudgedFindings {
  return judgeWorld(createWorld(choreography, bound), roots);
}

function judgeWorld(
  world: World,
  roots: readonly Root[] = [initialRoot],
  isEnough?: IsEnough,
): JudgedFindings {
  const exploration = exploreFrom(world, roots);
  return { exploration, findings: oneOfEach(exploration, judgeAt("every", exploration, isEnough)) };
}

/**
 * Of findings about participants that can be exchanged, one: which of them an exploration shows is chance.
 */
function oneOfEach(exploration: Exploration, findings: readonly Finding[]): readonly Finding[] {
  if (exploration.exchanges.length === 0) return findings;
  const place = standsFor(exploration);
  const groups = Map.groupBy(findings, ({ code, at }) => `${code} ${place(at).at}`);
  return [...groups.values()].flatMap((group) =>
    group.filter(({ at }, index) => index === 0 || !place(at).isExchanged),
  );
}

/** Adds to each finding that stands for several the participants for which it holds too. */
function withExchanges(exploration: Exploration, findings: readonly Finding[]): readonly Finding[] {
  if (exploration.exchanges.length === 0) return findings;
  const place = standsFor(exploration);
  const names = interchangeable(exploration).map((list) => listedBriefly(list));
  const others = `the same holds where ${names.join(", or ")} are exchanged`;
  return findings.map((one) =>
    place(one.at).isExchanged ? { ...one, message: `${one.message}; ${others}` } : one,
  );
}

/**
 * Findings that are judged once per contract: of the contract itself, of the whole exploration, and of the
 * run without timeouts.
 */
function judgeOnce({ exploration, findings }: JudgedFindings): Finding[] {
  const whole = isWhole(exploration, findings) ? judgeAt("whole", exploration) : [];
  return [
    // What the contract alone shows comes first: a command that never comes is why other parts are dead.
    ...oneOfEach(exploration, [...judgeAt("once", exploration), ...whole]),
    ...checkTimeouts({ exploration, findings, judge: (world) => judgeWorld(world).findings }),
  ];
}

/**
 * A stopped entity hides everything after it, so dead states and reactions are reported only once P1 and P2
 * hold.
 */
function isWhole({ program, exhausted }: Exploration, findings: readonly Finding[]): boolean {
  const { bound } = program.world;
  const isDisturbed = hasFaults(bound) || !bound.timers;
  return exhausted && !isDisturbed && !findings.some(({ code }) => code === "P1" || code === "P2");
}

function hasFaults({ faults }: Bound): boolean {
  return Object.values(faults).some((budget) => budget > 0);
}

/** Explorations that reach more: with messages that overtake each other, and with one saga more. */
function beyond({ exploration: { program, bound, space } }: JudgedFindings): readonly Beyond[] {
  // Up to the limit of plain exploration, so that it never costs more than the check itself.
  const states = Math.min(bound.plain, statesBeyond + space.states * growthBeyond);
  const within = (more: Partial<Bound>) => () =>
    exploreFrom(inBound(program.world, { ...bound, states, plain: states, ...more }), [initialRoot]);
  const sagas = bound.sagas + 1;
  const overtaking: Beyond = {
    explore: within({ channel: "bag" }),
    words:
      "for messages that overtake others of their producer, which the engine rules out (--channel bag explores it)",
  };
  const sharing: Beyond = {
    explore: within({ sagas }),
    words: `reached where ${counted(sagas, "saga")} share ${listedBriefly(bound.shared)} (--sagas ${sagas} explores it)`,
  };
  return [
    ...(bound.channel === "bag" ? [] : [overtaking]),
    ...(bound.shared.length === 0 || sagas > sagasMax ? [] : [sharing]),
  ];
}

/** A larger exploration usually has a few times the states. */
const growthBeyond = 10;
const statesBeyond = 10_000;

/**
 * Every error of a contract, or enough of them, and the number of steps explored to find them. Patches are
 * compared by it.
 */
function judgeErrors(world: World, isEnough: IsEnough): NonNullable<ReturnType<JudgeErrors>> {
  const run = judgeWorld(world, [initialRoot], (findings) => isEnough(findings.filter(isError)));
  const first = run.findings.filter(isError);
  const rest = isEnough(first) ? [] : judgeOnce(run).filter(isError);
  return { errors: [...first, ...rest], transitions: run.exploration.space.transitions };
}

function isError({ severity }: Finding): boolean {
  return severity === "error";
}

/** The errors of a run with faults or in another channel mode. */
function brokenProperties(choreography: ChoreographyJson, bound: Bound): readonly Finding[] {
  return judge(choreography, bound).findings.filter(isError);
}
