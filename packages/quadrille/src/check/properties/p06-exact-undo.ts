// P6, exact undo: a lock that is given back leads to where it was taken. A contract does not say which event
// undoes a round and which one confirms it, so this is a warning, and ends say which (ADR 10).
import { outcomesOf, type PlacedSentence } from "../../contract/json/sentences.ts";
import type { Exploration } from "../explore/explore.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { World } from "../model/world.ts";

/** A move of one participant between two of its states. */
interface StateMove {
  readonly reaction: PlacedSentence;
  readonly participant: string;
  readonly from: string;
  readonly to: string;
  readonly emits: readonly string[];
  /** The event that it takes; undefined for a command, a deadline or an activity. */
  readonly event: string | undefined;
}

/** The inner party is elsewhere than where it was, although the outer one is back. */
interface Elsewhere {
  readonly was: string;
  readonly move: StateMove;
  readonly message: string;
}

/**
 * Nested locks: the outer party takes a lock and publishes it, and the inner one answers by taking its own,
 * or refuses to. Once the outer party is back where it was, so should the inner one be.
 */
export function checkExactUndo({ program: { world } }: Exploration): Finding[] {
  const moves = movesOf(world);
  const found = new Map<string, Finding>();
  for (const take of moves.filter((move) => takesLock(world, move))) {
    for (const { was, move, message } of elsewheres(world, moves, take)) {
      const { at } = move.reaction;
      if (found.has(at) || isMeant(world, moves, { was, move, round: take.emits })) continue;
      const text = `${message}, and no end distinguishes ${move.to} from ${was}`;
      found.set(at, { ...finding("P6", { message: text, at, path: [] }), severity: "warning" });
    }
  }
  return [...found.values()];
}

function movesOf({ sentences }: World): StateMove[] {
  return sentences.flatMap((reaction) => {
    const { participant, state: from, kind, trigger } = reaction;
    const event = kind === "event" ? trigger : undefined;
    return outcomesOf(reaction).map(({ to, emit: emits = [] }) => {
      return { reaction, participant, from, to, emits, event };
    });
  });
}

/** Where inner parties are that answer a lock taken by `take`, once the outer party is back. */
function elsewheres(world: World, moves: readonly StateMove[], take: StateMove): Elsewhere[] {
  const returns = moves.filter((move) => isAfter(move, take) && move.to === take.from);
  const back = `${take.participant} is back in ${take.from}`;
  const answers = moves.filter((move) => move.participant !== take.participant && isOn(move, take.emits));
  const inner = new Set(
    answers.filter((answer) => takesLock(world, answer)).map(({ participant }) => participant),
  );
  return answers.flatMap((answer): readonly Elsewhere[] => {
    const { participant, from: was, to } = answer;
    if (was === to || isLock(world, participant, was) || !inner.has(participant)) return [];
    if (isLock(world, participant, to)) {
      const exits = moves.filter((move) => isAfter(move, answer) && move.to !== was);
      return exits
        .filter((move) => returns.some(({ emits }) => isOn(move, emits)))
        .map((move) => {
          const message = `${participant} takes the lock ${to} in ${was}; on ${move.event} ${back}, but ${participant} is in ${move.to}`;
          return { was, move, message };
        });
    }
    const refusal = returns.find((one) => isOn(one, answer.emits));
    if (refusal === undefined) return [];
    const message = `${participant} answers ${answer.event} in ${was} with ${refusal.event}; ${back}, but ${participant} is in ${to}`;
    return [{ was, move: answer, message }];
  });
}

/**
 * Whether the contract shows that the inner party is to be elsewhere: an end has one of the two states and
 * not the other, or the state is there for such rounds and entered in no other way.
 */
function isMeant(
  world: World,
  moves: readonly StateMove[],
  { was, move, round }: { readonly was: string; readonly move: StateMove; readonly round: readonly string[] },
): boolean {
  const { participant, to } = move;
  const { ends, participants } = world.choreography;
  const isDistinguished = ends.slice(0, world.declaredEnds).some(({ states }) => {
    const allowed = states[participant];
    return allowed !== undefined && [allowed].flat().includes(was) !== [allowed].flat().includes(to);
  });
  if (isDistinguished) return true;
  const others = moves.filter((one) => one.participant === participant && !isOn(one, round));
  const reached = new Set([participants[participant]?.initial]);
  // A set that grows while it is gone through is gone through to its end.
  for (const state of reached) for (const one of others) if (one.from === state) reached.add(one.to);
  return !reached.has(to);
}

function isLock(world: World, participant: string, state: string): boolean {
  return world.choreography.participants[participant]?.states[state]?.lock === true;
}

function takesLock(world: World, { participant, from, to }: StateMove): boolean {
  return !isLock(world, participant, from) && isLock(world, participant, to);
}

/** Whether a move leaves the state in which the one before has left the same participant. */
function isAfter(move: StateMove, before: StateMove): boolean {
  return move.participant === before.participant && move.from === before.to;
}

function isOn({ event }: StateMove, events: readonly string[]): boolean {
  return event !== undefined && events.includes(event);
}
