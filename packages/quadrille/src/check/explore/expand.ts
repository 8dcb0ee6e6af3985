// Expands one state: finds the steps that are enabled, and takes all of them or those of a stubborn set into
// the batch.
import { growthLoop, type GrowthLoop } from "./growth.ts";
import { type Field, maskOf, type Queue } from "./layout.ts";
import { codesIn, hasStopped, isBelowZero, isNarrow, isQueue, type Overflow, roomOf } from "./overflow.ts";
import { offsetOf, valuesPerPut, stepClasses, stride } from "./program.ts";
import { stateFlag, internBatch, type Space } from "./space.ts";
import { valuesPer } from "./step-index.ts";
import { beginState, chooseSteps, type Chooser, noteEnabled } from "./stubborn.ts";

/** An exploration under way. */
export interface Run {
  readonly space: Space;
  readonly overflows: Map<string, Overflow>;
  /** Chooses among the enabled steps; absent where all of them are taken. */
  readonly chooser: Chooser | undefined;
  /** Full channels that are not known to grow for ever, with the number of searches for a loop so far. */
  readonly looks: Map<Field | Queue, number>;
  /**
   * Channels that are filled again and again, but only as business deadlines come; with the searches since.
   */
  readonly paced: Map<Field | Queue, number>;
  /** Set when a channel has to be widened: the run is then discarded and begins again. */
  tooNarrow: Field | Queue | undefined;
}

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
  const { ranges } = space.program;
  const base = state * space.words;
  const end = ranges[range + 1] ?? 0;
  let busy = 0;
  for (let step = ranges[range] ?? 0; step < end; step++) {
    if (!isEnabled(space, base, step)) continue;
    busy |= chooser === undefined ? take(run, state, step) : note(run, chooser, { state, step });
  }
  return busy;
}

function isEnabled(space: Space, base: number, step: number): boolean {
  const { table } = space.program;
  const { arena } = space;
  const at = step * stride;
  for (let guard = at; guard < at + offsetOf.checks; guard += 3) {
    const mask = table[guard + 1] ?? 0;
    if (mask === 0) return true;
    const value = (arena[base + (table[guard] ?? 0)] ?? 0) & mask;
    const wanted = table[guard + 2] ?? 0;
    if (wanted < 0 ? value === ~wanted : value !== wanted) return false;
  }
  return true;
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

function noteOverflow(run: Run, overflow: Omit<Overflow, "loop">): void {
  const { space } = run;
  const { state, channel } = overflow;
  const isBelow = isBelowZero(overflow, space.program);
  // With a stopped entity in the state, it is not a finding.
  if (isBelow && hasStopped(space, state)) return;
  const key = `${isBelow ? "below" : "full"} ${channel.key}`;
  if (run.overflows.has(key) && !run.looks.has(channel)) return;
  if (isBelow) run.overflows.set(key, overflow);
  else noteFull(run, overflow, key);
}

/** Notes a channel that is full: it grows for ever, time fills it again and again, or it has to be wider. */
function noteFull(run: Run, overflow: Omit<Overflow, "loop">, key: string): void {
  const { space } = run;
  const { channel } = overflow;
  if ((run.paced.get(channel) ?? 0) >= looksMax) return;
  const isLarge = isQueue(channel) || roomOf(channel) >= growthFrom;
  // The steps of a folded path are not those of one run.
  const loop = isLarge && space.folding === undefined ? growthLoop(space, overflow) : undefined;
  if (loop?.isPaced === true && isWidenedFirst(run, channel)) {
    run.tooNarrow ??= channel;
    return;
  }
  if (notePaced(run, overflow, { loop, key })) return;
  const found = { ...overflow, ...(loop === undefined ? {} : { loop: loop.length }) };
  if (!run.overflows.has(key) || loop !== undefined) run.overflows.set(key, found);
  noteLook(run, channel, loop !== undefined);
}

interface Found {
  readonly loop: GrowthLoop | undefined;
  readonly key: string;
}

/** Notes that only time fills a channel, if that is so, also on a path that shows no loop. */
function notePaced(run: Run, { state, channel }: Omit<Overflow, "loop">, { loop, key }: Found): boolean {
  const searches = run.paced.get(channel);
  const isPaced = loop === undefined ? searches !== undefined : loop.isPaced && mayWait(run, state, channel);
  if (!isPaced) {
    run.paced.delete(channel);
    return false;
  }
  run.paced.set(channel, (searches ?? 0) + 1);
  run.overflows.delete(key);
  run.looks.delete(channel);
  return true;
}

/** Counts a search for a loop; after enough of them the channel is too narrow. */
function noteLook(run: Run, channel: Field | Queue, isFound: boolean): void {
  const { program } = run.space;
  const { isCapFixed } = program.world.bound;
  if ((isFound && !isCapFixed) || !isNarrow(channel, program)) {
    run.looks.delete(channel);
    return;
  }
  const looks = (run.looks.get(channel) ?? 0) + 1;
  run.looks.set(channel, looks);
  const isHopeless = !isQueue(channel) || isCapFixed;
  if (isHopeless || looks >= looksMax) run.tooNarrow ??= channel;
}

/** Whether a channel holds messages on their way, and not a tally or what an entity has deferred. */
function isOnTheWay(channel: Field | Queue): boolean {
  return isQueue(channel) || channel.kind === "messages";
}

function isWidenedFirst({ space, chooser }: Run, channel: Field | Queue): boolean {
  const { bound } = space.program.world;
  return (
    chooser === undefined &&
    !bound.isCapFixed &&
    isOnTheWay(channel) &&
    roomOf(channel) < pacedRoom &&
    isNarrow(channel, space.program)
  );
}

/** A channel that time fills holds this many messages at least before what fills it waits. */
const pacedRoom = 4;

/**
 * Whether what fills a channel as time passes may wait until its subscriber has taken something: it can take
 * now. Stubborn sets rest on no step being held back, and a fixed cap is to be reached.
 */
function mayWait(run: Run, state: number, channel: Field | Queue): boolean {
  const { space, chooser } = run;
  const { steps, world } = space.program;
  const isNone = chooser !== undefined || world.bound.isCapFixed || !isOnTheWay(channel);
  if (isNone || roomOf(channel) < pacedRoom) return false;
  const [head] = isQueue(channel) ? codesIn(space, state, channel) : [];
  return steps.some(({ source, takes, instance, from }, index) => {
    const isFromHere =
      source?.from === "queue" ? source.queue === channel && source.code === head : source?.field === channel;
    if (!isFromHere || !takes) return false;
    const place = space.program.layout.states[instance.index];
    const word = space.arena[state * space.words + (place?.word ?? 0)] ?? 0;
    const local = place === undefined ? -1 : (word & maskOf(place)) >> place.shift;
    return local === from && isEnabled(space, state * space.words, index);
  });
}

/**
 * The number of paths on which a full queue is searched for a loop before it is widened: many orders fill a
 * queue, and only few of them show the loop.
 */
const looksMax = 100;

/**
 * The search for endless growth begins at this many messages in a channel: two equal messages may do what one
 * cannot.
 */
const growthFrom = 2;

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
