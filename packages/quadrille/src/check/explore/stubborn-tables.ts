// Integer tables for stubborn sets: the steps of each place, and the moves that lead towards other places.
import { maskOf, messagesInWord } from "./layout.ts";
import type { StepSource, Step } from "./step.ts";
import { channelOf, groupSteps } from "./stubborn-groups.ts";
import type { Program } from "./tables.ts";

/** Lists of integers, one after another; the list `n` is from `start[n]` to `start[n + 1]`. */
export interface Lists {
  readonly start: Int32Array;
  readonly items: Int32Array;
}

/**
 * Traits of a step. `idle`: it takes a message and leaves its entity unchanged, so two of them commute.
 * `held`: not a step, but the exploration must see the deferred message once. `fact`: it takes a fact of a
 * join that needs all its facts; any two commute, because the last one completes the join whichever it is.
 * `again`: it would take such a fact a second time. `reads`: it depends on the facts in another way.
 */
export const traitBits = { idle: 1, held: 2, fact: 4, again: 8, reads: 16 } as const;

/**
 * The tables. A place is one local state of one instance. A group is a set of steps for which a stubborn set
 * may ask, as the steps that could put a message into one channel.
 */
export interface StubbornTables {
  readonly groups: number;
  /** Word, shift, mask and first place of every instance. */
  readonly instances: Int32Array;
  /** By place: its steps. */
  readonly stepsAt: Lists;
  readonly places: number;
  /**
   * By step: its place, {@link traitBits}s, the group that fills its channel or -1, and where that is a
   * queue its word, else -1.
   */
  readonly place: Int32Array;
  readonly traits: Uint8Array;
  readonly senders: Int32Array;
  readonly queueWord: Int32Array;
  /** By step: the mask of that queue in its word. */
  readonly queueMask: Int32Array;
  /**
   * By step that takes a fact of a join: the word and the bit that say it was seen; the word of its channel,
   * and the mask of a bag or the code in a queue, in place.
   */
  readonly facts: Int32Array;
  /**
   * By step that takes a fact: the steps that take the same fact, by how many facts were seen, from whichever
   * channel.
   */
  readonly variants: Lists;
  /** By step: the groups that it asks for where it is enabled. */
  readonly wants: Lists;
  /** By group: the instances that have a part in it. */
  readonly groupInstances: Lists;
  /**
   * By group and place, `group * places + place`: the members there, and the moves that lead towards others.
   */
  readonly towards: Lists;
}

/** Integers of one step in {@link StubbornTables.facts}. */
export const valuesPerFact = 4;

/** Integers of one instance in {@link StubbornTables.instances}. */
export const valuesPerInstance = 4;

/** Makes the tables of a program, for any channel mode and without faults. */
export function tabulate(program: Program): StubbornTables {
  const { steps, layout, world } = program;
  const instances: number[] = [];
  const firstPlace: number[] = [];
  let places = 0;
  for (const { index, stopped } of world.instances) {
    const field = layout.states[index];
    if (field === undefined) continue;
    firstPlace[index] = places;
    instances.push(field.word, field.shift, maskOf(field) >> field.shift, places);
    places += stopped + 1;
  }
  const placeOf = (step: Step): number => (firstPlace[step.instance.index] ?? 0) + step.from;
  const atPlace = gather(places, steps, placeOf);
  const grouping = groupSteps(program);
  const groups = grouping.members.length;
  return {
    groups,
    instances: Int32Array.from(instances),
    stepsAt: pack(atPlace),
    places,
    place: Int32Array.from(steps, placeOf),
    traits: Uint8Array.from(steps, traitsOf),
    senders: Int32Array.from(steps, ({ source }) => grouping.senders.get(channelOf(source)) ?? -1),
    queueWord: Int32Array.from(steps, ({ source }) => (source?.from === "queue" ? source.queue.word : -1)),
    queueMask: Int32Array.from(steps, ({ source }) =>
      source?.from === "queue" ? source.queue.mask << source.queue.shift : 0,
    ),
    facts: Int32Array.from(steps.flatMap(factOf)),
    variants: pack(variantsOf(steps)),
    wants: pack(steps.map((_, step) => grouping.wants[step] ?? [])),
    groupInstances: pack(
      grouping.members.map((members) => [...new Set(members.map((at) => steps[at]?.instance.index ?? 0))]),
    ),
    towards: towardsOf(program, grouping.members, { atPlace, firstPlace }),
  };
}

