// Expands one state: finds the steps that are enabled, and takes all of them or those of a stubborn set into the batch.
import { hasStopped, isBelowZero, isNarrow, type Overflow } from "./overflow.ts";
import { AT, QUIET, SOME, STRIDE } from "./program.ts";
import { FLAG, internBatch, type Space } from "./space.ts";
import { PER } from "./step-index.ts";
import { beginState, chooseSteps, type Chooser, noteEnabled } from "./stubborn.ts";

/** An exploration under way. */
export interface Run {
  readonly space: Space;
  readonly overflows: Map<number, Overflow>;
  /** Chooses among the enabled steps; absent where all of them are taken. */
  readonly chooser: Chooser | undefined;
  /** Set at the first overflow of a counter below the cap: the run is of no use any more. */
  isTooNarrow: boolean;
}

/** Takes the enabled steps of a state: of the messages on their way first, then what entities do on their own. */
export function expand(run: Run, state: number): void {
  const { space, chooser } = run;
  if (chooser !== undefined) beginState(chooser, state);
  const busy = findSteps(run, state);
  if (chooser !== undefined) takeChosen(run, chooser, state);
  internBatch(space, state);
  if (busy === 0) space.flags[state] = FLAG.quiescent;
  space.edgeStart[state + 1] = space.transitions;
}

function takeChosen(run: Run, chooser: Chooser, state: number): void {
  const count = chooseSteps(chooser, run.space);
  for (let index = 0; index < count; index++) take(run, state, chooser.chosen[index] ?? 0);
}

/** Finds the enabled steps, and takes or notes them; 0 when nothing happens in the state without a command. */
function findSteps(run: Run, state: number): number {
  const { space } = run;
  const { messageMasks, queues, instances } = space.program;
  const base = state * space.words;
  let busy = 0;
  for (let word = 0; word < space.words; word++) {
    let rest = (space.arena[base + word] ?? 0) & (messageMasks[word] ?? 0);
    while (rest !== 0) {
      const source = space.program.sourceOfBit[word * 32 + 31 - Math.clz32(rest)] ?? 0;
      rest &= ~(space.program.sources[source * PER.source] ?? 0);
      busy |= takeFrom(run, state, source);
    }
  }
  for (let queue = 0; queue < queues.length; queue += PER.queue) {
    const code = (space.arena[base + (queues[queue] ?? 0)] ?? 0) & (queues[queue + 1] ?? 0);
    if (code !== 0) busy |= takeFrom(run, state, (queues[queue + 2] ?? 0) + code);
  }
  for (let at = 0; at < instances.length; at += PER.instance) {
    const word = space.arena[base + (instances[at] ?? 0)] ?? 0;
    const local = (word >> (instances[at + 1] ?? 0)) & (instances[at + 2] ?? 0);
    busy |= takeRange(run, state, (instances[at + 3] ?? 0) + local);
  }
  return busy;
}

function takeFrom(run: Run, state: number, source: number): number {
  const { space } = run;
  const { sources } = space.program;
  const at = source * PER.source;
  const word = space.arena[state * space.words + (sources[at + 1] ?? 0)] ?? 0;
  const local = (word >> (sources[at + 2] ?? 0)) & (sources[at + 3] ?? 0);
  return takeRange(run, state, (sources[at + 4] ?? 0) + local);
}

/** Takes or notes the enabled steps of a range; 1 when one of them is a step that somebody will take. */
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
  const at = step * STRIDE;
  for (let guard = at; guard < at + AT.checks; guard += 3) {
    const mask = table[guard + 1] ?? 0;
    if (mask === 0) return true;
    const value = (arena[base + (table[guard] ?? 0)] ?? 0) & mask;
    const wanted = table[guard + 2] ?? 0;
    if (wanted === SOME ? value === 0 : value !== wanted) return false;
  }
  return true;
}

interface Candidate {
  readonly state: number;
  readonly step: number;
}

function note({ space }: Run, chooser: Chooser, { state, step }: Candidate): number {
  if ((space.firstUse[step] ?? 0) < 0) space.firstUse[step] = state;
  const busy = space.program.quiet[step] === QUIET.step;
  noteEnabled(chooser, step, busy && findFull(space, state, step) < 0);
  return busy ? 1 : 0;
}

