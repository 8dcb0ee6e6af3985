// What a full channel means: it grows for ever, time fills it again and again, or it has to be wider.
import { firstIn, isEnabled } from "./enabled.ts";
import { growthLoop, type GrowthLoop } from "./growth.ts";
import type { Field, Queue } from "./layout.ts";
import {
  codesIn,
  hasStopped,
  isBelowZero,
  isNarrow,
  isQueue,
  localIn,
  type Overflow,
  roomOf,
} from "./overflow.ts";
import type { Run } from "./run.ts";
import type { Space } from "./space.ts";
import { valuesPer } from "./step-index.ts";

/** Notes a step that could not be taken. */
export function noteOverflow(run: Run, overflow: Omit<Overflow, "loop">): void {
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
  const { program } = space;
  const isNone = chooser !== undefined || program.world.bound.isCapFixed || !isOnTheWay(channel);
  if (isNone || roomOf(channel) < pacedRoom) return false;
  const [head] = isQueue(channel) ? codesIn(space, state, channel) : [];
  return program.bundles.some(({ arrival, instance, first }) => {
    const source = arrival?.source;
    const isFromHere =
      source?.from === "queue" ? source.queue === channel && source.code === head : source?.field === channel;
    return isFromHere && canTake(space, state, first + localIn(space, state, instance));
  });
}

/** Whether a message can be taken out of its channel by a step of a range. */
function canTake(space: Space, state: number, range: number): boolean {
  const first = firstIn(space, range);
  const { steps, ranges } = space.program;
  return steps
    .slice(first, ranges[range * valuesPer.range + 1])
    .some(({ takes }, index) => takes && isEnabled(space, state * space.words, first + index));
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
