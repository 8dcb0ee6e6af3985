// A step that could not be taken, because a counter or a queue cannot hold what comes of it: the first of each is noted. Then
// either there is a loop that fills it more and more (P8), or it is given more room and the exploration begins again.
import { type Field, maskOf, type Queue } from "./layout.ts";
import type { Space } from "./space.ts";
import type { Program } from "./tables.ts";

/** A step that could not be taken: its channel is full, or its tally would fall below zero. */
export interface Overflow {
  readonly state: number;
  readonly step: number;
  readonly channel: Field | Queue;
  /** For a channel that grows for ever: how many steps before this one its loop begins; see {@link growthLoop}. */
  readonly loop?: number;
}

/** Whether the overflow is a tally falling below zero, which is a finding of its own and no cut. */
export function isBelowZero(
  { channel, step }: Pick<Overflow, "channel" | "step">,
  program: Program,
): boolean {
  if (isQueue(channel) || channel.kind !== "tally") return false;
  const change = program.steps[step]?.changes.find(([one]) => one === channel);
  return change !== undefined && change[1] < 0;
}

/** Whether a channel is one with an order. */
export function isQueue(channel: Field | Queue): channel is Queue {
  return "slots" in channel;
}

/** How much a channel holds. */
export function roomOf(channel: Field | Queue): number {
  return isQueue(channel) ? channel.slots : channel.max;
}

/** How much a channel may be made to hold: messages by the bound's cap, a tally by what a word holds. */
function roomMax(channel: Field | Queue, { world: { bound } }: Program): number {
  if (isQueue(channel) || channel.kind !== "tally") return bound.cap;
  return bound.isCapFixed ? bound.cap * channel.largest : TALLY_MAX;
}

/** A tally counts at most so far: beyond it the sum of two would not fit into a word. */
const TALLY_MAX: number = 2 ** 30 - 1;

/** Whether a channel is full and may yet be made to hold more. */
export function isNarrow(channel: Field | Queue, program: Program): boolean {
  return roomOf(channel) < roomMax(channel, program);
}

/** How much a channel that is too narrow is made to hold: 1, 2, 4, 8 and so on. */
export function widened(channel: Field | Queue, program: Program): number {
  return Math.min(roomMax(channel, program), roomOf(channel) * 2);
}

/** Whether some entity of a state was stopped by an event that its contract does not handle, or says never comes: later findings may be consequences. */
export function hasStopped(space: Space, state: number): boolean {
  return space.program.world.instances.some((instance) => isStoppedIn(space, state, instance));
}

/** Whether an instance was stopped. */
function isStoppedIn(
  { arena, words, program }: Space,
  state: number,
  { index, stopped }: { readonly index: number; readonly stopped: number },
): boolean {
  const field = program.layout.states[index];
  if (field === undefined) return false;
  return ((arena[state * words + field.word] ?? 0) & maskOf(field)) >> field.shift === stopped;
}

/** The codes of the messages in a queue, the oldest first. */
export function codesIn({ arena, words }: Space, state: number, queue: Queue): number[] {
  const codes: number[] = [];
  for (let word = 0; word < queue.words; word++) {
    let rest = arena[state * words + queue.word + word] ?? 0;
    for (; rest > 0; rest >>= queue.bits) codes.push(rest & (2 ** queue.bits - 1));
  }
  return codes;
}