/** Takes an enabled step into the batch; 1 unless the state may be quiescent all the same. */
function take(run: Run, state: number, step: number): number {
  const { space } = run;
  const { firstUse, program } = space;
  if ((firstUse[step] ?? 0) < 0) firstUse[step] = state;
  const quiet = program.quiet[step] ?? 0;
  if (quiet === QUIET.held) return 0;
  const busy = quiet === QUIET.step ? 1 : 0;
  if (hasRoom(run, state, step) && apply(run, state, step)) space.batchStep[space.batched++] = step;
  return busy;
}

function hasRoom(run: Run, state: number, step: number): boolean {
  const check = findFull(run.space, state, step);
  if (check < 0) return true;
  noteOverflow(run, { state, step, field: run.space.program.checked.get(check) }, -1);
  return false;
}

/** The first check that a step does not pass: its counter is full, or its tally too low; -1 when there is none. */
function findFull({ arena, program, words }: Space, state: number, step: number): number {
  const { table, lists } = program;
  const at = step * STRIDE;
  const end = table[at + AT.checksEnd] ?? 0;
  for (let check = table[at + AT.checks] ?? 0; check < end; check += 4) {
    const value = (arena[state * words + (lists[check] ?? 0)] ?? 0) & (lists[check + 1] ?? 0);
    if (value < (lists[check + 2] ?? 0) || value > (lists[check + 3] ?? 0)) return check;
  }
  return -1;
}

function noteOverflow(run: Run, overflow: Overflow, queueWord: number): void {
  const { program } = run.space;
  const place = overflow.field === undefined ? -queueWord : overflow.field.word * 32 + overflow.field.shift;
  const isBelow = isBelowZero(overflow, program);
  // Beside a stopped entity it is no finding, and must not stand for one.
  if (isBelow && hasStopped(run.space, overflow.state)) return;
  const key = place * 2 + (isBelow ? 1 : 0);
  const known = run.overflows.get(key);
  if (known === undefined) run.overflows.set(key, overflow);
  if (isNarrow(overflow.field, program) && !isBelow) run.isTooNarrow = true;
}

/** Builds the successor at the end of the batch; false when a queue is full. */
function apply(run: Run, state: number, step: number): boolean {
  const { arena, program, batch, words } = run.space;
  const { table, lists } = program;
  const from = state * words;
  const to = run.space.batched * words;
  for (let word = 0; word < words; word++) batch[to + word] = arena[from + word] ?? 0;
  const at = step * STRIDE;
  const end = table[at + AT.addsEnd] ?? 0;
  for (let add = table[at + AT.adds] ?? 0; add < end; add += 2) {
    const word = to + (lists[add] ?? 0);
    batch[word] = (batch[word] ?? 0) + (lists[add + 1] ?? 0);
  }
  const dequeue = table[at + AT.dequeue] ?? 0;
  if (dequeue >= 0) batch[to + dequeue] = (batch[to + dequeue] ?? 0) >> (table[at + AT.dequeueBits] ?? 0);
  return table[at + AT.puts] === table[at + AT.putsEnd] || enqueue(run, state, step);
}

function enqueue(run: Run, state: number, step: number): boolean {
  const { program, batch, batched, words } = run.space;
  const { table, lists } = program;
  const end = table[step * STRIDE + AT.putsEnd] ?? 0;
  for (let put = table[step * STRIDE + AT.puts] ?? 0; put < end; put += 4) {
    const word = lists[put] ?? 0;
    const bits = lists[put + 1] ?? 1;
    const queue = batch[batched * words + word] ?? 0;
    const length = Math.ceil((32 - Math.clz32(queue)) / bits);
    if (length >= (lists[put + 2] ?? 0)) {
      noteOverflow(run, { state, step, field: undefined }, word + 1);
      return false;
    }
    batch[batched * words + word] = queue | ((lists[put + 3] ?? 0) << (length * bits));
  }
  return true;
}
