// The explored space: states packed one after another, found again by hashing, each with the step that first led to it, and all edges.
import type { Program } from "./tables.ts";

/** What is known of a state besides its fields. */
export const FLAG = {
  /** No event, timer or effect step is enabled. */
  quiescent: 1,
} as const;

/** All arrays grow by doubling; entries beyond the counts are meaningless. */
export interface Space {
  readonly program: Program;
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
  /** The first state in which each step was enabled, -1 for none. */
  readonly firstUse: Int32Array;
  /** A successor under construction. */
  readonly scratch: Int32Array;
}

const STATES_AT_FIRST = 512;
const EDGES_PER_STATE = 4;

/** An empty space. */
export function createSpace(program: Program): Space {
  return {
    program,
    words: program.words,
    states: 0,
    transitions: 0,
    arena: new Int32Array(STATES_AT_FIRST * program.words),
    slots: new Int32Array(STATES_AT_FIRST * 2),
    parent: new Int32Array(STATES_AT_FIRST),
    via: new Int32Array(STATES_AT_FIRST),
    flags: new Uint8Array(STATES_AT_FIRST),
    edgeStart: new Int32Array(STATES_AT_FIRST + 1),
    edgeTo: new Int32Array(STATES_AT_FIRST * EDGES_PER_STATE),
    edgeStep: new Int32Array(STATES_AT_FIRST * EDGES_PER_STATE),
    firstUse: new Int32Array(program.steps.length).fill(-1),
    scratch: new Int32Array(program.words),
  };
}

/** Makes room for `more` states and edges. */
export function makeRoom(space: Space, more: number): void {
  const states = space.states + more;
  if (states > space.parent.length) growStates(space, Math.max(states, space.parent.length * 2));
  const edges = space.transitions + more;
  if (edges <= space.edgeTo.length) return;
  const length = Math.max(edges, space.edgeTo.length * 2);
  space.edgeTo = longer(space.edgeTo, length);
  space.edgeStep = longer(space.edgeStep, length);
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

function longer(array: Int32Array, length: number): Int32Array {
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

/** The index of the state in scratch; when it is new it is added, and its index is the count before. There must be room. */
export function intern(space: Space): number {
  const { arena, slots, scratch, words } = space;
  const last = slots.length - 1;
  let slot = hash(scratch, 0, words) & last;
  for (;;) {
    const found = (slots[slot] ?? 0) - 1;
    if (found < 0) break;
    if (isSame(arena, found * words, scratch)) return found;
    slot = (slot + 1) & last;
  }
  slots[slot] = space.states + 1;
  const base = space.states * words;
  for (let word = 0; word < words; word++) arena[base + word] = scratch[word] ?? 0;
  return space.states++;
}

function isSame(arena: Int32Array, base: number, scratch: Int32Array): boolean {
  for (let word = 0; word < scratch.length; word++) {
    if (arena[base + word] !== scratch[word]) return false;
  }
  return true;
}

/** The index of the state in scratch, or -1. */
export function find(space: Space): number {
  const { arena, slots, scratch, words } = space;
  let slot = hash(scratch, 0, words) & (slots.length - 1);
  for (;;) {
    const found = (slots[slot] ?? 0) - 1;
    if (found < 0 || isSame(arena, found * words, scratch)) return found;
    slot = (slot + 1) & (slots.length - 1);
  }
}
