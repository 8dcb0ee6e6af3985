// What a choreography's JSON form refers to must exist: the participants and states of ends and invariants,
// the commands of budgets.
import type { ChoreographyJson, DispositionJson, StateJson } from "./json-form.ts";
import { pointer } from "./pointer.ts";
import { sentencesIn } from "./trigger-kind.ts";

/** One thing wrong with a JSON form: where (a JSON pointer) and what, in one sentence. */
export interface JsonProblem {
  readonly path: string;
  readonly message: string;
}

/** The value of an own key: a participant may be called `constructor` or `__proto__`. */
export function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Ends, invariants and budgets may only name what exists in the choreography. */
export function checkReferences(choreography: ChoreographyJson, problems: JsonProblem[]): void {
  if (Object.keys(choreography.participants).length === 0)
    problems.push({ path: "/participants", message: "there are no participants" });
  const states = Object.values(choreography.participants).flatMap((participant) =>
    Object.values(participant.states),
  );
  const commands = new Set(states.flatMap((state) => Object.keys(state.commands ?? {})));
  for (const command of Object.keys(choreography.commands)) {
    if (commands.has(command)) continue;
    problems.push({
      path: pointer("/commands", command),
      message: `command ${command} has a budget, but no participant takes it`,
    });
  }
  const tallies = new Set(states.flatMap(talliesOf));
  choreography.ends.forEach((end, index) => {
    checkCombination(
      {
        choreography,
        what: `end ${end.name}`,
        states: end.states,
        path: `/ends/${index}/states`,
        isLenient: false,
      },
      problems,
    );
    for (const tally of Object.keys(end.tally ?? {})) {
      if (tallies.has(tally)) continue;
      problems.push({
        path: pointer(`/ends/${index}/tally`, tally),
        message: `end ${end.name} counts ${tally}, which no outcome changes`,
      });
    }
  });
  for (const tally of Object.keys(choreography.tallies ?? {})) {
    if (tallies.has(tally)) continue;
    problems.push({
      path: pointer("/tallies", tally),
      message: `the tally ${tally} is declared, and no outcome changes it`,
    });
  }
  choreography.invariants.forEach((invariant, index) => {
    const what = `invariant ${invariant.name}`;
    checkCombination(
      { choreography, what, states: invariant.never, path: `/invariants/${index}/never`, isLenient: true },
      problems,
    );
  });
}

/** The tallies that a state's outcomes change. */
export function talliesOf(state: StateJson): readonly string[] {
  const said = sentencesIn(state).flatMap(({ disposition }) =>
    typeof disposition === "string" ? [] : [...disposition],
  );
  const outcomes = [...said, ...(state.join?.outcomes ?? [])];
  return outcomes.flatMap((outcome) => Object.keys(outcome.tally ?? {}));
}

/** The largest number of facts of a join: with their count they fit into one word of the checker. */
const FACTS_MAX = 24;

/** A join as it was read, before it is known to be one. */
interface ReadJoin {
  readonly facts: readonly string[];
  readonly atLeast: unknown;
  readonly outcomes: DispositionJson;
  readonly never: Readonly<Record<string, readonly (readonly string[])[]>>;
}

/** What is wrong with a join, in sentences about `what`. */
export function joinProblems(what: string, { facts, atLeast, outcomes, never }: ReadJoin): string[] {
  const isCount =
    typeof atLeast === "number" && Number.isInteger(atLeast) && atLeast > 0 && atLeast <= facts.length;
  const sets = Object.values(never).flat();
  const stranger = sets.flat().find((fact) => !facts.includes(fact));
  const found: readonly (readonly [boolean, string])[] = [
    [new Set(facts).size < facts.length, `${what} names an event twice`],
    [
      facts.length < 2 || facts.length > FACTS_MAX,
      `${what} needs 2 to ${FACTS_MAX} facts, not ${facts.length}`,
    ],
    [!isCount, `${what} needs a whole number from 1 to ${facts.length} for "atLeast"`],
    [outcomes === "ignore" || outcomes === "defer", `${what} needs a list of outcomes`],
    [stranger !== undefined, `${stranger} is no fact of ${what}`],
    [sets.some((set) => set.length === 0), `${what} has an empty set of facts under "never"`],
  ];
  return found.flatMap(([isWrong, message]) => (isWrong ? [message] : []));
}

/** Two ends, or two invariants, may not share a name. */
export function checkNames(choreography: ChoreographyJson, problems: JsonProblem[]): void {
  const lists = { ends: choreography.ends, invariants: choreography.invariants };
  for (const [path, list] of Object.entries(lists)) {
    const names = list.map((entry) => entry.name);
    const twice = names.find((name, index) => name !== "" && names.indexOf(name) !== index);
    if (twice !== undefined) problems.push({ path: `/${path}`, message: `two ${path} are called ${twice}` });
  }
}

interface CombinationJson {
  readonly choreography: ChoreographyJson;
  readonly what: string;
  readonly states: Readonly<Record<string, string | readonly string[]>>;
  readonly path: string;
  /** Whether one known state among several is enough. */
  readonly isLenient: boolean;
}

function checkCombination(combination: CombinationJson, problems: JsonProblem[]): void {
  for (const [name, states] of Object.entries(combination.states)) {
    const path = pointer(combination.path, name);
    const participant = own(combination.choreography.participants, name);
    if (participant === undefined) {
      problems.push({
        path,
        message: `${combination.what} names the participant ${name}, which does not exist`,
      });
      continue;
    }
    const unknown = [states].flat().filter((state) => !Object.hasOwn(participant.states, state));
    // An invariant may be shared by versions of a contract: states that only another version has do no harm.
    if (unknown.length === 0 || (combination.isLenient && unknown.length < [states].flat().length)) continue;
    const message = `${combination.what} wants ${name} in ${unknown.join(", ")}, which is not one of its states`;
    problems.push({ path, message });
  }
}
