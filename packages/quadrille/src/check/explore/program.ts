// The steps of a world as flat integer tables: what the explorer runs.
//
// A step's whole effect on the counters is one constant per word: the state before it is known, so no
// addition carries from field to field. Generated source would not be faster: most of the time is spent
// looking up known states. A browser may also forbid it.
import { createLayout, type Field, type Layout, maskOf, type Queue, type Widths } from "./layout.ts";
import { group, indexSteps } from "./step-index.ts";
import type { Program } from "./tables.ts";
import type { Guard, Step } from "./step.ts";
import { listSteps } from "./steps.ts";
import type { World } from "../model/world.ts";

/** Integers of one step in {@link Program.table}. */
export const stride = 25;

/** Guards that a step has at most. */
const guardsMax = 4;

/**
 * Positions within a step's integers. A guard is word, mask, wanted value; a negative value, `~value`, means
 * any other value.
 */
export const offsetOf = {
  guard: 0,
  /** From here to the next in the list of (word, mask, low, high): ranges that must hold before. */
  checks: 12,
  checksEnd: 13,
  /** Pairs (word, value) to add. */
  adds: 14,
  addsEnd: 15,
  /**
   * The queue from which the message is taken: its first word, -1 where there is none, bits of a message, and
   * number of words; further below its shift and mask.
   */
  dequeue: 16,
  dequeueBits: 17,
  dequeueWords: 18,
  /**
   * Groups of {@link valuesPerPut}: first word, shift, mask, bits and slots of a queue, and the code to add.
   */
  puts: 19,
  putsEnd: 20,
  /**
   * Word and mask of the bits that are cleared before anything is added; the mask is 0 where there are none.
   */
  clearWord: 21,
  clearMask: 22,
  dequeueShift: 23,
  dequeueMask: 24,
} as const;

/** Integers of one message to enqueue. */
export const valuesPerPut = 6;

/** What kind of step it is for the explorer. A business deadline always comes, but not before its time. */
export const stepClasses = { step: 0, command: 1, held: 2, fault: 3, deadline: 4 } as const;

/** Compiles a world; counters are as wide as `widths` says. */
export function compile(world: World, widths: Widths): Program {
  const layout = createLayout(world, widths);
  const index = indexSteps(world, layout);
  const { steps, ranges, branchMax } = group(index, listSteps(world, layout));
  const builder: Builder = {
    world,
    layout,
    lists: [],
    checked: new Map(),
    queued: new Map(),
    table: new Int32Array(steps.length * stride),
  };
  const classes = new Uint8Array(steps.length);
  for (const [at, step] of steps.entries()) {
    writeStep(builder, step, at * stride);
    classes[at] = classOf(step);
  }
  return {
    world,
    layout,
    steps,
    words: layout.words,
    ...index.tables,
    ranges,
    branchMax,
    table: builder.table,
    lists: Int32Array.from(builder.lists),
    classes,
    checked: builder.checked,
    queued: builder.queued,
  };
}

interface Builder {
  readonly world: World;
  readonly layout: Layout;
  readonly lists: number[];
  readonly checked: Map<number, Field>;
  readonly queued: Map<number, Queue>;
  readonly table: Int32Array;
}

function classOf(step: Step): number {
  if (step.kind === "held") return stepClasses.held;
  if (step.fault !== undefined) return stepClasses.fault;
  if (step.kind === "deadline" && step.reaction?.key === "deadlines") return stepClasses.deadline;
  return step.kind === "command" ? stepClasses.command : stepClasses.step;
}

