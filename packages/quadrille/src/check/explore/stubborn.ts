// Stubborn sets: chooses enabled steps of a state so that exploring only those loses nothing that is judged.
// Valmari, "Stubborn sets for reduced state space generation", Advances in Petri Nets 1990; ADR 5 has the
// whole argument.
//
// A set T of steps is stubborn when (D1) a step of T that can be taken after steps outside T can also be
// taken before them, with the same result, and (D2) its key step, which needs no command, stays enabled until
// a step of T is taken. An instance takes only from its own channels and changes only its own state, so three
// rules close the set:
//   an enabled step asks for the other steps of its instance in the present state, for those with which it
//     shares a budget, a tally, a
//     queue to which both send or a forbidden combination, and for those that send to its own channel (who
//       takes too early would hide
//     that it overflows);
//   a step whose channel is empty asks for those that send to it;
//   a request for a step from another state of its instance gets the moves that lead there instead.
// In a state of rest there is no key step, and all steps are taken. So every state of rest is reached, by the
// same steps in another order. If every explored state can come to rest, each step and each pair of steps
// that meet is seen as well: any run can be extended until it rests, and steps of T in it can be moved to its
// front.
import type { Space } from "./space.ts";
import {
  valuesPerFact,
  valuesPerInstance,
  type StubbornTables,
  tabulate,
  traitBits,
} from "./stubborn-tables.ts";
import type { Program } from "./tables.ts";
import type { World } from "../model/world.ts";

/**
 * Chooses stubborn sets in the states of one exploration. Marks are compared with a rising counter, so they
 * never have to be cleared.
 */
export interface Chooser {
  readonly tables: StubbornTables;
  /**
   * The enabled steps of the present state, and those that can be the key step: takeable now, without a
   * command.
   */
  readonly enabled: Int32Array;
  enabledCount: number;
  readonly keys: Int32Array;
  keyCount: number;
  /** The chosen steps. */
  readonly chosen: Int32Array;
  /** By step: the state in which it was enabled last, plus one; the set in which it was last. */
  readonly enabledIn: Int32Array;
  readonly memberOf: Int32Array;
  /**
   * By place and group: the set that asked for it last; of a place also for what is no fact, and for a
   * missing fact; by step for its variants.
   */
  readonly placeOf: Int32Array;
  readonly othersOf: Int32Array;
  readonly missingOf: Int32Array;
  readonly variantsOf: Int32Array;
  readonly groupOf: Int32Array;
  /** By instance: the present place. */
  readonly present: Int32Array;
  readonly stack: Int32Array;
  state: number;
  /** The number of the set that is being closed, its unexplored steps, and its enabled ones. */
  set: number;
  stacked: number;
  size: number;
}

/**
 * Whether stubborn sets work for a world. With faults they do not: any step may use up the budget of faults,
 * so no steps commute.
 */
export function canReduce({ bound }: World): boolean {
  return Object.values(bound.faults).every((budget) => budget === 0);
}

/** A chooser for a program. */
export function createChooser(program: Program): Chooser {
  const tables = tabulate(program);
  const count = program.steps.length;
  return {
    tables,
    enabled: new Int32Array(count),
    enabledCount: 0,
    keys: new Int32Array(count),
    keyCount: 0,
    chosen: new Int32Array(count),
    enabledIn: new Int32Array(count),
    memberOf: new Int32Array(count),
    placeOf: new Int32Array(tables.places),
    othersOf: new Int32Array(tables.places),
    missingOf: new Int32Array(tables.places),
    variantsOf: new Int32Array(count),
    groupOf: new Int32Array(tables.groups),
    present: new Int32Array(tables.instances.length / valuesPerInstance),
    stack: new Int32Array(count),
    state: -1,
    set: 0,
    stacked: 0,
    size: 0,
  };
}

/** Begins a new state. */
export function beginState(chooser: Chooser, state: number): void {
  chooser.state = state;
  chooser.enabledCount = 0;
  chooser.keyCount = 0;
}

/**
 * Notes an enabled step of the state, and whether it can be the key: it needs no command, and nothing is too
 * full for it.
 */
