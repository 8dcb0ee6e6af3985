// Whether a channel grows for ever: a run that comes to a state which covers one before it can be repeated,
// and each time there is more. Karp and Miller, "Parallel program schemata", Journal of Computer and System
// Sciences 3 (1969); of channels with an order, Jéron and Jard, "Testing for unboundedness of fifo channels",
// Theoretical Computer Science 113 (1993).
import { type Field, maskOf, type Queue } from "./layout.ts";
import { codesIn, isQueue } from "./overflow.ts";
import { deltasOf, stepClasses } from "./program.ts";
import type { Space } from "./space.ts";
import type { Step } from "./step.ts";

/** A step that a channel has no room for, after a state. */
interface Last {
  readonly state: number;
  readonly step: number;
  readonly channel: Field | Queue;
}

/** A loop that fills a channel, and ends with the step that the channel has no room for. */
export interface GrowthLoop {
  /** How many steps it has. */
  readonly length: number;
  /** Whether a business deadline is among them: then time passes in each round. */
  readonly isPaced: boolean;
}

/**
 * The loop that ends with this step; undefined if the path to it has none. Before and after the loop
 * every entity is in the same state and the budgets are equal; no channel has fewer messages, and this one
 * has more. So the loop can be repeated, and each round adds a message.
 */
export function growthLoop(space: Space, last: Last): GrowthLoop | undefined {
  const deltas = new Map<Field, number>();
  const queues: QueueUse = new Map();
  let length = 0;
  let isPaced = false;
  for (
    let at = last.state, step = last.step;
    step >= 0;
    step = space.via[at] ?? -1, at = space.parent[at] ?? 0
  ) {
    const taken = space.program.steps[step];
    if (taken === undefined) return undefined;
    isPaced ||= space.program.classes[step] === stepClasses.deadline;
    for (const { field, by } of deltasOf(space.program.layout, taken))
      deltas.set(field, (deltas.get(field) ?? 0) + by);
    addQueues(taken, queues);
    length++;
    if (
      repeats(deltas, last.channel) &&
      queuesRepeat(space, { channel: last.channel, start: at }, queues) &&
      factsRepeat(space, { ...last, start: at })
    )
      return { length, isPaced };
    if ((space.via[at] ?? -1) < 0) return undefined;
  }
  return undefined;
}

/**
 * The messages that a loop takes from each queue and adds to it, last one first, because the path is read
 * from its end.
 */
type QueueUse = Map<Queue, { readonly taken: number[]; readonly put: number[] }>;

function addQueues(step: Step, queues: QueueUse): void {
  const useOf = (queue: Queue): { readonly taken: number[]; readonly put: number[] } => {
    const use = queues.get(queue) ?? { taken: [], put: [] };
    queues.set(queue, use);
    return use;
  };
  for (const { queued } of step.emits.toReversed()) {
    if (queued !== undefined) useOf(queued.queue).put.push(queued.code);
  }
  if (step.takes && step.source?.from === "queue") useOf(step.source.queue).taken.push(step.source.code);
}

function repeats(deltas: ReadonlyMap<Field, number>, channel: Field | Queue): boolean {
  for (const [field, delta] of deltas) {
    if (field.kind === "facts") continue;
    const mayGrow = field.kind === "messages" || field.kind === "stash" || field.kind === "tally";
    if (mayGrow ? delta < 0 : delta !== 0) return false;
  }
  return isQueue(channel) || (deltas.get(channel) ?? 0) > 0;
}

/**
 * Whether the queues allow the loop to repeat for ever. A queue that the loop only fills always does. For a
 * queue that it takes from, the present content followed by what each round adds must equal what the rounds
 * take.
 */
function queuesRepeat(
  space: Space,
  { channel, start }: { readonly channel: Field | Queue; readonly start: number },
  queues: QueueUse,
): boolean {
  if (isQueue(channel)) {
    const { taken, put } = queues.get(channel) ?? { taken: [], put: [] };
    if (put.length <= taken.length) return false;
  }
  return [...queues].every(([queue, { taken, put }]) => {
    if (taken.length === 0) return true;
    if (put.length < taken.length) return false;
    const begun = codesIn(space, start, queue);
    // Two periodic words are equal once they agree for the sum of their periods (Fine and Wilf).
    const length = begun.length + taken.length + put.length;
    return Array.from({ length }, (_, at) => at).every((at) => {
      const offered = begun[at] ?? cyclic(put, at - begun.length);
      return offered === cyclic(taken, at);
    });
  });
}

/** The code at a place of a word that is repeated for ever; the word is given with its last code first. */
function cyclic(reversed: readonly number[], at: number): number | undefined {
  return reversed[reversed.length - 1 - (at % reversed.length)];
}

/** Whether the joins have seen the same facts before the loop and after it. */
function factsRepeat(
  { arena, words, program }: Space,
  { state, step, start }: Last & { readonly start: number },
): boolean {
  const last = program.steps[step];
  return program.layout.facts.every((field) => {
    const valueIn = (at: number): number => (arena[at * words + field.word] ?? 0) & maskOf(field);
    const added = (last?.changes ?? []).reduce((sum, [one, delta]) => (one === field ? sum + delta : sum), 0);
    const after = last?.forgets === field ? 0 : valueIn(state) + added * 2 ** field.shift;
    return valueIn(start) === after;
  });
}