function writeStep(builder: Builder, step: Step, at: number): void {
  const { table } = builder;
  if (step.guards.length > guardsMax)
    throw new RangeError(
      `${step.trigger} at ${step.instance.name} depends on more than ${guardsMax} sets of facts`,
    );
  for (const [index, guard] of step.guards.entries())
    writeGuard(table, at + offsetOf.guard + index * 3, guard);
  const { forgets } = step;
  table[at + offsetOf.clearWord] = forgets?.word ?? 0;
  table[at + offsetOf.clearMask] = forgets === undefined ? 0 : maskOf(forgets);
  const deltas = deltasOf(builder.layout, step);
  table[at + offsetOf.checks] = builder.lists.length;
  for (const { field, by } of deltas) writeCheck(builder, field, by);
  table[at + offsetOf.checksEnd] = builder.lists.length;
  table[at + offsetOf.adds] = builder.lists.length;
  writeAdds(builder.lists, deltas);
  table[at + offsetOf.addsEnd] = builder.lists.length;
  writeQueues(builder, step, at);
}

function writeGuard(table: Int32Array, at: number, { field, bits, equals, differs = 0 }: Guard): void {
  table[at] = field.word;
  table[at + 1] = bits === undefined ? maskOf(field) : bits << field.shift;
  table[at + 2] = equals === undefined ? ~(differs << field.shift) : equals << field.shift;
}

/** What a step adds to a counter. */
export interface Delta {
  readonly field: Field;
  by: number;
}

/** What a step adds to each counter: a list, since it changes few and a program has hundreds of steps. */
export function deltasOf(layout: Layout, step: Step): readonly Delta[] {
  const deltas: Delta[] = [];
  const add = (field: Field | undefined, by: number): void => {
    if (field === undefined) return;
    const known = deltas.find((one) => one.field === field);
    if (known === undefined) deltas.push({ field, by });
    else known.by += by;
  };
  add(layout.states[step.instance.index], step.to - step.from);
  if (step.takes && step.source !== undefined && step.source.from !== "queue") add(step.source.field, -1);
  for (const { field } of step.emits) add(field, 1);
  for (const [field, delta] of step.changes) add(field, delta);
  return deltas;
}

/**
 * State fields need no check, because a step's range implies them. Every other counter may overflow, and a
 * tally may fall below zero.
 */
function writeCheck({ lists, checked }: Builder, field: Field, delta: number): void {
  const isSafe =
    field.kind === "state" || field.kind === "facts" || delta === 0 || (delta < 0 && field.kind !== "tally");
  if (isSafe) return;
  checked.set(lists.length, field);
  const low = Math.max(0, -delta);
  const high = Math.min(field.max, field.max - delta);
  lists.push(field.word, maskOf(field), low << field.shift, high << field.shift);
}

/** Pairs of a word and the sum of what is added in it, in the order in which the words come up. */
function writeAdds(lists: number[], deltas: readonly Delta[]): void {
  const start = lists.length;
  for (const { field, by } of deltas) {
    if (by === 0) continue;
    const value = by * 2 ** field.shift;
    let at = start;
    while (at < lists.length && lists[at] !== field.word) at += 2;
    if (at === lists.length) lists.push(field.word, value);
    else lists[at + 1] = (lists[at + 1] ?? 0) + value;
  }
}

function writeQueues(builder: Builder, step: Step, at: number): void {
  const { lists, table, queued } = builder;
  const queue = step.takes && step.source?.from === "queue" ? step.source.queue : undefined;
  table[at + offsetOf.dequeue] = queue?.word ?? -1;
  table[at + offsetOf.dequeueBits] = queue?.bits ?? 0;
  table[at + offsetOf.dequeueWords] = queue?.words ?? 0;
  table[at + offsetOf.dequeueShift] = queue?.shift ?? 0;
  table[at + offsetOf.dequeueMask] = queue?.mask ?? 0;
  table[at + offsetOf.puts] = lists.length;
  for (const { queued: put } of step.emits) {
    if (put === undefined) continue;
    queued.set(lists.length, put.queue);
    const { word, shift, mask, bits, slots } = put.queue;
    lists.push(word, shift, mask, bits, slots, put.code);
  }
  table[at + offsetOf.putsEnd] = lists.length;
}
