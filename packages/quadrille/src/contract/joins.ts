// Finds the joins in a JSON form, where they stand expanded into partial states: sets of events that, in
// every order, lead from one state through silent moves to the same outcomes.
import { subsets } from "./subsets.ts";
import type { OutcomeJson, ParticipantJson } from "./json-form.ts";

/** A join: in `state`, so many of `facts` as are needed, in any order, come to `outcomes`. */
export interface FoundJoin {
  readonly state: string;
  readonly facts: readonly string[];
  readonly needed: number;
  readonly outcomes: readonly OutcomeJson[];
  /** The partial states on the way. */
  readonly partial: readonly string[];
}

/** More facts than this have too many orders to try; contracts have two or three. */
const orderedFactsMax = 6;

/** The largest joins of a participant, in the order of its states. */
export function joinsOf(participant: ParticipantJson): readonly FoundJoin[] {
  const found = Object.keys(participant.states).flatMap((state): readonly FoundJoin[] => {
    const wide = participant.states[state]?.join;
    if (wide !== undefined) {
      const { facts, atLeast: needed = facts.length, outcomes } = wide;
      return [{ state, facts, needed, outcomes, partial: [] }];
    }
    const candidates = silentFacts(participant, state);
    const several = subsets(candidates).filter((set) => set.length > 1);
    const sets = several.toSorted((a, b) => b.length - a.length);
    const joins = sets.flatMap((facts) => joinIn(participant, state, facts) ?? []);
    const largest = joins.filter(
      (join, index) =>
        !joins.slice(0, index).some((larger) => join.facts.every((fact) => larger.facts.includes(fact))),
    );
    return withChoices(largest, candidates);
  });
  const partial = new Set(found.flatMap((join) => join.partial));
  return found.filter((join) => !partial.has(join.state));
}

/** Where each choice of so many of some events is a join with the same outcomes, all are one. */
function withChoices(joins: readonly FoundJoin[], candidates: readonly string[]): readonly FoundJoin[] {
  const alike = Map.groupBy(joins, ({ needed, outcomes }) => JSON.stringify([needed, outcomes]));
  return [...alike.values()].flatMap((some) => {
    const [first] = some;
    const facts = candidates.filter((one) => some.some((join) => join.facts.includes(one)));
    const choices = subsets(facts).filter(({ length }) => length === first?.needed);
    if (first === undefined || some.length < choices.length) return some;
    return [{ ...first, facts, partial: [...new Set(some.flatMap(({ partial }) => partial))] }];
  });
}

/** Events that a state takes by moving on without emitting anything. */
function silentFacts(participant: ParticipantJson, state: string): readonly string[] {
  const events = Object.keys(participant.states[state]?.on ?? {});
  return events
    .filter((event) => silentMove(participant, state, event) !== undefined)
    .slice(0, orderedFactsMax);
}

function silentMove(participant: ParticipantJson, state: string, event: string): string | undefined {
  const outcomes = outcomesOf(participant, state, event);
  const [only] = outcomes;
  if (outcomes.length !== 1 || only === undefined || only.to === state) return undefined;
  const silent =
    (only.emit ?? []).length === 0 && Object.keys(only.tally ?? {}).length === 0 && only.choice === undefined;
  return silent ? only.to : undefined;
}

function outcomesOf(participant: ParticipantJson, state: string, event: string): readonly OutcomeJson[] {
  const disposition = participant.states[state]?.on?.[event];
  return disposition === undefined || typeof disposition === "string" ? [] : disposition;
}

function joinIn(
  participant: ParticipantJson,
  state: string,
  facts: readonly string[],
): FoundJoin | undefined {
  const partial = new Set<string>();
  const ends = new Map<string, readonly OutcomeJson[]>();
  for (const order of permutations(facts)) {
    const end = walk({ participant, state, order }, partial);
    if (end === undefined) return undefined;
    ends.set(JSON.stringify(end), end);
  }
  const [outcomes, ...others] = ends.values();
  if (outcomes === undefined || others.length > 0) return undefined;
  return partial.size < facts.length
    ? undefined
    : { state, facts, needed: facts.length, outcomes, partial: [...partial] };
}

interface JoinWalk {
  readonly participant: ParticipantJson;
  readonly state: string;
  readonly order: readonly string[];
}

/** The outcomes after the last fact; undefined if a fact on the way is not a silent move. */
function walk(
  { participant, state, order }: JoinWalk,
  partial: Set<string>,
): readonly OutcomeJson[] | undefined {
  let at = state;
  for (const fact of order.slice(0, -1)) {
    const next = silentMove(participant, at, fact);
    if (next === undefined) return undefined;
    partial.add(next);
    at = next;
  }
  const end = outcomesOf(participant, at, order.at(-1) ?? "");
  return end.length === 0 ? undefined : end;
}

function permutations<T>(list: readonly T[]): readonly (readonly T[])[] {
  if (list.length < 2) return [list];
  return list.flatMap((one, index) => permutations(list.toSpliced(index, 1)).map((rest) => [one, ...rest]));
}
