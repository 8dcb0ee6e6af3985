// Breadth-first exploration of a program: every reachable state within the bound, so the first path to anything is a shortest one.
import type { ChoreographyJson } from "../contract/json-form.ts";
import { resolveBound, type Bound, type CheckOptions } from "./bound.ts";
import type { Field, Widths } from "./layout.ts";
import { PER } from "./step-index.ts";
import { AT, compile, QUIET, SOME, STRIDE } from "./program.ts";
import type { Program } from "./tables.ts";
import { bytesOf, createSpace, FLAG, internBatch, internRoot, makeRoom, type Space } from "./space.ts";
import { createWorld } from "./world.ts";

/** A step that could not be taken: its counter is full, or its tally would fall below zero. */
export interface Overflow {
  readonly state: number;
  readonly step: number;
  /** Absent for a queue. */
  readonly field: Field | undefined;
}

/** What was explored, and why not more. */
export interface Exploration {
  readonly program: Program;
  readonly space: Space;
  readonly bound: Bound;
  readonly exhausted: boolean;
  /** Why the exploration is not exhausted. */
  readonly limit: "states" | "bytes" | "cap" | undefined;
  /** The first overflow of every field and queue. */
  readonly overflows: readonly Overflow[];
}

/** A state from which to explore. */
export interface Root {
  /** Fills the scratch of a program with the packed state. */
  readonly write: (program: Program, scratch: Int32Array) => void;
  /** How far counters must count to hold the state; see {@link Widths}. */
  readonly widths?: Widths;
}

/** The beginning: initial states, nothing on its way, every budget whole. */
export const BEGINNING: Root = { write: writeInitial };

/** Explores a choreography within a bound; shortest paths, exact counts. */
export function explore(choreography: ChoreographyJson, options: CheckOptions = {}): Exploration {
  return exploreFrom(choreography, resolveBound(options), [BEGINNING]);
}

/** Explores from given states; counters that overflow below the cap are widened, and the exploration begins again. */
export function exploreFrom(
  choreography: ChoreographyJson,
  bound: Bound,
  roots: readonly Root[],
): Exploration {
  const world = createWorld(choreography, bound);
  const widths = new Map(roots.flatMap((root) => [...(root.widths ?? [])]).toSorted((a, b) => a[1] - b[1]));
  for (;;) {
    const run = exploreProgram(compile(world, widths), roots);
    const narrow = run.overflows.filter((overflow) => isNarrow(overflow.field, run.program));
    if (narrow.length === 0) return run;
    for (const { field } of narrow) {
      if (field !== undefined) widths.set(field.key, Math.min(bound.cap, field.max * 2 + 1));
    }
  }
}

/** Whether a counter is full below the cap; a tally that would fall below zero is not a matter of width. */
function isNarrow(field: Field | undefined, program: Program): boolean {
  if (field === undefined || field.max >= program.world.bound.cap) return false;
  return field.kind === "messages" || field.kind === "stash" || field.kind === "tally";
}

function writeInitial(program: Program, scratch: Int32Array): void {
  scratch.fill(0);
  for (const field of program.layout.fields.values()) {
    const value = initialOf(field);
    scratch[field.word] = (scratch[field.word] ?? 0) + value * 2 ** field.shift;
  }
}

function initialOf(field: Field): number {
  if (field.kind === "state") return field.instance?.initial ?? 0;
  return field.kind === "budget" || field.kind === "fault" ? field.max : 0;
}

interface Run {
  readonly space: Space;
  readonly overflows: Map<number, Overflow>;
  /** Set at the first overflow of a counter below the cap: the run is of no use any more. */
  isTooNarrow: boolean;
}

function exploreProgram(program: Program, roots: readonly Root[]): Exploration {
  const space = createSpace(program);
  const run: Run = { space, overflows: new Map(), isTooNarrow: false };
  makeRoom(space, roots.length);
  for (const root of roots) addRoot(space, root);
  const { bound } = program.world;
  let limit: Exploration["limit"];
  for (let state = 0; state < space.states && !run.isTooNarrow; state++) {
    if (space.states > bound.states) limit = "states";
    if ((state & 0xfff) === 0 && bytesOf(space) > bound.bytes) limit = "bytes";
    if (limit !== undefined) break;
    makeRoom(space, program.branchMax);
    expand(run, state);
  }
  if (limit !== undefined) closeEdges(space);
  const overflows = [...run.overflows.values()];
  if (limit === undefined && overflows.some((one) => !isBelowZero(one, program))) limit = "cap";
  return { program, space, bound, exhausted: limit === undefined, limit, overflows };
}

function addRoot(space: Space, root: Root): void {
  root.write(space.program, space.batch);
  internRoot(space);
}

/** States that were found but not expanded have no edges. */
function closeEdges(space: Space): void {
  space.edgeStart.fill(space.transitions, lastExpanded(space) + 1, space.states + 1);
}

function lastExpanded(space: Space): number {
  let state = space.states;
  while (state > 0 && (space.edgeStart[state] ?? 0) === 0) state--;
  return state;
}

/** Whether the overflow is a tally falling below zero, which is a finding of its own and no cut. */
export function isBelowZero({ field, step }: Overflow, program: Program): boolean {
  if (field?.kind !== "tally") return false;
  const change = program.steps[step]?.changes.find(([one]) => one === field);
  return change !== undefined && change[1] < 0;
}

/** Takes every enabled step of a state: of the messages on their way first, then what entities do on their own. */
function expand(run: Run, state: number): void {
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
  internBatch(space, state);
  if (busy === 0) space.flags[state] = FLAG.quiescent;
  space.edgeStart[state + 1] = space.transitions;
}

function takeFrom(run: Run, state: number, source: number): number {
  const { space } = run;
  const { sources } = space.program;
  const at = source * PER.source;
  const word = space.arena[state * space.words + (sources[at + 1] ?? 0)] ?? 0;
  const local = (word >> (sources[at + 2] ?? 0)) & (sources[at + 3] ?? 0);
  return takeRange(run, state, (sources[at + 4] ?? 0) + local);
}

/** Takes the enabled steps of a range; 1 when one of them is a step that somebody will take. */
function takeRange(run: Run, state: number, range: number): number {
  const { space } = run;
  const { ranges } = space.program;
  const base = state * space.words;
  const end = ranges[range + 1] ?? 0;
  let busy = 0;
  for (let step = ranges[range] ?? 0; step < end; step++) {
    if (isEnabled(space, base, step)) busy |= take(run, state, step);
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
  const { arena, program, words } = run.space;
  const { table, lists } = program;
  const at = step * STRIDE;
  const end = table[at + AT.checksEnd] ?? 0;
  for (let check = table[at + AT.checks] ?? 0; check < end; check += 4) {
    const value = (arena[state * words + (lists[check] ?? 0)] ?? 0) & (lists[check + 1] ?? 0);
    if (value >= (lists[check + 2] ?? 0) && value <= (lists[check + 3] ?? 0)) continue;
    noteOverflow(run, { state, step, field: program.checked.get(check) }, -1);
    return false;
  }
  return true;
}

function noteOverflow(run: Run, overflow: Overflow, queueWord: number): void {
  const { program } = run.space;
  const place = overflow.field === undefined ? -queueWord : overflow.field.word * 32 + overflow.field.shift;
  const key = place * 2 + (isBelowZero(overflow, program) ? 1 : 0);
  const known = run.overflows.get(key);
  if (known === undefined) run.overflows.set(key, overflow);
  if (isNarrow(overflow.field, program) && !isBelowZero(overflow, program)) run.isTooNarrow = true;
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
