// Finds the steps that can be enabled in a state without looking at the others: messages on their way lead to
// their steps.
//
// Scanning all steps of every instance's state cost half of the exploration: a state has forty steps and
// three messages.
import { type Field, type Layout, maskOf } from "./layout.ts";
import type { Program } from "./tables.ts";
import type { Arrival, Bundle } from "./step.ts";
import type { Instance, World } from "../model/world.ts";

/**
 * Integers of one instance in {@link Program.instances}, of a source in {@link Program.sources}, of a queue,
 * of a range.
 */
export const valuesPer = { instance: 4, source: 5, queue: 4, range: 2 } as const;

/** The tables by which the explorer finds steps. */
export type StepIndex = Pick<
  Program,
  "instances" | "messageMasks" | "sourceOfBit" | "sources" | "queues" | "bundles" | "bundleOf" | "ranges"
>;

interface Tables {
  readonly layout: Layout;
  readonly instances: number[];
  readonly messageMasks: Int32Array;
  readonly sourceOfBit: Int32Array;
  readonly sources: number[];
  readonly queues: number[];
  readonly bundles: Bundle[];
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
    bundles: [],
    ranges: 0,
  };
  for (const instance of world.instances) {
    const field = layout.states[instance.index];
    if (field === undefined) continue;
    tables.instances.push(field.word, field.shift, maskOf(field) >> field.shift, tables.ranges);
    addBundle(tables, instance, undefined);
  }
  for (const field of layout.fields.values()) {
    if (field.kind === "messages" || field.kind === "stash") addCounter(tables, field);
  }
  addQueues(tables);
  const { instances, messageMasks, sourceOfBit, sources, queues, bundles, ranges } = tables;
  return {
    instances: Int32Array.from(instances),
    messageMasks,
    sourceOfBit,
    sources: Int32Array.from(sources),
    queues: Int32Array.from(queues),
    bundles,
    bundleOf: bundlesByRange(bundles, ranges),
    ranges: new Int32Array(ranges * valuesPer.range).fill(-1),
  };
}

function bundlesByRange(bundles: readonly Bundle[], ranges: number): Int32Array {
  const bundleOf = new Int32Array(ranges);
  for (const [index, { first, instance }] of bundles.entries())
    bundleOf.fill(index, first, first + instance.stopped + 1);
  return bundleOf;
}

function addBundle(tables: Tables, instance: Instance, arrival: Arrival | undefined): void {
  tables.bundles.push({ instance, arrival, first: tables.ranges });
  tables.ranges += instance.stopped + 1;
}

function addSource(
  tables: Tables,
  arrival: Arrival,
  of: { readonly mask: number; readonly instance: Instance },
): void {
  const state = tables.layout.states[of.instance.index];
  if (state === undefined) return;
  tables.sources.push(of.mask, state.word, state.shift, maskOf(state) >> state.shift, tables.ranges);
  addBundle(tables, of.instance, arrival);
}

function addCounter(tables: Tables, field: Field): void {
  const { instance, word, shift, name: event, saga } = field;
  if (instance === undefined) return;
  const mask = maskOf(field);
  tables.messageMasks[word] = (tables.messageMasks[word] ?? 0) | mask;
  const source = tables.sources.length / valuesPer.source;
  for (let bit = shift; mask >> bit > 0; bit++) tables.sourceOfBit[word * 32 + bit] = source;
  const from = field.kind === "stash" ? "stash" : "bag";
  addSource(tables, { event, saga, source: { from, field } }, { mask, instance });
}

function addQueues(tables: Tables): void {
  for (const queue of tables.layout.queues.values()) {
    const first = tables.sources.length / valuesPer.source;
    tables.queues.push(queue.word, queue.shift, 2 ** queue.bits - 1, first - 1);
    for (const [index, { event, saga }] of queue.messages.entries()) {
      const source = { from: "queue", queue, code: index + 1 } as const;
      addSource(tables, { event, saga, source }, { mask: 0, instance: queue.instance });
    }
  }
}
