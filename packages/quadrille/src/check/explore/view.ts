// Reads packed states: the state of each entity, the messages on their way, the tallies, and the steps that
// led to a state.
import type { PathStep } from "../model/finding.ts";
import type { Exploration } from "./explore.ts";
import { factsKey, type Field, maskOf } from "./layout.ts";
import { codesIn, hasStopped } from "./overflow.ts";
import { stateFlag } from "./space.ts";
import { valuesPer } from "./step-index.ts";
import type { Step } from "./step.ts";
import { unfold } from "./unfold.ts";
import type { Instance } from "../model/world.ts";
import { pointer } from "../../contract/pointer.ts";

/** A message on its way, or deferred. */
export interface Pending {
  readonly event: string;
  readonly saga: number;
  readonly to: Instance;
  readonly count: number;
  /** In a queue with a deferred message in front: that message, for those behind it. */
  readonly behind?: string;
}

/** The value of a field in a state; a tally's in its own units. */
export function valueOf({ space }: Exploration, state: number, field: Field): number {
  const word = space.arena[state * space.words + field.word] ?? 0;
  return ((word & maskOf(field)) >> field.shift) * field.unit;
}

/** The index of an instance's own state in a global state. */
export function localOf(exploration: Exploration, state: number, instance: Instance): number {
  const field = exploration.program.layout.states[instance.index];
  return field === undefined ? 0 : valueOf(exploration, state, field);
}

/** The name of an instance's own state. */
export function stateName(instance: Instance, local: number): string {
  return instance.states[local] ?? "stopped";
}

/**
 * The facts of a join that an instance has seen in a state; empty if the join is expanded into partial
 * states.
 */
export function factsSeen(exploration: Exploration, state: number, instance: Instance): readonly string[] {
  if (exploration.program.layout.facts.length === 0) return [];
  const base = stateName(instance, localOf(exploration, state, instance));
  const field = exploration.program.layout.fields.get(factsKey(base, instance));
  if (field === undefined) return [];
  const value = valueOf(exploration, state, field);
  const { participants } = exploration.program.world.choreography;
  const facts = participants[instance.participant]?.states[base]?.join?.facts ?? [];
  return facts.filter((_, index) => (value & (1 << index)) !== 0);
}

/** Whether an instance has seen facts of a join that must be completed or left. */
export function isJoinOpen(exploration: Exploration, state: number, instance: Instance): boolean {
  const base = stateName(instance, localOf(exploration, state, instance));
  const { participants } = exploration.program.world.choreography;
  const rests = participants[instance.participant]?.states[base]?.join?.rests === true;
  return !rests && factsSeen(exploration, state, instance).length > 0;
}

/** The name of the state in which an instance is, with the facts seen as a partial state has them. */
export function fullStateName(exploration: Exploration, state: number, instance: Instance): string {
  const base = stateName(instance, localOf(exploration, state, instance));
  return [base, ...factsSeen(exploration, state, instance)].join("+");
}

/** Whether an instance was stopped by a message that its contract does not handle or says `never` about. */
export function isStopped({ space }: Exploration, state: number): boolean {
  return hasStopped(space, state);
}

/** Whether a message is on its way or deferred. */
export function hasPending({ program, space }: Exploration, state: number): boolean {
  const { messageMasks, queues } = program;
  const base = state * space.words;
  for (let word = 0; word < space.words; word++)
    if (((space.arena[base + word] ?? 0) & (messageMasks[word] ?? 0)) !== 0) return true;
  for (let queue = 0; queue < queues.length; queue += valuesPer.queue) {
    const word = space.arena[base + (queues[queue] ?? 0)] ?? 0;
    if (((word >> (queues[queue + 1] ?? 0)) & (queues[queue + 2] ?? 0)) !== 0) return true;
  }
  return false;
}

/** Messages on their way or deferred; of a queue, in order. */
export function pendingIn(exploration: Exploration, state: number): Pending[] {
  const { program, space } = exploration;
  const pending: Pending[] = [];
  for (const field of program.layout.fields.values()) {
    if ((field.kind !== "messages" && field.kind !== "stash") || field.instance === undefined) continue;
    const count = valueOf(exploration, state, field);
    if (count > 0) pending.push({ event: field.name, saga: field.saga, to: field.instance, count });
  }
  for (const queue of program.layout.queues.values()) {
    const messages = codesIn(space, state, queue).flatMap((code) => queue.messages[code - 1] ?? []);
    const blocks = program.world.bound.defer === "block" ? messages[0]?.event : undefined;
    for (const [index, message] of messages.entries()) {
      const behind = index > 0 && blocks !== undefined ? { behind: blocks } : {};
      pending.push({ ...message, to: queue.instance, count: 1, ...behind });
    }
  }
  return pending;
}

