// The steps of a world as flat integer tables: what the explorer runs.
//
// A step's whole effect on the counters is one constant per word: the state before it is known, so no
// addition carries from field to field. Generated source would not be faster: most of the time is spent
// looking up known states. A browser may also forbid it.
import { createLayout, type Field, type Layout, maskOf, type Widths } from "./layout.ts";
import { longer } from "./space.ts";
import { indexSteps, valuesPer } from "./step-index.ts";
import type { Program } from "./tables.ts";
import type { Guard, Step } from "./step.ts";
import { stepsOf } from "./steps.ts";
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

const stepsAtFirst = 128;
const listsAtFirst = 1_024;

/**
 * Compiles a world; counters and queues are as wide as `widths` says, other queues hold `room` messages. No
 * step is listed yet.
 */
export function programOf(world: World, widths: Widths, room?: number): Program {
  const layout = createLayout(world, widths, room);
  return {
    world,
    layout,
    words: layout.words,
    ...indexSteps(world, layout),
    steps: [],
    table: new Int32Array(stepsAtFirst * stride),
    lists: new Int32Array(listsAtFirst),
    listsEnd: 0,
    classes: new Uint8Array(stepsAtFirst),
    checked: new Map(),
    queued: new Map(),
    copies: [],
  };
}

/** Lists the steps of a range. */
export function listRange(program: Program, range: number): void {
  const bundle = program.bundles[program.bundleOf[range] ?? 0];
  if (bundle === undefined) return;
  const { steps, ranges } = program;
  const listed = stepsOf(program, bundle, range - bundle.first);
  ranges[range * valuesPer.range] = steps.length;
  ranges[range * valuesPer.range + 1] = steps.length + listed.length;
  makeRoomForSteps(program, steps.length + listed.length);
  const builder: Builder = { program, start: program.listsEnd, lists: [] };
  for (const step of listed) {
    program.classes[steps.length] = classOf(step);
    writeStep(builder, step, steps.length * stride);
    steps.push(step);
  }
  program.listsEnd += builder.lists.length;
  if (program.listsEnd > program.lists.length)
    program.lists = longer(program.lists, Math.max(program.listsEnd, program.lists.length * 2));
  program.lists.set(builder.lists, builder.start);
}

/** Lists every step, in the order of the contract: for what asks for steps that no state has yet enabled. */
export function listAll(program: Program): void {
  for (let range = 0; range < program.bundleOf.length; range++)
    if ((program.ranges[range * valuesPer.range] ?? 0) < 0) listRange(program, range);
}

/** The indices of the steps listed so far, in the order of the contract. */
export function inOrder({ ranges, bundleOf }: Program): readonly number[] {
  const indices: number[] = [];
  for (let range = 0; range < bundleOf.length; range++) {
    const end = ranges[range * valuesPer.range + 1] ?? 0;
    for (let step = ranges[range * valuesPer.range] ?? 0; step < end; step++) indices.push(step);
  }
  return indices;
}

function makeRoomForSteps(program: Program, steps: number): void {
  const room = program.classes.length;
  if (steps <= room) return;
  const length = Math.max(steps, room * 2);
  program.table = longer(program.table, length * stride);
  const classes = new Uint8Array(length);
  classes.set(program.classes);
  program.classes = classes;
}

/** Writes the steps of a range; what it adds to the lists begins at `start`. */
interface Builder {
  readonly program: Program;
  readonly start: number;
  readonly lists: number[];
}

function classOf(step: Step): number {
  if (step.kind === "held") return stepClasses.held;
  if (step.fault !== undefined) return stepClasses.fault;
  if (step.kind === "deadline" && step.reaction?.key === "deadlines") return stepClasses.deadline;
  return step.kind === "command" ? stepClasses.command : stepClasses.step;
}

function writeStep(builder: Builder, step: Step, at: number): void {
  const { program, start, lists } = builder;
  const { table } = program;
  if (step.guards.length > guardsMax)
    throw new RangeError(
      `${step.trigger} at ${step.instance.name} depends on more than ${guardsMax} sets of facts`,
    );
  for (const [index, guard] of step.guards.entries())
    writeGuard(table, at + offsetOf.guard + index * 3, guard);
  const { forgets } = step;
  table[at + offsetOf.clearWord] = forgets?.word ?? 0;
  table[at + offsetOf.clearMask] = forgets === undefined ? 0 : maskOf(forgets);
  const deltas = deltasOf(program.layout, step);
  table[at + offsetOf.checks] = start + lists.length;
  for (const { field, by } of deltas) writeCheck(builder, field, by);
  table[at + offsetOf.checksEnd] = start + lists.length;
  table[at + offsetOf.adds] = start + lists.length;
  writeAdds(lists, deltas);
  table[at + offsetOf.addsEnd] = start + lists.length;
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
function writeCheck({ program, start, lists }: Builder, field: Field, delta: number): void {
  const isSafe =
    field.kind === "state" || field.kind === "facts" || delta === 0 || (delta < 0 && field.kind !== "tally");
  if (isSafe) return;
  program.checked.set(start + lists.length, field);
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
  const { program, start, lists } = builder;
  const { table, queued } = program;
  const queue = step.takes && step.source?.from === "queue" ? step.source.queue : undefined;
  table[at + offsetOf.dequeue] = queue?.word ?? -1;
  table[at + offsetOf.dequeueBits] = queue?.bits ?? 0;
  table[at + offsetOf.dequeueWords] = queue?.words ?? 0;
  table[at + offsetOf.dequeueShift] = queue?.shift ?? 0;
  table[at + offsetOf.dequeueMask] = queue?.mask ?? 0;
  table[at + offsetOf.puts] = start + lists.length;
  for (const { queued: put } of step.emits) {
    if (put === undefined) continue;
    queued.set(start + lists.length, put.queue);
    const { word, shift, mask, bits, slots } = put.queue;
    lists.push(word, shift, mask, bits, slots, put.code);
  }
  table[at + offsetOf.putsEnd] = start + lists.length;
}
