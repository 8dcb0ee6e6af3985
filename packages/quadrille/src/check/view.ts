// Reads packed states: who is in which state, what is on its way, what is counted, and by which steps a state was reached.
import type { PathStep } from "./finding.ts";
import type { Exploration } from "./explore.ts";
import { type Field, maskOf } from "./layout.ts";
import { codesIn, hasStopped } from "./overflow.ts";
import { FLAG } from "./space.ts";
import type { Step } from "./steps.ts";
import type { Instance } from "./world.ts";
import { pointer } from "../contract/json-references.ts";

/** A message on its way, or set aside. */
export interface Pending {
  readonly event: string;
  readonly saga: number;
  readonly to: Instance;
  readonly count: number;
  /** Where a deferred message blocks those behind it: the oldest one of the queue, for the others. */
  readonly behind?: string;
}

/** The value of a field in a state; of a tally in its own measure. */
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

/** Whether some instance was stopped by a message about which nothing, or never, is said. */
export function isStopped({ space }: Exploration, state: number): boolean {
  return hasStopped(space, state);
}

/** Messages on their way or set aside; of a queue, in order. */
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

/** The states in which no event, deadline or activity step is enabled and nobody was stopped: nothing happens without a command. */
export function restingStates(exploration: Exploration): number[] {
  const { space } = exploration;
  const resting: number[] = [];
  for (let state = 0; state < space.states; state++) {
    if (space.flags[state] === FLAG.quiescent && !isStopped(exploration, state)) resting.push(state);
  }
  return resting;
}

/** The steps from a root to a state, and one more where given: a shortest path, since exploration is breadth first. */
export function pathTo({ space, program }: Exploration, state: number, last?: number): PathStep[] {
  const steps: number[] = last === undefined ? [] : [last];
  for (let at = state; (space.via[at] ?? -1) >= 0; at = space.parent[at] ?? 0) steps.push(space.via[at] ?? 0);
  return steps.toReversed().flatMap((index) => {
    const step = program.steps[index];
    return step === undefined ? [] : [pathStep(step)];
  });
}

/** One step as plain data. */
export function pathStep(step: Step): PathStep {
  const { instance, kind, outcome, fault } = step;
  const from = stateName(instance, step.from);
  const events = fault === "lost" || fault === "effect" ? [] : (outcome?.emit ?? []);
  return {
    kind: kind === "held" ? "setAside" : kind,
    saga: step.saga,
    participant: instance.participant,
    entity: instance.name,
    trigger: step.trigger,
    from,
    to: stateName(instance, step.to),
    ...(outcome?.choice === undefined ? {} : { choice: outcome.choice }),
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