/**
 * The states in which no event, deadline or activity step is enabled and no entity was stopped: nothing
 * happens without a command.
 */
export function restingStates(exploration: Exploration): number[] {
  return statesWith(exploration, stateFlag.quiescent);
}

/**
 * The states in which nothing happens without a command until a business deadline is due, and no entity was
 * stopped.
 */
export function pausedStates(exploration: Exploration): number[] {
  return statesWith(exploration, stateFlag.paused);
}

function statesWith(exploration: Exploration, flag: number): number[] {
  const { space } = exploration;
  const found: number[] = [];
  for (let state = 0; state < space.states; state++) {
    if (space.flags[state] === flag && !isStopped(exploration, state)) found.push(state);
  }
  return found;
}

/**
 * The steps from a root to a state, and one more where given: a shortest path, since exploration is breadth
 * first.
 */
export function pathTo(exploration: Exploration, state: number, last?: number): PathStep[] {
  const unfolded = unfold(exploration, state);
  if (unfolded !== undefined) return pathTo(unfolded.exploration, unfolded.state, last);
  const { space } = exploration;
  const taken: TakenStep[] = last === undefined ? [] : [{ index: last, from: state, to: undefined }];
  for (let at = state; (space.via[at] ?? -1) >= 0; at = space.parent[at] ?? 0)
    taken.push({ index: space.via[at] ?? 0, from: space.parent[at] ?? 0, to: at });
  return pathOf(exploration, taken.toReversed());
}

/** The steps from the beginning over edges that follow each other. */
export function pathOver(exploration: Exploration, edges: readonly number[]): PathStep[] {
  const { edgeStep, edgeTo } = exploration.space;
  let from = 0;
  const taken = edges.map((edge): TakenStep => {
    const step = { index: edgeStep[edge] ?? 0, from, to: edgeTo[edge] ?? 0 };
    from = step.to;
    return step;
  });
  return pathOf(exploration, taken);
}

function pathOf(exploration: Exploration, taken: readonly TakenStep[]): PathStep[] {
  const { program } = exploration;
  return taken.flatMap(({ index, from, to }) => {
    const step = program.steps[index];
    return step === undefined ? [] : [{ ...pathStep(step), ...namesAround(exploration, step, { from, to }) }];
  });
}

interface TakenStep {
  readonly index: number;
  readonly from: number;
  /** The state after it; undefined for a last step, which may not have been taken. */
  readonly to: number | undefined;
}

/** The names of the states before and after a step, with the facts that a join has seen. */
function namesAround(
  exploration: Exploration,
  step: Step,
  { from, to }: Pick<TakenStep, "from" | "to">,
): Pick<PathStep, "from" | "to"> {
  const { instance, trigger } = step;
  const before = fullStateName(exploration, from, instance);
  if (to !== undefined) return { from: before, to: fullStateName(exploration, to, instance) };
  if (step.fact === undefined || step.fact.completes) {
    const after = stateName(instance, step.to);
    return { from: before, to: step.from === step.to && step.forgets === undefined ? before : after };
  }
  const seen = factsSeen(exploration, from, instance);
  const facts = step.reaction?.fact?.join.facts ?? [];
  const after = facts.filter((fact) => fact === trigger || seen.includes(fact));
  return { from: before, to: [stateName(instance, step.from), ...after].join("+") };
}

/** One step as plain data. */
export function pathStep(step: Step): PathStep {
  const { instance, kind, outcome, fault } = step;
  const from = stateName(instance, step.from);
  const events = fault === "lost" || fault === "effect" ? [] : (outcome?.emit ?? []);
  return {
    kind: kind === "held" ? "deferred" : kind,
    saga: step.saga,
    participant: instance.participant,
    entity: instance.name,
    trigger: step.trigger,
    from,
    to: stateName(instance, step.to),
    ...(outcome?.choice === undefined ? {} : { choice: outcome.choice }),
    ...(outcome?.gaveUp === true ? { gaveUp: true } : {}),
    takes: step.takes,
    publishes: events.map((event) => ({
      event,
      to: step.emits.filter((copy) => copy.event === event).map((copy) => copy.to.name),
    })),
    ...(outcome?.tally === undefined || fault === "early" ? {} : { tally: outcome.tally }),
    ...(fault === undefined ? {} : { fault }),
    at: placeOf(step),
  };
}

/** The place in the contract of a step's reaction, or where it is missing. */
export function placeOf({ reaction, instance, from, trigger }: Step): string {
  return (
    reaction?.at ??
    pointer("/participants", instance.participant, "states", stateName(instance, from), "on", trigger)
  );
}