export function noteEnabled(chooser: Chooser, step: number, isKey: boolean): void {
  chooser.enabled[chooser.enabledCount++] = step;
  chooser.enabledIn[step] = chooser.state + 1;
  if (isKey) chooser.keys[chooser.keyCount++] = step;
}

/**
 * Chooses which of the noted steps to take: the smallest strong stubborn set that grows from a key step
 * (Valmari 1989, conditions D1 and D2), or all steps if there is no key step. Returns their number.
 */
export function chooseSteps(chooser: Chooser, space: Space): number {
  const { enabled, keys, chosen, enabledCount } = chooser;
  findPlaces(chooser, space);
  let best = enabledCount + 1;
  let count = enabledCount;
  chosen.set(enabled.subarray(0, enabledCount));
  for (let index = 0; index < chooser.keyCount && best > 1; index++) {
    if (!close(chooser, space, { key: keys[index] ?? 0, below: best })) continue;
    best = chooser.size;
    count = keepMembers(chooser);
  }
  return count;
}

function keepMembers({ enabled, enabledCount, chosen, memberOf, set }: Chooser): number {
  let count = 0;
  for (let at = 0; at < enabledCount; at++) {
    const step = enabled[at] ?? 0;
    if (memberOf[step] === set) chosen[count++] = step;
  }
  return count;
}

function findPlaces({ tables, present, state }: Chooser, { arena, words }: Space): void {
  const { instances } = tables;
  const base = state * words;
  for (let at = 0, index = 0; at < instances.length; at += valuesPerInstance, index++) {
    const word = arena[base + (instances[at] ?? 0)] ?? 0;
    present[index] =
      ((word >> (instances[at + 1] ?? 0)) & (instances[at + 2] ?? 0)) + (instances[at + 3] ?? 0);
  }
}

interface SetStart {
  readonly key: number;
  /** A set that is not smaller is of no use. */
  readonly below: number;
}

/** Closes the set that begins with a step; false if it grows as large as the best set so far. */
function close(chooser: Chooser, space: Space, { key, below }: SetStart): boolean {
  chooser.set++;
  chooser.stacked = 0;
  chooser.size = 0;
  add(chooser, key);
  while (chooser.stacked > 0) {
    if (chooser.size >= below) return false;
    visit(chooser, space, chooser.stack[--chooser.stacked] ?? 0);
  }
  return chooser.size < below;
}

function add(chooser: Chooser, step: number): void {
  const { memberOf, enabledIn, tables, stack } = chooser;
  if (memberOf[step] === chooser.set) return;
  memberOf[step] = chooser.set;
  stack[chooser.stacked++] = step;
  const isHeld = ((tables.traits[step] ?? 0) & traitBits.held) !== 0;
  if (enabledIn[step] === chooser.state + 1 && !isHeld) chooser.size++;
}

function visit(chooser: Chooser, space: Space, step: number): void {
  const trait = chooser.tables.traits[step] ?? 0;
  // That it is offered must be seen once, and no more than that.
  if ((trait & traitBits.held) !== 0 && (space.firstUse[step] ?? -1) >= 0) return;
  if ((trait & traitBits.fact) !== 0) visitFact(chooser, space, step);
  else if (chooser.enabledIn[step] === chooser.state + 1) visitEnabled(chooser, step, trait);
  else visitDisabled(chooser, space, step);
}

function visitEnabled(chooser: Chooser, step: number, trait: number): void {
  const channel = chooser.tables.senders[step] ?? -1;
  if ((trait & traitBits.idle) === 0) addPlace(chooser, chooser.tables.place[step] ?? 0);
  else addRivals(chooser, step);
  askWanted(chooser, step);
  if (channel >= 0) ask(chooser, channel);
}

function visitDisabled(chooser: Chooser, space: Space, step: number): void {
  const { traits, place, senders } = chooser.tables;
  const channel = senders[step] ?? -1;
  const trait = traits[step] ?? 0;
  // A command that is not enabled has no budget, and never gets one.
  if (channel < 0) return;
  if ((trait & traitBits.again) !== 0) {
    visitAgain(chooser, space, step);
    return;
  }
  // It may lack a fact.
  if ((trait & traitBits.reads) !== 0) addPlace(chooser, place[step] ?? 0);
  if (isInQueue(chooser, space, step)) addPlace(chooser, place[step] ?? 0);
  else ask(chooser, channel);
}

