// A step that could not be taken because a counter or queue is too small for its result. The first one per
// channel is noted. Then either a loop fills the channel without limit (P8), or the channel is widened and
// the exploration begins again.
import { type Field, maskOf, type Queue } from "./layout.ts";
import type { Space } from "./space.ts";
import type { Program } from "./tables.ts";
import type { Instance } from "../model/world.ts";

/** A step that could not be taken: its channel is full, or its tally would fall below zero. */
export interface Overflow {
  readonly state: number;
  readonly step: number;
  readonly channel: Field | Queue;
  /**
   * For a channel that grows for ever: how many steps before this one its loop begins; see {@link
   * growthLoop}.
   */
  readonly loop?: number;
}

/**
 * Whether the overflow is a tally below zero: that is a finding of its own and does not cut the exploration
 * short.
 */
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

/** The largest size of a channel: for messages the bound's cap, for a tally what one word holds. */
function roomMax(channel: Field | Queue, { world: { bound } }: Program): number {
  if (isQueue(channel) || channel.kind !== "tally") return bound.cap;
  return bound.isCapFixed ? bound.cap * channel.largest : tallyMax;
}

/** The limit of a tally: beyond it, the sum of two would not fit into a word. */
const tallyMax: number = 2 ** 30 - 1;

/** Whether a channel is full and may yet be made to hold more. */
export function isNarrow(channel: Field | Queue, program: Program): boolean {
  return roomOf(channel) < roomMax(channel, program);
}

/** The next size of a channel that is too narrow: 1, 2, 4, 8 and so on. */
export function widened(channel: Field | Queue, program: Program): number {
  return Math.min(roomMax(channel, program), roomOf(channel) * 2);
}

/**
 * Whether an entity of the state was stopped by an event that its contract does not handle or says `never`
 * about: later findings may be mere consequences.
 */
export function hasStopped(space: Space, state: number): boolean {
  return space.program.world.instances.some(
    (instance) => localIn(space, state, instance) === instance.stopped,
  );
}

/** The number of the state in which an instance is. */
export function localIn({ arena, words, program }: Space, state: number, { index }: Instance): number {
  const field = program.layout.states[index];
  return field === undefined ? 0 : ((arena[state * words + field.word] ?? 0) & maskOf(field)) >> field.shift;
}

/** The codes of the messages in a queue, the oldest first. */
export function codesIn({ arena, words }: Space, state: number, queue: Queue): number[] {
  const codes: number[] = [];
  for (let word = 0; word < queue.words; word++) {
    let rest = ((arena[state * words + queue.word + word] ?? 0) >> queue.shift) & queue.mask;
    for (; rest > 0; rest >>= queue.bits) codes.push(rest & (2 ** queue.bits - 1));
  }
  return codes;
}
