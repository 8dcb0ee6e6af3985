// Several choreographies as one drawing: all participants, and the public events through which they meet.
import type {
  ChoreographyJson,
  DispositionJson,
  OutcomeJson,
  ParticipantJson,
} from "../contract/json-form.ts";
import { outcomesIn, stateKeys } from "../contract/trigger-kind.ts";
import { withElsewhere } from "../contract/json/elsewhere.ts";

/** Where one choreography takes an event of another. */
export interface Meeting {
  readonly event: string;
  readonly from: string;
  readonly to: string;
  /** The participants that take it. */
  readonly takenBy: readonly string[];
  /** Whether each event starts a saga, or joins the one that its payload names. */
  readonly how: "starts a saga" | "joins a saga";
}

/** How they meet, in the order of the choreographies. */
export function meetingsOf(choreographies: readonly ChoreographyJson[]): readonly Meeting[] {
  return choreographies.flatMap((one) =>
    Object.entries(one.takes ?? {}).map(([event, { from, joins }]): Meeting => {
      const takers = Object.entries(one.participants).filter(([, participant]) =>
        isTaken(participant, event),
      );
      const how = joins === true ? "joins a saga" : "starts a saga";
      return { event, from, to: one.name, takenBy: takers.map(([name]) => name), how };
    }),
  );
}

function isTaken({ states }: ParticipantJson, event: string): boolean {
  return Object.values(states).some(
    ({ on = {}, join }) => Object.hasOwn(on, event) || join?.facts.includes(event) === true,
  );
}

/**
 * One choreography with all participants. An event name that two choreographies use for different events gets
 * the choreography's name appended; what comes from outside the system is a participant of its own.
 */
export function asOne(choreographies: readonly ChoreographyJson[]): ChoreographyJson {
  const names = new Set(choreographies.map(({ name }) => name));
  const nameOf = eventNames(choreographies);
  const parts = choreographies.map((one) => {
    const called = (event: string): string => nameOf(one, event);
    const outside = Object.entries(one.takes ?? {}).filter(([, { from }]) => !names.has(from));
    const participants = Object.entries(one.participants).map(
      ([name, participant]) => [name, renamed(participant, called)] as const,
    );
    return withElsewhere({
      ...one,
      participants: Object.fromEntries(participants),
      publicEvents: one.publicEvents.map(called),
      takes: Object.fromEntries(outside),
    });
  });
  return {
    name: [...names].join(" + "),
    participants: Object.fromEntries(parts.flatMap(({ participants }) => Object.entries(participants))),
    commands: Object.fromEntries(parts.flatMap(({ commands }) => Object.entries(commands))),
    publicEvents: [...new Set(parts.flatMap(({ publicEvents }) => publicEvents))],
    ends: [],
    forbidden: [],
  };
}

/** How the drawing calls an event of one of the choreographies. */
export function eventNames(
  choreographies: readonly ChoreographyJson[],
): (one: ChoreographyJson, event: string) => string {
  const owners = ownersOf(choreographies);
  return (one, event) => {
    const isAmbiguous = (owners.get(event)?.size ?? 0) > 1;
    return isAmbiguous ? `${event} (${ownerOf(one, event)})` : event;
  };
}

/** The choreography whose event it is. */
function ownerOf({ name, takes = {} }: ChoreographyJson, event: string): string {
  return Object.hasOwn(takes, event) ? (takes[event]?.from ?? name) : name;
}

function ownersOf(choreographies: readonly ChoreographyJson[]): ReadonlyMap<string, ReadonlySet<string>> {
  const owners = new Map<string, Set<string>>();
  for (const one of choreographies) {
    for (const event of Object.values(one.participants).flatMap(eventsIn))
      owners.set(event, (owners.get(event) ?? new Set()).add(ownerOf(one, event)));
  }
  return owners;
}

function eventsIn({ states }: ParticipantJson): readonly string[] {
  return Object.values(states).flatMap((state) => [
    ...Object.keys(state.on ?? {}),
    ...(state.join?.facts ?? []),
    ...outcomesIn(state).flatMap(({ emit = [] }) => emit),
  ]);
}

function renamed(participant: ParticipantJson, called: (event: string) => string): ParticipantJson {
  const outcome = (row: OutcomeJson): OutcomeJson =>
    row.emit === undefined ? row : { ...row, emit: row.emit.map(called) };
  const disposition = (one: DispositionJson): DispositionJson =>
    typeof one === "string" ? one : one.map(outcome);
  const states = Object.entries(participant.states).map(([name, { lock, join, ...rest }]) => {
    const keys = stateKeys.flatMap((key) => {
      const entries = Object.entries(rest[key] ?? {}).map(
        ([trigger, one]) => [key === "on" ? called(trigger) : trigger, disposition(one)] as const,
      );
      return entries.length === 0 ? [] : [[key, Object.fromEntries(entries)] as const];
    });
    const joined =
      join === undefined
        ? {}
        : { join: { ...join, facts: join.facts.map(called), outcomes: join.outcomes.map(outcome) } };
    return [name, { ...(lock === true ? { lock } : {}), ...Object.fromEntries(keys), ...joined }] as const;
  });
  return { ...participant, states: Object.fromEntries(states) };
}
