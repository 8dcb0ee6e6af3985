// Expands one state: finds the steps that are enabled, and takes all of them or those of a stubborn set into
// the batch.
import { firstIn, isEnabled } from "./enabled.ts";
import { noteOverflow } from "./full-channels.ts";
import { offsetOf, valuesPerPut, stepClasses, stride } from "./program.ts";
import type { Run } from "./run.ts";
import { internBatch, makeRoomForSuccessor, type Space, stateFlag } from "./space.ts";
import { valuesPer } from "./step-index.ts";
import { beginState, chooseSteps, type Chooser, noteEnabled } from "./stubborn.ts";

/**
 * Takes the enabled steps of a state: first those of messages on their way, then those that entities take on
 * their own.
 */
export function expand(run: Run, state: number): void {
  const { space, chooser } = run;
  if (chooser !== undefined) beginState(chooser, state);
  const busy = findSteps(run, state);
  if (chooser !== undefined) takeChosen(run, chooser, state);
  internBatch(space, state);
  if (busy === busyness.not) space.flags[state] = stateFlag.quiescent;
  else if (busy === busyness.deadline) space.flags[state] = stateFlag.paused;
  space.edgeStart[state + 1] = space.transitions;
}

/**
 * What can happen in a state without a command, as bits; steps that happen at once have priority over
 * deadlines.
 */
const busyness = { not: 0, step: 1, deadline: 2 } as const;

function busyBy(stepClass: number | undefined): number {
  if (stepClass === stepClasses.step) return busyness.step;
  return stepClass === stepClasses.deadline ? busyness.deadline : busyness.not;
}

function takeChosen(run: Run, chooser: Chooser, state: number): void {
  const count = chooseSteps(chooser, run.space);
  for (let index = 0; index < count; index++) take(run, state, chooser.chosen[index] ?? 0);
}

/** Finds the enabled steps and takes or notes them. Returns what can happen without a command. */
function findSteps(run: Run, state: number): number {
  const { space } = run;
  const { messageMasks, queues, instances } = space.program;
  const base = state * space.words;
  let busy = 0;
  for (let word = 0; word < space.words; word++) {
    let rest = (space.arena[base + word] ?? 0) & (messageMasks[word] ?? 0);
    while (rest !== 0) {
      const source = space.program.sourceOfBit[word * 32 + 31 - Math.clz32(rest)] ?? 0;
      rest &= ~(space.program.sources[source * valuesPer.source] ?? 0);
      busy |= takeFrom(run, state, source);
    }
  }
  for (let queue = 0; queue < queues.length; queue += valuesPer.queue) {
    const word = space.arena[base + (queues[queue] ?? 0)] ?? 0;
    const code = (word >> (queues[queue + 1] ?? 0)) & (queues[queue + 2] ?? 0);
    if (code !== 0) busy |= takeFrom(run, state, (queues[queue + 3] ?? 0) + code);
  }
  for (let at = 0; at < instances.length; at += valuesPer.instance) {
    const word = space.arena[base + (instances[at] ?? 0)] ?? 0;
    const local = (word >> (instances[at + 1] ?? 0)) & (instances[at + 2] ?? 0);
    busy |= takeRange(run, state, (instances[at + 3] ?? 0) + local);
  }
  return busy;
}

function takeFrom(run: Run, state: number, source: number): number {
  const { space } = run;
  const { sources } = space.program;
  const at = source * valuesPer.source;
  const word = space.arena[state * space.words + (sources[at + 1] ?? 0)] ?? 0;
  const local = (word >> (sources[at + 2] ?? 0)) & (sources[at + 3] ?? 0);
  return takeRange(run, state, (sources[at + 4] ?? 0) + local);
}

/** Takes or notes the enabled steps of a range. Returns what can happen without a command. */
function takeRange(run: Run, state: number, range: number): number {
  const { space, chooser } = run;
  const first = firstIn(space, range);
  const end = space.program.ranges[range * valuesPer.range + 1] ?? 0;
  const base = state * space.words;
  let busy = 0;
  for (let step = first; step < end; step++) {
    if (!isEnabled(space, base, step)) continue;
    busy |= chooser === undefined ? take(run, state, step) : note(run, chooser, { state, step });
  }
  return busy;
}

interface EnabledStep {
  readonly state: number;
  readonly step: number;
}

function note({ space }: Run, chooser: Chooser, { state, step }: EnabledStep): number {
  if ((space.firstUse[step] ?? 0) < 0) space.firstUse[step] = state;
  const busy = busyBy(space.program.classes[step]);
  // A deadline is never a key step: like a command, it may come after all others.
  noteEnabled(chooser, step, busy === busyness.step && findFull(space, { state, step }) < 0);
  return busy;
}

/** Adds the successor of an enabled step to the batch. Returns what the step shows can happen. */
function take(run: Run, state: number, step: number): number {
  const { space } = run;
  const { firstUse, program } = space;
  if ((firstUse[step] ?? 0) < 0) firstUse[step] = state;
  const stepClass = program.classes[step] ?? 0;
  if (stepClass === stepClasses.held) return 0;
  const busy = busyBy(stepClass);
  makeRoomForSuccessor(space);
  if (hasRoom(run, state, step) && apply(run, state, step)) space.batchStep[space.batched++] = step;
  return busy;
}