function askWanted(chooser: Chooser, step: number): void {
  const { wants } = chooser.tables;
  const end = wants.start[step + 1] ?? 0;
  for (let at = wants.start[step] ?? 0; at < end; at++) ask(chooser, wants.items[at] ?? 0);
}

/** Whether something is in the queue from which a step takes. */
function isInQueue(
  { tables, state }: Chooser,
  { arena, words }: Pick<Space, "arena" | "words">,
  step: number,
): boolean {
  const queue = tables.queueWord[step] ?? -1;
  return queue >= 0 && ((arena[state * words + queue] ?? 0) & (tables.queueMask[step] ?? 0)) !== 0;
}

/**
 * A fact of a join that needs all its facts. It commutes with the other facts, and not with the entity's
 * other steps in that state. There is one step for each number of facts seen; together they stand for the
 * fact. A fact that has been seen comes again only after the entity left the state: by one of its other
 * steps, or when all missing facts have arrived.
 */
function visitFact(chooser: Chooser, { arena, words }: Space, step: number): void {
  const { tables, state } = chooser;
  const { variants, facts, senders, place } = tables;
  const first = variants.items[variants.start[step] ?? 0] ?? step;
  const channel = senders[step] ?? -1;
  if (channel >= 0) ask(chooser, channel);
  if (isInQueue(chooser, { arena, words }, step) && !isAnyEnabled(chooser, step))
    addPlace(chooser, place[step] ?? 0);
  if (chooser.variantsOf[first] === chooser.set) return;
  chooser.variantsOf[first] = chooser.set;
  const isEnabled = addVariants(chooser, step);
  const seen =
    (arena[state * words + (facts[step * valuesPerFact] ?? 0)] ?? 0) & (facts[step * valuesPerFact + 1] ?? 0);
  const here = place[step] ?? 0;
  if (isEnabled || seen !== 0) addOthers(chooser, here);
  if (seen !== 0) addMissing(chooser, { arena, words }, here);
}

/** Adds the steps of a fact, one for each number of facts seen; gives whether one of them is enabled. */
function addVariants(chooser: Chooser, step: number): boolean {
  const { variants } = chooser.tables;
  const end = variants.start[step + 1] ?? 0;
  let isEnabled = false;
  for (let at = variants.start[step] ?? 0; at < end; at++) {
    const variant = variants.items[at] ?? 0;
    add(chooser, variant);
    if (chooser.enabledIn[variant] === chooser.state + 1) isEnabled = true;
    askWanted(chooser, variant);
  }
  return isEnabled;
}

function isAnyEnabled({ tables: { variants }, enabledIn, state }: Chooser, step: number): boolean {
  for (let at = variants.start[step] ?? 0; at < (variants.start[step + 1] ?? 0); at++)
    if (enabledIn[variants.items[at] ?? 0] === state + 1) return true;
  return false;
}

/** Adds the steps of a place other than the facts of its join. */
function addOthers(chooser: Chooser, place: number): void {
  if (chooser.othersOf[place] === chooser.set) return;
  chooser.othersOf[place] = chooser.set;
  const { stepsAt, traits } = chooser.tables;
  for (let at = stepsAt.start[place] ?? 0; at < (stepsAt.start[place + 1] ?? 0); at++) {
    const step = stepsAt.items[at] ?? 0;
    if (((traits[step] ?? 0) & traitBits.fact) === 0) add(chooser, step);
  }
}

/** Adds one fact that has not been seen: without it the join is not complete. */
function addMissing(chooser: Chooser, { arena, words }: Pick<Space, "arena" | "words">, place: number): void {
  if (chooser.missingOf[place] === chooser.set) return;
  chooser.missingOf[place] = chooser.set;
  const { stepsAt, traits, facts } = chooser.tables;
  for (let at = stepsAt.start[place] ?? 0; at < (stepsAt.start[place + 1] ?? 0); at++) {
    const step = stepsAt.items[at] ?? 0;
    if (((traits[step] ?? 0) & traitBits.fact) === 0) continue;
    const word = arena[chooser.state * words + (facts[step * valuesPerFact] ?? 0)] ?? 0;
    if ((word & (facts[step * valuesPerFact + 1] ?? 0)) !== 0) continue;
    add(chooser, step);
    return;
  }
}

