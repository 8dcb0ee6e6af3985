// The explored space: states packed one after another, found again by hashing, each with the step that first
// led to it, and all edges.
import { type Folding, foldState } from "./folding.ts";
import type { Program } from "./tables.ts";

/** What is known of a state besides its fields. */
export const stateFlag = {
  /** No event, deadline or activity step is enabled. */
  quiescent: 1,
  /**
   * No event, timeout or activity step is enabled, but a business deadline is armed: nothing happens until it
   * is due.
   */
  paused: 2,
} as const;

/** All arrays grow by factors; entries beyond the counts are meaningless. */
export interface Space {
  readonly program: Program;
  /** Present where of states that differ by an exchange of participants one stands for all. */
  readonly folding: Folding | undefined;
  readonly words: number;
  states: number;
  transitions: number;
  /** State after state, `words` integers each. */
  arena: Int32Array;
  /** Open addressing: index of a state plus one, 0 where free. At most half full. */
  slots: Int32Array;
  /** The state and the step through which a state was first reached; -1 for a root. */
  parent: Int32Array;
  via: Int32Array;
  flags: Uint8Array;
  /** First edge of every state; the next entry ends it. */
  edgeStart: Int32Array;
  edgeTo: Int32Array;
  edgeStep: Int32Array;
  /** The first state in which each step was enabled, -1 for none; see {@link makeRoomForSteps}. */
  firstUse: Int32Array;
  /** The successors of the state being expanded, one after another. */
  batch: Int32Array;
  batchStep: Int32Array;
  batchSlot: Int32Array;
  batched: number;
}

const statesAtFirst = 512;
const edgesPerState = 4;
const stepsAtFirst = 128;
const successorsAtFirst = 64;

/**
 * Small spaces grow fourfold: a product of sagas spent a fifth of its time on copying when it only doubled.
 */
const growsFourfoldBelow = 65_536;

/** An empty space. */
export function createSpace(program: Program, folding?: Folding): Space {
  return {
    program,
    folding,
    words: program.words,
    states: 0,
    transitions: 0,
    arena: new Int32Array(statesAtFirst * program.words),
    slots: new Int32Array(statesAtFirst * 2),
    parent: new Int32Array(statesAtFirst),
    via: new Int32Array(statesAtFirst),
    flags: new Uint8Array(statesAtFirst),
    edgeStart: new Int32Array(statesAtFirst + 1),
    edgeTo: new Int32Array(statesAtFirst * edgesPerState),
    edgeStep: new Int32Array(statesAtFirst * edgesPerState),
    firstUse: new Int32Array(Math.max(stepsAtFirst, program.steps.length)).fill(-1),
    batch: new Int32Array(program.words * successorsAtFirst),
    batchStep: new Int32Array(successorsAtFirst),
    batchSlot: new Int32Array(successorsAtFirst),
    batched: 0,
  };
}

/** Makes room for `more` states and edges. */
export function makeRoom(space: Space, more: number): void {
  const states = space.states + more;
  if (states > space.parent.length) growStates(space, Math.max(states, grown(space.parent.length)));
  const edges = space.transitions + more;
  if (edges <= space.edgeTo.length) return;
  const length = Math.max(edges, grown(space.edgeTo.length));
  space.edgeTo = longer(space.edgeTo, length);
  space.edgeStep = longer(space.edgeStep, length);
}

function grown(length: number): number {
  return length < growsFourfoldBelow ? length * 4 : length * 2;
}

