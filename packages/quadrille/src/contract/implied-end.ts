// The end that every choreography has without declaring it: nothing has happened, because no command ever
// came.
import type { Choreography, End, StateSets } from "./choreography.ts";
import type { ChoreographyJson, EndJson } from "./json-form.ts";
import { isLock, type Participant, sentencesOf, talliesOf } from "./participant.ts";
import { isKeyed } from "./table.ts";
import { outcomesIn } from "./trigger-kind.ts";

/** The implied end's name; the second one if a declared end already has the first. */
const names = ["nothing", "nothing happened"] as const;

/** How a participant begins. */
interface ParticipantStart {
  readonly name: string;
  readonly initial: string;
  /** Whether sagas share its entity; then its state does not depend on one saga. */
  readonly isKeyed: boolean;
  /** Whether it can stay in its initial state: no lock, no call and no deadline. */
  readonly isAtRest: boolean;
}

interface DeclaredEnd {
  readonly name: string;
  readonly states: StateSets;
  readonly tally?: Readonly<Record<string, number>>;
}

/** The ends of a choreography by name, the implied one among them. */
export function endsOf({ ends, participants }: Choreography): Readonly<Record<string, End>> {
  const declared = Object.entries(ends).map(([name, end]) => ({ name, ...end }));
  const states = impliedStates(participants.map(beginningOf), declared);
  if (states === undefined) return ends;
  return { ...ends, [nameBeside(declared)]: { states, tally: zeroOf(participants.flatMap(talliesOf)) } };
}

/** The same of the JSON form; the implied end is the last. */
export function endsOfJson({ ends, participants }: ChoreographyJson): readonly EndJson[] {
  const beginnings = Object.entries(participants).map(([name, { initial, keyed = false, states }]) => {
    const { lock = false, activities, deadlines, timeouts } = states[initial] ?? {};
    const isAtRest = !lock && Object.keys({ ...activities, ...deadlines, ...timeouts }).length === 0;
    return { name, initial, isKeyed: keyed, isAtRest };
  });
  const states = impliedStates(beginnings, ends);
  if (states === undefined) return ends;
  const outcomes = Object.values(participants).flatMap((one) =>
    Object.values(one.states).flatMap(outcomesIn),
  );
  const changed = outcomes.flatMap((outcome) => Object.keys(outcome.tally ?? {}));
  const tally = changed.length === 0 ? undefined : { tally: zeroOf(changed) };
  return [...ends, { name: nameBeside(ends), states, ...tally }];
}

/** Participants may come back to where they began; then what they counted has to be undone as well. */
function zeroOf(tallies: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(tallies.map((name) => [name, 0]));
}

function beginningOf(participant: Participant): ParticipantStart {
  const { name, initial, states } = participant;
  const definition = states[initial] ?? [];
  const moves = sentencesOf(definition).some(
    ({ trigger: { kind } }) => kind === "activity" || kind === "deadline",
  );
  return { name, initial, isKeyed: isKeyed(participant), isAtRest: !isLock(definition) && !moves };
}

/**
 * Every participant in its initial state; undefined if a declared end already says so, or if some participant
 * leaves that state on its own.
 */
function impliedStates(
  beginnings: readonly ParticipantStart[],
  ends: readonly DeclaredEnd[],
): Readonly<Record<string, string>> | undefined {
  const own = beginnings.filter((one) => !one.isKeyed);
  if (own.length === 0 || beginnings.some(({ isAtRest }) => !isAtRest)) return undefined;
  const initial = new Map(beginnings.map((one) => [one.name, one.initial]));
  const isDeclared = ({ states, tally = {} }: DeclaredEnd): boolean =>
    Object.values(tally).every((value) => value === 0) &&
    Object.entries(states).every(([participant, set]) =>
      [set].flat().includes(initial.get(participant) ?? ""),
    );
  if (ends.some(isDeclared)) return undefined;
  return Object.fromEntries(own.map((one) => [one.name, one.initial]));
}

function nameBeside(ends: readonly DeclaredEnd[]): string {
  const [first, second] = names;
  return ends.some(({ name }) => name === first) ? second : first;
}
