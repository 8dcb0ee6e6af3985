// Whether a new version of a participant may be deployed beside the running versions of the others, and
// whether it can finish the sagas that are in flight.
import type { ChoreographyJson, EndJson, ForbiddenJson } from "../contract/json-form.ts";
import { type CheckOptions, resolveBound } from "./model/bound.ts";
import { judge } from "./check.ts";
import { initialRoot, explore } from "./explore/explore.ts";
import { counted, type Finding } from "./model/finding.ts";
import { type InFlight, inFlightOf, misfits, rootOf } from "./explore/in-flight.ts";
import { isStopped } from "./explore/view.ts";
import { createWorld } from "./model/world.ts";

/** `safe`; `drain first`: new sagas are sound, but some in flight break; `no`: new sagas break. */
export type DeployVerdict = "safe" | "drain first" | "no";

/** Whether a version may be deployed, and why. */
export interface DeployReport {
  readonly verdict: DeployVerdict;
  /** One sentence. */
  readonly message: string;
  /** How many states in flight the new version was explored from. */
  readonly inFlight: number;
  /**
   * New errors, each with its path from the beginning, or from the state in flight in which the new version
   * fails.
   */
  readonly findings: readonly Finding[];
  /** A state in flight that the new version does not know. */
  readonly misfit?: { readonly state: InFlight; readonly message: string };
  /**
   * The state in flight from which the paths of the findings begin; absent where they begin at the beginning.
   */
  readonly from?: InFlight;
}

/** The question to {@link canDeploy}. */
export interface DeployRequest {
  /** The choreography that runs. */
  readonly running: ChoreographyJson;
  /** The same with the new version instead of the old one; {@link replaceParts} makes it. */
  readonly next: ChoreographyJson;
  /** States in flight, from the journals; by default every state that the running choreography can reach. */
  readonly inFlight?: readonly InFlight[];
  readonly options?: CheckOptions;
}

/**
 * What is explored. Findings are compared by place, and a reduced exploration may report a different place of
 * several. One saga shares nothing, and a participant that is shared in the new version may be missing in the
 * running one.
 */
const oneSaga = {
  sagas: 1,
  shared: [],
  channel: "bag",
  faults: {},
  reduce: "never",
} as const satisfies CheckOptions;

/** At most this many states in flight are taken from an exploration. */
const inFlightMax = 20_000;

/**
 * Explores the new version from the beginning and from every state in flight, for one saga. Messages arrive
 * in any order, because a state in flight says which messages are on their way and not in which order. An
 * error that the running version has in some order as well is not reported as new.
 */
export function canDeploy({ running, next, inFlight, options = {} }: DeployRequest): DeployReport {
  const bound = resolveBound({ ...options, ...oneSaga });
  const states = inFlight ?? reachableStates(running, options);
  const errorsOf = (findings: readonly Finding[]): Finding[] =>
    findings.filter(({ severity }) => severity === "error");
  const known = new Set(errorsOf(judge(running, bound).findings).map(keyOf));
  const fresh = errorsOf(judge(next, bound, [initialRoot]).findings).filter((one) => !known.has(keyOf(one)));
  if (fresh.length > 0) {
    return {
      verdict: "no",
      message: `new sagas break: ${fresh[0]?.message}`,
      inFlight: states.length,
      findings: fresh,
    };
  }
  const world = createWorld(next, bound);
  const lost = states
    .map((state) => ({ state, message: misfits(world, state)[0] ?? "" }))
    .find(({ message }) => message !== "");
  if (lost !== undefined) {
    const message = `a saga in flight does not fit: ${lost.message}`;
    return { verdict: "drain first", message, inFlight: states.length, findings: [], misfit: lost };
  }
  const breaks = (roots: readonly InFlight[]): Finding[] =>
    errorsOf(judge(next, bound, roots.map(rootOf)).findings).filter((one) => !known.has(keyOf(one)));
  // Exploring from all states at once is a hundred times faster than one by one; only after an error is each
  // state tried alone.
  const from =
    states.length > 0 && breaks(states).length > 0
      ? states.find((state) => breaks([state]).length > 0)
      : undefined;
  if (from !== undefined) {
    const findings = breaks([from]);
    const message = `new sagas are sound, but a saga in flight breaks: ${findings[0]?.message}`;
    return { verdict: "drain first", message, inFlight: states.length, findings, from };
  }
  const message = `safe from the beginning and from ${counted(states.length, "state")} in flight, within this bound`;
  return { verdict: "safe", message, inFlight: states.length, findings: [] };
}

function keyOf({ code, at }: Finding): string {
  return `${code} ${at}`;
}

function reachableStates(running: ChoreographyJson, options: CheckOptions): InFlight[] {
  const exploration = explore(running, {
    ...options,
    ...oneSaga,
    bound: { ...options.bound, states: inFlightMax },
  });
  const states: InFlight[] = [];
  for (let state = 0; state < exploration.space.states; state++) {
    if (!isStopped(exploration, state)) states.push(inFlightOf(exploration, state));
  }
  return states;
}

/**
 * The running choreography with participants replaced by those of another form; ends, forbidden combinations
 * and budgets of that form replace those of the same name.
 */
export function replaceParts(running: ChoreographyJson, parts: Partial<ChoreographyJson>): ChoreographyJson {
  const byName = <T extends EndJson | ForbiddenJson>(old: readonly T[], fresh: readonly T[] = []): T[] => [
    ...new Map([...old, ...fresh].map((one) => [one.name, one])).values(),
  ];
  return {
    ...running,
    participants: { ...running.participants, ...parts.participants },
    commands: { ...running.commands, ...parts.commands },
    publicEvents: [...new Set([...running.publicEvents, ...(parts.publicEvents ?? [])])],
    ends: byName(running.ends, parts.ends),
    forbidden: byName(running.forbidden, parts.forbidden),
    tallies: { ...running.tallies, ...parts.tallies },
  };
}