function hasRoom(run: Run, state: number, step: number): boolean {
  const { checked } = run.space.program;
  const first = findFull(run.space, { state, step });
  // Each channel that is full is a finding of its own.
  for (let check = first; check >= 0; check = findFull(run.space, { state, step, after: check })) {
    const channel = checked.get(check);
    if (channel !== undefined) noteOverflow(run, { state, step, channel });
  }
  return first < 0;
}

interface Look extends EnabledStep {
  /** The check to continue after; the first one if absent. */
  readonly after?: number;
}

/**
 * The first check that a step does not pass: its counter is full, or its tally too low; -1 when there is
 * none.
 */
function findFull({ arena, program, words }: Space, { state, step, after }: Look): number {
  const { table, lists } = program;
  const at = step * stride;
  const end = table[at + offsetOf.checksEnd] ?? 0;
  for (
    let check = after === undefined ? (table[at + offsetOf.checks] ?? 0) : after + 4;
    check < end;
    check += 4
  ) {
    const value = (arena[state * words + (lists[check] ?? 0)] ?? 0) & (lists[check + 1] ?? 0);
    if (value < (lists[check + 2] ?? 0) || value > (lists[check + 3] ?? 0)) return check;
  }
  return -1;
}

/** The state after a step that was taken in a state, before it is folded. */
export function successorOf(space: Space, state: number, step: number): Int32Array {
  space.batched = 0;
  apply(
    {
      space,
      overflows: new Map(),
      looks: new Map(),
      paced: new Map(),
      chooser: undefined,
      tooNarrow: undefined,
    },
    state,
    step,
  );
  return space.batch.slice(0, space.words);
}

/** Builds the successor at the end of the batch; false when a queue is full. */
function apply(run: Run, state: number, step: number): boolean {
  const { arena, program, batch, words } = run.space;
  const { table, lists } = program;
  const from = state * words;
  const to = run.space.batched * words;
  for (let word = 0; word < words; word++) batch[to + word] = arena[from + word] ?? 0;
  const at = step * stride;
  const cleared = table[at + offsetOf.clearMask] ?? 0;
  if (cleared !== 0) {
    const word = to + (table[at + offsetOf.clearWord] ?? 0);
    batch[word] = (batch[word] ?? 0) & ~cleared;
  }
  const end = table[at + offsetOf.addsEnd] ?? 0;
  for (let add = table[at + offsetOf.adds] ?? 0; add < end; add += 2) {
    const word = to + (lists[add] ?? 0);
    batch[word] = (batch[word] ?? 0) + (lists[add + 1] ?? 0);
  }
  if ((table[at + offsetOf.dequeue] ?? -1) >= 0) dequeue(run.space, at, to);
  return table[at + offsetOf.puts] === table[at + offsetOf.putsEnd] || enqueue(run, state, step);
}

/** Takes the oldest message of a queue: the others move up, across its words. */
function dequeue({ program: { table }, batch }: Space, at: number, to: number): void {
  const first = to + (table[at + offsetOf.dequeue] ?? 0);
  const bits = table[at + offsetOf.dequeueBits] ?? 1;
  if (table[at + offsetOf.dequeueWords] === 1) {
    const shift = table[at + offsetOf.dequeueShift] ?? 0;
    const part = (table[at + offsetOf.dequeueMask] ?? 0) << shift;
    const word = batch[first] ?? 0;
    batch[first] = (word & ~part) | (((word & part) >> bits) & part);
    return;
  }
  const last = first + (table[at + offsetOf.dequeueWords] ?? 1) - 1;
  const top = (Math.trunc(31 / bits) - 1) * bits;
  for (let word = first; word <= last; word++) {
    const next = word < last ? (batch[word + 1] ?? 0) & (2 ** bits - 1) : 0;
    batch[word] = ((batch[word] ?? 0) >> bits) | (next << top);
  }
}

/** Adds the messages of a step to their queues; false where one is full. */
function enqueue(run: Run, state: number, step: number): boolean {
  const { program, batch, batched, words } = run.space;
  const { table, lists, queued } = program;
  const end = table[step * stride + offsetOf.putsEnd] ?? 0;
  let hasRoom = true;
  for (let put = table[step * stride + offsetOf.puts] ?? 0; put < end; put += valuesPerPut) {
    const shift = lists[put + 1] ?? 0;
    const mask = lists[put + 2] ?? 0;
    const bits = lists[put + 3] ?? 1;
    const inWord = Math.trunc(31 / bits);
    let word = batched * words + (lists[put] ?? 0);
    let left = lists[put + 4] ?? 0;
    for (; left > inWord && (batch[word] ?? 0) >> ((inWord - 1) * bits) !== 0; left -= inWord) word++;
    const length = Math.ceil((32 - Math.clz32(((batch[word] ?? 0) >> shift) & mask)) / bits);
    if (length >= Math.min(left, inWord)) {
      const channel = queued.get(put);
      if (channel !== undefined) noteOverflow(run, { state, step, channel });
      hasRoom = false;
      continue;
    }
    batch[word] = (batch[word] ?? 0) | ((lists[put + 5] ?? 0) << (shift + length * bits));
  }
  return hasRoom;
}