function growStates(space: Space, length: number): void {
  space.arena = longer(space.arena, length * space.words);
  space.parent = longer(space.parent, length);
  space.via = longer(space.via, length);
  space.edgeStart = longer(space.edgeStart, length + 1);
  const flags = new Uint8Array(length);
  flags.set(space.flags);
  space.flags = flags;
  // The table is rebuilt, at most a half full, with a power of two as its length.
  space.slots = new Int32Array(2 ** Math.ceil(Math.log2(length * 2)));
  const { arena, slots, words } = space;
  for (let state = 0; state < space.states; state++) {
    let slot = hash(arena, state * words, words) & (slots.length - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = state + 1;
  }
}

/** Makes room for the first use of steps that have been listed meanwhile. */
export function makeRoomForSteps(space: Space): void {
  const { length } = space.firstUse;
  if (space.program.steps.length <= length) return;
  space.firstUse = longer(space.firstUse, Math.max(space.program.steps.length, length * 2));
  space.firstUse.fill(-1, length);
}

/** Makes room for one more successor of the state being expanded. */
export function makeRoomForSuccessor(space: Space): void {
  const { length } = space.batchStep;
  if (space.batched < length) return;
  space.batch = longer(space.batch, 2 * length * space.words);
  space.batchStep = longer(space.batchStep, 2 * length);
  space.batchSlot = longer(space.batchSlot, 2 * length);
}

/** A copy with more room. */
export function longer(array: Int32Array, length: number): Int32Array {
  const copy = new Int32Array(length);
  copy.set(array);
  return copy;
}

/** The bytes that a space holds. */
export function bytesOf(space: Space): number {
  const { arena, slots, parent, via, edgeStart, edgeTo, edgeStep, flags } = space;
  return [arena, slots, parent, via, edgeStart, edgeTo, edgeStep, flags].reduce(
    (sum, array) => sum + array.byteLength,
    0,
  );
}

function hash(array: Int32Array, base: number, words: number): number {
  let value = 0x9747b28c;
  for (let word = 0; word < words; word++) {
    value = Math.imul(value ^ (array[base + word] ?? 0), 0x85ebca6b);
    value ^= value >>> 15;
  }
  value = Math.imul(value, 0xc2b2ae35);
  return (value ^ (value >>> 13)) >>> 0;
}

/**
 * Adds the batch: the successors of `state`, and their edges. Most of the time is spent looking up known
 * states; keeping hashes beside the slots did not make it faster.
 */
export function internBatch(space: Space, state: number): void {
  makeRoom(space, space.batched);
  const { batch, batchSlot, batchStep, slots, words, batched, folding } = space;
  if (folding !== undefined)
    for (let index = 0; index < batched; index++) foldState(folding, batch, index * words);
  const last = slots.length - 1;
  for (let index = 0; index < batched; index++) batchSlot[index] = hash(batch, index * words, words) & last;
  for (let index = 0; index < batched; index++) {
    const before = space.states;
    const target = intern(space, index * words, batchSlot[index] ?? 0);
    const step = batchStep[index] ?? 0;
    if (target === before) {
      space.parent[target] = state;
      space.via[target] = step;
    }
    space.edgeTo[space.transitions] = target;
    space.edgeStep[space.transitions] = step;
    space.transitions++;
  }
  space.batched = 0;
}

/**
 * The index of the state at an offset of the batch; when it is new it is added, and its index is the count
 * before.
 */
function intern(space: Space, from: number, firstSlot: number): number {
  const { arena, batch, slots, words } = space;
  const last = slots.length - 1;
  let slot = firstSlot;
  for (;;) {
    const found = (slots[slot] ?? 0) - 1;
    if (found < 0) break;
    if (isSame(space, found * words, from)) return found;
    slot = (slot + 1) & last;
  }
  slots[slot] = space.states + 1;
  const base = space.states * words;
  for (let word = 0; word < words; word++) arena[base + word] = batch[from + word] ?? 0;
  return space.states++;
}

function isSame({ arena, batch, words }: Space, base: number, from: number): boolean {
  for (let word = 0; word < words; word++) {
    if (arena[base + word] !== batch[from + word]) return false;
  }
  return true;
}

/** Adds the state at the beginning of the batch as a root. */
export function internRoot(space: Space): void {
  const before = space.states;
  if (intern(space, 0, hash(space.batch, 0, space.words) & (space.slots.length - 1)) < before) return;
  space.parent[before] = -1;
  space.via[before] = -1;
}
