// Tombstones: an event overtakes what it undoes, and leads its participant at once to where it would later.
import type { ChoreographyJson, OutcomeJson, StateJson } from "../../contract/json-form.ts";
import { pointer } from "../../contract/pointer.ts";
import { outcomesIn } from "../../contract/trigger-kind.ts";
import { actingStates, type Candidate, opOf, type Say } from "./candidate.ts";

/** An event that comes to a state that does not handle it. */
export interface Overtaking {
  readonly choreography: ChoreographyJson;
  readonly participant: string;
  readonly state: string;
  readonly event: string;
}

/** To go at once where an undoing event leads later, and to ignore there what it undoes. */
export function tombstones(
  say: Say,
  { choreography, participant, state, event }: Overtaking,
): readonly Candidate[] {
  const { states = {} } = choreography.participants[participant] ?? {};
  if (!isUndone(choreography, eventOutcomes(states[state]), { participant, event })) return [];
  return tombstoneTargets(states, { state, event }).map((to) => {
    const late = lateEvents(states, state, to).map((one) => ({
      op: opOf(states[to], one),
      path: pointer("/participants", participant, "states", to, "on", one),
      value: "ignore",
    }));
    const why = `tombstone: ${event} overtook what it undoes, so go to ${to} at once and ignore the late one`;
    return say(why, [{ to }], late);
  });
}

/**
 * The targets to which an undoing event leads in other states without emitting anything: each once. Who stays
 * leaves no tombstone. Where nothing else leads on, the event is what was waited for, and undoes nothing.
 */
function tombstoneTargets(
  states: Readonly<Record<string, StateJson>>,
  { state, event }: Pick<Overtaking, "state" | "event">,
): string[] {
  const targets = Object.entries(states).flatMap(([from, one]) => {
    const disposition = one.on?.[event];
    if (disposition === undefined || typeof disposition === "string" || disposition.length !== 1) return [];
    return disposition.flatMap(({ to, emit = [], tally }) => {
      const isSilent = emit.length === 0 && tally === undefined && to !== state;
      const hasChoice = outcomesIn(one).some((other) => other.to !== to && other.to !== from);
      return isSilent && hasChoice ? [to] : [];
    });
  });
  return [...new Set(targets)];
}

/**
 * Whether an event may undo what these outcomes do: they publish, count or lock, and who acts on what they
 * publish hears of the event, too. A lock alone is undone by what others hear as well: what comes to its
 * holder alone is an answer.
 */
function isUndone(
  choreography: ChoreographyJson,
  outcomes: readonly OutcomeJson[],
  { participant, event }: Pick<Overtaking, "participant" | "event">,
): boolean {
  const published = outcomes.flatMap(({ emit = [] }) => emit);
  if (published.length > 0) return published.every((lost) => isKnownUndone(choreography, lost, event));
  if (outcomes.some(({ tally }) => tally !== undefined)) return true;
  const takers = Object.values(choreography.participants).filter(
    (one) => actingStates(one.states, event).length > 0,
  );
  const { states = {} } = choreography.participants[participant] ?? {};
  return takers.length > 1 && outcomes.some(({ to }) => states[to]?.lock === true);
}

/**
 * Whether all who act on an event hear, too, of what undoes it: then it need not be published. Public events
 * have listeners that are not here.
 */
function isKnownUndone(
  { participants, publicEvents }: ChoreographyJson,
  lost: string,
  undoing: string,
): boolean {
  if (publicEvents.includes(lost) && !publicEvents.includes(undoing)) return false;
  return Object.values(participants).every(({ states }) => {
    const publishes = Object.values(states).some((one) =>
      outcomesIn(one).some(({ emit = [] }) => emit.includes(undoing)),
    );
    return publishes || actingStates(states, lost).length === 0 || actingStates(states, undoing).length > 0;
  });
}

/** The outcomes of what a state says about events. */
function eventOutcomes({ on = {} }: StateJson = {}): readonly OutcomeJson[] {
  return Object.values(on).flatMap((disposition) => (typeof disposition === "string" ? [] : disposition));
}

/** Events that a state handles and its target does not: after a tombstone they come late. */
function lateEvents(states: Readonly<Record<string, StateJson>>, state: string, target: string): string[] {
  const handled = Object.entries(states[state]?.on ?? {}).filter(
    ([, disposition]) => typeof disposition !== "string",
  );
  const isOpen = (event: string): boolean => (states[target]?.on?.[event] ?? "never") === "never";
  return handled.map(([event]) => event).filter(isOpen);
}
