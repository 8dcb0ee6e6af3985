// P6, what the contract shows: a compensation cannot refuse in silence, and an aborted lock returns to where
// it was taken.
import type { Exploration } from "../explore/explore.ts";
import { finding, type Finding } from "../model/finding.ts";
import { isSaidOnce, outcomesOf, type PlacedSentence } from "../../contract/json/sentences.ts";

/** A compensating reaction lowers a tally again. It may refuse only with an event. */
export function checkRefusals({ program }: Exploration): Finding[] {
  return program.world.sentences.filter(isSaidOnce).flatMap((one) => {
    const outcomes = outcomesOf(one);
    const undoes = outcomes.some((outcome) =>
      Object.values(outcome.tally ?? {}).some((change) => change < 0),
    );
    const silent = outcomes.find(
      (outcome) => (outcome.emit ?? []).length === 0 && outcome.tally === undefined,
    );
    if (one.kind === "command" || !undoes || silent === undefined) return [];
    const message = `${one.participant} may refuse in silence to undo on ${one.trigger} in ${one.state}: a compensation has one outcome`;
    return [finding("P6", { message, at: one.at, path: [] })];
  });
}

/** A move of one participant between two of its states. */
interface StateMove {
  readonly reaction: PlacedSentence;
  readonly from: string;
  readonly to: string;
  readonly emits: readonly string[];
}

/**
 * Exact undo of nested locks. The outer party takes a lock and says so with an event on which the inner party
 * takes its own; when the outer lock returns to where it was taken and says so, the inner one must return to
 * where it was taken too.
 */
export function checkExactUndo({ program }: Exploration): Finding[] {
  const { world } = program;
  const moves = world.sentences.flatMap((reaction) =>
    outcomesOf(reaction).map((outcome) => ({
      reaction,
      from: reaction.state,
      to: outcome.to,
      emits: outcome.emit ?? [],
    })),
  );
  const isLock = (participant: string, state: string): boolean =>
    world.choreography.participants[participant]?.states[state]?.lock === true;
  const takes = moves.filter(
    ({ reaction, from, to }) =>
      from !== to && !isLock(reaction.participant, from) && isLock(reaction.participant, to),
  );
  const found = new Map<string, Finding>();
  for (const outer of takes) {
    const aborts = abortsOf(outer, moves);
    if (aborts.length === 0) continue;
    noteMovingRefusals({ outer, aborts, moves, isLock, found });
    const inner = takes.filter(
      (take) => outer.emits.includes(eventOf(take)) && !isSameParticipant(take, outer),
    );
    for (const { taken, back } of inner.flatMap((taken) => returnsOf(taken, moves))) {
      const isAbort = aborts.some((abort) => abort.emits.includes(eventOf(back)));
      if (isAbort && !found.has(back.reaction.at)) found.set(back.reaction.at, inexact(taken, back));
    }
  }
  return [...found.values()];
}

/** The moves by which a taken lock returns to where it was taken. */
function abortsOf(taken: StateMove, moves: readonly StateMove[]): StateMove[] {
  return moves.filter(
    (move) => isSameParticipant(move, taken) && move.from === taken.to && move.to === taken.from,
  );
}

/** The moves out of a taken lock that lead elsewhere than to where it was taken. */
function returnsOf(
  taken: StateMove,
  moves: readonly StateMove[],
): { readonly taken: StateMove; readonly back: StateMove }[] {
  return moves
    .filter((move) => isSameParticipant(move, taken) && move.from === taken.to && move.to !== taken.from)
    .map((back) => ({ taken, back }));
}

interface Outer {
  readonly outer: StateMove;
  /** The moves by which its lock returns to where it was taken. */
  readonly aborts: readonly StateMove[];
  readonly moves: readonly StateMove[];
  readonly isLock: (participant: string, state: string) => boolean;
  readonly found: Map<string, Finding>;
}

/**
 * The inner participant may refuse instead of taking its lock. When the outer lock then returns to where it
 * was taken, the refusal should have moved no other participant. Recording a refusal may be intended, so this
 * is a warning.
 */
function noteMovingRefusals({ outer, aborts, moves, isLock, found }: Outer): void {
  const answers = moves.filter(
    (move) => outer.emits.includes(eventOf(move)) && !isSameParticipant(move, outer),
  );
  for (const { reaction, from, to, emits } of answers) {
    if (from === to || isLock(reaction.participant, from) || isLock(reaction.participant, to)) continue;
    const refusal = emits.find((event) => aborts.some((abort) => eventOf(abort) === event));
    if (refusal === undefined || found.has(reaction.at)) continue;
    const message = `${reaction.participant} refuses ${reaction.trigger} with ${refusal}, which aborts, but moves from ${from} to ${to}`;
    found.set(reaction.at, { ...finding("P6", { message, at: reaction.at, path: [] }), severity: "warning" });
  }
}

function isSameParticipant(a: StateMove, b: StateMove): boolean {
  return a.reaction.participant === b.reaction.participant;
}

/** The event that a move takes, or a text that is not an event's name. */
function eventOf({ reaction }: StateMove): string {
  return reaction.kind === "event" ? reaction.trigger : "";
}

function inexact(taken: StateMove, back: StateMove): Finding {
  const { participant, trigger, at } = back.reaction;
  const message = `${participant} took the lock ${taken.to} from ${taken.from}, but ${trigger}, which aborts it, leads to ${back.to}`;
  return finding("P6", { message, at, path: [] });
}