/**
 * A fact that would come again: it needs a second message or, if there are two, that the first one is taken.
 */
function visitAgain(chooser: Chooser, space: Space, step: number): void {
  const { facts, senders, variants } = chooser.tables;
  const at = step * valuesPerFact;
  const base = chooser.state * space.words;
  const isSeen = ((space.arena[base + (facts[at] ?? 0)] ?? 0) & (facts[at + 1] ?? 0)) !== 0;
  const isOne = isOneAtMost(chooser, space, step);
  if ((isSeen || !isOne) && isInQueue(chooser, space, step)) {
    addPlace(chooser, chooser.tables.place[step] ?? 0);
    return;
  }
  ask(chooser, senders[step] ?? -1);
  if (isSeen) return;
  for (let one = variants.start[step] ?? 0; one < (variants.start[step + 1] ?? 0); one++) {
    const variant = variants.items[one] ?? 0;
    // One message is already counted as seen and there is no second one, but another channel may bring the
    // fact.
    if (!isOne || senders[variant] !== senders[step]) add(chooser, variant);
  }
}

/** Whether a channel has at most one message of a fact; a queue, no other message before it either. */
function isOneAtMost(chooser: Chooser, space: Space, step: number): boolean {
  const held = heldFor(chooser, space, step);
  const mask = chooser.tables.facts[step * valuesPerFact + 3] ?? 0;
  if ((chooser.tables.queueWord[step] ?? -1) >= 0) return held === 0 || held === mask;
  const count = held & mask;
  return count === 0 || count === (mask & -mask);
}

/** The word of the channel of a fact; of a queue its own part. */
function heldFor({ tables, state }: Chooser, { arena, words }: Space, step: number): number {
  const word = arena[state * words + (tables.facts[step * valuesPerFact + 2] ?? 0)] ?? 0;
  return (tables.queueWord[step] ?? -1) >= 0 ? word & (tables.queueMask[step] ?? 0) : word;
}

/** Adds every step of an instance in its present state. */
function addPlace(chooser: Chooser, place: number): void {
  if (chooser.placeOf[place] === chooser.set) return;
  chooser.placeOf[place] = chooser.set;
  const { start, items } = chooser.tables.stepsAt;
  const end = start[place + 1] ?? 0;
  for (let at = start[place] ?? 0; at < end; at++) add(chooser, items[at] ?? 0);
}

/**
 * Adds the steps that an idle step does not commute with: those that change its entity, and those that take
 * from the same channel.
 */
function addRivals(chooser: Chooser, idle: number): void {
  const { stepsAt, place, traits, senders } = chooser.tables;
  const at = place[idle] ?? 0;
  const end = stepsAt.start[at + 1] ?? 0;
  for (let index = stepsAt.start[at] ?? 0; index < end; index++) {
    const step = stepsAt.items[index] ?? 0;
    if (
      ((traits[step] ?? 0) & ~(traitBits.idle | traitBits.held)) !== 0 ||
      (traits[step] ?? 0) === 0 ||
      senders[step] === senders[idle]
    )
      add(chooser, step);
  }
}

/**
 * Adds the members of a group that belong to the present places, and the moves that lead towards the others.
 */
function ask(chooser: Chooser, group: number): void {
  if (chooser.groupOf[group] === chooser.set) return;
  chooser.groupOf[group] = chooser.set;
  const { groupInstances, towards, places } = chooser.tables;
  const last = groupInstances.start[group + 1] ?? 0;
  for (let index = groupInstances.start[group] ?? 0; index < last; index++) {
    const list = group * places + (chooser.present[groupInstances.items[index] ?? 0] ?? 0);
    const end = towards.start[list + 1] ?? 0;
    for (let at = towards.start[list] ?? 0; at < end; at++) add(chooser, towards.items[at] ?? 0);
  }
}
