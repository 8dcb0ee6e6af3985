// Expands the joins of a JSON form into partial states, for tools that know only states.
import { subsets } from "../subsets.ts";
import type { ChoreographyJson, DispositionJson, JoinJson, StateJson } from "../json-form.ts";
import { withPartialStates } from "./partial-ends.ts";

/** Joins of more facts than this are not expanded: they would give more than a thousand states. */
const expandedFactsMax = 10;

/** The choreography without joins. Throws a `RangeError` if a join has too many facts. */
export function writeOutJoins(choreography: ChoreographyJson): ChoreographyJson {
  const participants = Object.entries(choreography.participants).map(([name, participant]) => {
    const states = Object.entries(participant.states).flatMap(([state, json]) =>
      statesOf(`${name}.${state}`, state, json),
    );
    return [name, { ...participant, states: Object.fromEntries(states) }] as const;
  });
  const ends = withPartialStates(choreography.ends, (name, state) => {
    const join = choreography.participants[name]?.states[state]?.join;
    return join?.rests === true ? partialSets(join).map((seen) => [state, ...seen].join("+")) : [];
  });
  return { ...choreography, participants: Object.fromEntries(participants), ends };
}

function statesOf(where: string, state: string, json: StateJson): (readonly [string, StateJson])[] {
  const { join, ...plain } = json;
  if (join === undefined) return [[state, json]];
  if (join.facts.length > expandedFactsMax)
    throw new RangeError(
      `the join of ${where} has ${join.facts.length} facts, ${2 ** join.facts.length - 1} states when they are written out: at most ${expandedFactsMax} can be`,
    );
  return [[], ...partialSets(join)].map((seen) => [
    [state, ...seen].join("+"),
    { ...plain, ...stateWith(state, { join, plain }, seen) },
  ]);
}

/** The facts of each partial state. */
function partialSets({ facts, atLeast = facts.length }: JoinJson): readonly (readonly string[])[] {
  return subsets(facts).filter(({ length }) => length > 0 && length < atLeast);
}

interface Written {
  readonly join: JoinJson;
  readonly plain: StateJson;
}

function stateWith(state: string, { join, plain }: Written, seen: readonly string[]): StateJson {
  const needed = join.atLeast ?? join.facts.length;
  const facts = join.facts.map((fact): readonly [string, DispositionJson] => {
    if (seen.includes(fact)) return [fact, plain.on?.[fact] ?? "never"];
    const next = join.facts.filter((one) => one === fact || seen.includes(one));
    return [fact, next.length >= needed ? join.outcomes : [{ to: [state, ...next].join("+") }]];
  });
  const nevers = Object.entries(join.never ?? {})
    .filter(([, sets]) => sets.some((set) => set.every((fact) => seen.includes(fact))))
    .map(([event]): readonly [string, DispositionJson] => [event, "never"]);
  return {
    ...(seen.length > 0 && join.rests !== true ? { lock: true } : {}),
    on: { ...plain.on, ...Object.fromEntries([...nevers, ...facts]) },
  };
}
