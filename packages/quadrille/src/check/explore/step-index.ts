// Finds the steps that can be enabled in a state without looking at the others: messages on their way lead to
// their steps.
//
// Scanning all steps of every instance's state cost half of the exploration: a state has forty steps and
// three messages.
import { type Field, type Layout, maskOf } from "./layout.ts";
import type { Program } from "./tables.ts";
import type { Step } from "./step.ts";
import type { Instance, World } from "../model/world.ts";

/**
 * Integers of one instance in {@link Program.instances}, of a source in {@link Program.sources}, of a queue.
 */
export const valuesPer = { instance: 4, source: 5, queue: 4 } as const;

/** The tables by which the explorer finds steps, and the range to which a step belongs. */
export interface StepIndex {
  readonly tables: Pick<Program, "instances" | "messageMasks" | "sourceOfBit" | "sources" | "queues">;
  readonly rangeOf: (step: Step) => number;
  readonly ranges: number;
}

interface Tables {
  readonly layout: Layout;
  readonly instances: number[];
  readonly messageMasks: Int32Array;
  readonly sourceOfBit: Int32Array;
  readonly sources: number[];
  readonly queues: number[];
  /** Instance, counter, or queue and code, to the first range. */
  readonly first: Map<unknown, number>;
  ranges: number;
}

/** Gives every instance and every source of messages its ranges, one for each state. */
export function indexSteps(world: World, layout: Layout): StepIndex {
  const tables: Tables = {
    layout,
    instances: [],
    messageMasks: new Int32Array(layout.words),
    sourceOfBit: new Int32Array(layout.words * 32),
    sources: [],
    queues: [],
    first: new Map(),
    ranges: 0,
  };
  for (const instance of world.instances) {
    const { index, stopped } = instance;
    const field = layout.states[index];
    if (field === undefined) continue;
    tables.instances.push(field.word, field.shift, maskOf(field) >> field.shift, tables.ranges);
    tables.first.set(instance, tables.ranges);
    tables.ranges += stopped + 1;
  }
  for (const field of layout.fields.values()) {
    if (field.kind === "messages" || field.kind === "stash") addCounter(tables, field);
  }
  addQueues(tables);
  const { instances, messageMasks, sourceOfBit, sources, queues, first, ranges } = tables;
  return {
    tables: {
      instances: Int32Array.from(instances),
      messageMasks,
      sourceOfBit,
      sources: Int32Array.from(sources),
      queues: Int32Array.from(queues),
    },
    ranges,
    rangeOf: (step) => (first.get(groupOf(step)) ?? 0) + step.from,
  };
}

function groupOf({ source, instance }: Step): unknown {
  if (source === undefined) return instance;
  return source.from === "queue" ? source.queue.messages[source.code - 1] : source.field;
}

function addSource(
  tables: Tables,
  key: unknown,
  of: { readonly mask: number; readonly instance: Instance },
): void {
  const state = tables.layout.states[of.instance.index];
  if (state === undefined) return;
  tables.sources.push(of.mask, state.word, state.shift, maskOf(state) >> state.shift, tables.ranges);
  tables.first.set(key, tables.ranges);
  tables.ranges += of.instance.stopped + 1;
}

function addCounter(tables: Tables, field: Field): void {
  const { instance, word, shift } = field;
  if (instance === undefined) return;
  const mask = maskOf(field);
  tables.messageMasks[word] = (tables.messageMasks[word] ?? 0) | mask;
  const source = tables.sources.length / valuesPer.source;
  for (let bit = shift; mask >> bit > 0; bit++) tables.sourceOfBit[word * 32 + bit] = source;
  addSource(tables, field, { mask, instance });
}

function addQueues(tables: Tables): void {
  for (const queue of tables.layout.queues.values()) {
    const first = tables.sources.length / valuesPer.source;
    tables.queues.push(queue.word, queue.shift, 2 ** queue.bits - 1, first - 1);
    for (const message of queue.messages) {
      addSource(tables, message, { mask: 0, instance: queue.instance });
    }
  }
}

/** Sorts the steps by their ranges, keeping the contract's order within one. */
export function group(
  index: StepIndex,
  unsorted: readonly Step[],
): Pick<Program, "steps" | "ranges" | "branchMax"> {
  const rangeOf = new Int32Array(unsorted.length);
  const ranges = new Int32Array(index.ranges + 1);
  for (const [at, step] of unsorted.entries()) {
    const range = (rangeOf[at] = index.rangeOf(step));
    ranges[range + 1] = (ranges[range + 1] ?? 0) + 1;
  }
  for (let range = 0; range < index.ranges; range++)
    ranges[range + 1] = (ranges[range + 1] ?? 0) + (ranges[range] ?? 0);
  const next = ranges.slice();
  const steps = [...unsorted];
  for (const [at, step] of unsorted.entries()) {
    const range = rangeOf[at] ?? 0;
    steps[next[range] ?? 0] = step;
    next[range] = (next[range] ?? 0) + 1;
  }
  return { steps, ranges, branchMax: mostSuccessors(unsorted) };
}

/**
 * An instance takes all its messages and its own steps from one state: its successors are at most those of
 * its fullest state.
 */
function mostSuccessors(steps: readonly Step[]): number {
  const counts: number[][] = [];
  for (const { instance, from } of steps) {
    const states = (counts[instance.index] ??= []);
    states[from] = (states[from] ?? 0) + 1;
  }
  return counts.reduce((sum, states) => sum + states.reduce((most, count) => Math.max(most, count), 0), 0);
}
