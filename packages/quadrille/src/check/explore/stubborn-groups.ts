// Which steps a stubborn set has to include together: those that share a channel, a budget, a tally, or a
// forbidden combination.
import type { ForbiddenJson } from "../../contract/json-form.ts";
import type { StepSource, Step } from "./step.ts";
import type { Program } from "./tables.ts";
import { instanceIn, type World } from "../model/world.ts";

/** The counter or queue from which a step takes. */
export function channelOf(source: StepSource | undefined): unknown {
  return source?.from === "queue" ? source.queue : source?.field;
}

/** The groups of a program. */
export interface Grouping {
  /** By group: its steps. */
  readonly members: number[][];
  /** Channel to the group of the steps that fill it. */
  readonly senders: Map<unknown, number>;
  /** By step: the groups that it asks for where it is enabled. */
  readonly wants: number[][];
}

/** Groups the steps of a program. */
export function groupSteps(program: Program): Grouping {
  const grouping: Grouping = { members: [], senders: new Map(), wants: program.steps.map(() => []) };
  addChannels(grouping, program);
  addBudgets(grouping, program);
  addTallies(grouping, program);
  addForbidden(grouping, program);
  return grouping;
}

function addGroup({ members }: Grouping, steps: readonly number[]): number {
  return members.push([...steps]) - 1;
}

/** Each of the steps asks for the group when it is enabled. */
function want({ wants }: Grouping, steps: Iterable<number>, wanted: number): void {
  for (const step of steps) wants[step]?.push(wanted);
}

/** The senders of a channel. Senders to one queue do not commute, so each asks for the others. */
function addChannels(grouping: Grouping, program: Program): void {
  const { layout, steps } = program;
  const channels = new Map<unknown, number[]>();
  const queues = new Set<unknown>(layout.queues.values());
  for (const { source } of steps) if (source !== undefined) channels.set(channelOf(source), []);
  for (const [at, step] of steps.entries()) {
    for (const { queued, field } of step.emits) channels.get(queued?.queue ?? field)?.push(at);
    for (const [field, delta] of step.changes) if (delta > 0) channels.get(field)?.push(at);
  }
  for (const [channel, senders] of channels) {
    const added = addGroup(grouping, senders);
    grouping.senders.set(channel, added);
    if (queues.has(channel)) want(grouping, new Set(senders), added);
  }
}

/** A command's budget may be used up by another instance that takes the same command. */
function addBudgets(grouping: Grouping, { steps }: Program): void {
  const users = new Map<unknown, number[]>();
  for (const [at, step] of steps.entries()) {
    for (const [field] of step.changes) {
      if (field.kind === "budget") users.set(field, [...(users.get(field) ?? []), at]);
    }
  }
  for (const list of users.values()) want(grouping, list, addGroup(grouping, list));
}

/**
 * A step that lowers a tally may be refused (below zero) depending on other steps on it; one that only raises
 * it never is. A step that stops its entity also asks for those that lower a tally, because below zero is not
 * a finding once an entity is stopped.
 */
function addTallies(grouping: Grouping, { steps }: Program): void {
  const lowers = new Map<unknown, number[]>();
  const raises = new Map<unknown, number[]>();
  for (const [at, step] of steps.entries()) {
    for (const [field, delta] of step.changes) {
      if (field.kind !== "tally") continue;
      const side = delta < 0 ? lowers : raises;
      side.set(field, [...(side.get(field) ?? []), at]);
    }
  }
  const stuck = [...steps.keys()].filter((at) => steps[at]?.kind === "stuck");
  for (const [field, lower] of lowers) {
    const raise = raises.get(field) ?? [];
    const lowering = addGroup(grouping, lower);
    want(grouping, [...lower, ...raise, ...stuck], lowering);
    want(grouping, lower, addGroup(grouping, raise));
  }
}

/**
 * A step that leaves a part of a forbidden combination asks for those that enter one: leaving too early would
 * hide the combination.
 */
function addForbidden(grouping: Grouping, { steps, world }: Program): void {
  for (const forbidden of world.choreography.forbidden) {
    for (let saga = 1; saga <= world.bound.sagas; saga++) {
      const isIn = membership(world, forbidden, saga);
      const at = [...steps.keys()];
      const crosses = (index: number, isInside: boolean): boolean => {
        const step = steps[index];
        if (step === undefined) return false;
        // The first fact of a join leads to a partial state, and a step that clears the facts may leave one.
        const { fact, forgets } = step;
        const before = isIn(step, step.from) && (fact === undefined || fact.seen === 0);
        const after = isIn(step, step.to) && (fact === undefined || fact.completes);
        return after === isInside && (before !== isInside || (isInside && forgets !== undefined));
      };
      const enters = addGroup(
        grouping,
        at.filter((index) => crosses(index, true)),
      );
      want(
        grouping,
        at.filter((index) => crosses(index, false)),
        enters,
      );
    }
  }
}

/** Whether the instance of a step is in its part of the combination when it is in a local state. */
function membership(
  world: World,
  forbidden: ForbiddenJson,
  saga: number,
): (step: Step, local: number) => boolean {
  const parts = new Map(
    Object.entries(forbidden.states).map(([participant, states]) => [
      instanceIn(world, participant, saga),
      new Set([states].flat()),
    ]),
  );
  return ({ instance }, local) => parts.get(instance)?.has(instance.states[local] ?? "") === true;
}