function gather(count: number, steps: readonly Step[], listOf: (step: Step) => number): number[][] {
  const lists: number[][] = Array.from({ length: count }, () => []);
  for (const [at, step] of steps.entries()) lists[listOf(step)]?.push(at);
  return lists;
}

function pack(lists: readonly (readonly number[])[]): Lists {
  const start = new Int32Array(lists.length + 1);
  for (const [index, list] of lists.entries()) start[index + 1] = (start[index] ?? 0) + list.length;
  return { start, items: Int32Array.from(lists.flat()) };
}

function traitsOf(step: Step): number {
  if (step.kind === "held") return traitBits.held;
  if (step.fact?.isOfAll === true) return traitBits.fact;
  if (step.readsFacts === true)
    return step.againOf !== undefined && isCountable(step.source) ? traitBits.again : traitBits.reads;
  if (step.fact !== undefined) return traitBits.reads;
  const isIdle =
    step.kind === "event" &&
    step.from === step.to &&
    step.changes.length === 0 &&
    step.outcome?.tally === undefined;
  return isIdle ? traitBits.idle : 0;
}

function factOf({ guards, source, fact, againOf }: Step): readonly number[] {
  const [seen] = guards;
  if ((fact === undefined && againOf === undefined) || seen?.field.kind !== "facts") return [0, 0, 0, 0];
  return [seen.field.word, (seen.bits ?? 0) << seen.field.shift, ...channelPart(source)];
}

function channelPart(source: StepSource | undefined): readonly [word: number, maskOrCode: number] {
  if (source?.from === "bag") return [source.field.word, maskOf(source.field)];
  return source?.from === "queue" ? [source.queue.word, source.code << source.queue.shift] : [0, 0];
}

/** Whether one word is enough to see that a channel holds at most one message. */
function isCountable(source: StepSource | undefined): boolean {
  return source?.from === "bag" || (source?.from === "queue" && messagesInWord(source.queue.bits) > 1);
}

function variantsOf(steps: readonly Step[]): number[][] {
  const byMessage = new Map<string, number[]>();
  const keys = steps.map(({ instance, from, fact, againOf, saga, trigger }) =>
    fact === undefined && againOf === undefined ? "" : JSON.stringify([instance.index, from, saga, trigger]),
  );
  for (const [at, { fact }] of steps.entries()) {
    if (fact === undefined) continue;
    const key = keys[at] ?? "";
    byMessage.set(key, [...(byMessage.get(key) ?? []), at]);
  }
  return keys.map((key) => byMessage.get(key) ?? []);
}

interface Places {
  readonly atPlace: readonly (readonly number[])[];
  readonly firstPlace: readonly number[];
}

/**
 * A step from another local state is enabled only once its instance is there. Before that, the instance has
 * to make one of the moves of its present state whose target leads there.
 */
function towardsOf(program: Program, groups: readonly (readonly number[])[], places: Places): Lists {
  const { steps, world } = program;
  const reach = world.instances.map(({ index, stopped }) =>
    localReach(steps, { index, states: stopped + 1 }),
  );
  const rows = groups.map((members) => {
    const isMember = new Set(members);
    const row: number[][] = places.atPlace.map(() => []);
    for (const { index, stopped } of world.instances) {
      const targets = new Set(
        members.flatMap((at) => (steps[at]?.instance.index === index ? [steps[at].from] : [])),
      );
      for (let local = 0; local <= stopped && targets.size > 0; local++) {
        const place = (places.firstPlace[index] ?? 0) + local;
        row[place] = (places.atPlace[place] ?? []).filter((at) => {
          const to = steps[at]?.to ?? local;
          return (
            isMember.has(at) ||
            (to !== local && [...targets].some((target) => reach[index]?.[to]?.has(target)))
          );
        });
      }
    }
    return row;
  });
  return pack(rows.flat());
}

/** By local state: the local states to which its instance can come from there, itself among them. */
function localReach(
  steps: readonly Step[],
  { index, states }: { readonly index: number; readonly states: number },
): Set<number>[] {
  const own = steps.filter((step) => step.instance.index === index && step.from !== step.to);
  return Array.from({ length: states }, (_, local) => {
    const reached = new Set([local]);
    for (const at of reached) for (const step of own) if (step.from === at) reached.add(step.to);
    return reached;
  });
}
