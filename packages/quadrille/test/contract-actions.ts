// The actions that a contract has, one for each participant, state, trigger and outcome: written from the
// contract's meaning alone.
import type { ChoreographyJson, DispositionJson, OutcomeJson, StateJson } from "../src/contract/json-form.ts";
import type { Action } from "./tla-actions.ts";

/**
 * Every action of a contract, in no order that matters. A deferred message makes none: it stays where it is.
 */
export function contractActions(choreography: ChoreographyJson): Action[] {
  return Object.entries(choreography.participants).flatMap(([participant, { states }]) =>
    Object.entries(states).flatMap(([state, value]) => {
      const place: Place = { choreography, participant, state };
      return [
        ...subscriptions(choreography, participant).flatMap((event) =>
          deliveries(place, event, value.on?.[event]),
        ),
        ...commands(place, value),
        ...unasked(value).flatMap((one) => outcomes(one).map((outcome) => action(place, {}, outcome))),
      ];
    }),
  );
}

/** What a state says about what comes without a message. */
export function unasked({ deadlines, timeouts, activities }: StateJson): readonly DispositionJson[] {
  return [deadlines, timeouts, activities].flatMap((some) => Object.values(some ?? {}));
}

interface Place {
  readonly choreography: ChoreographyJson;
  readonly participant: string;
  readonly state: string;
}

function subscriptions({ participants }: ChoreographyJson, participant: string): string[] {
  const states = Object.values(participants[participant]?.states ?? {});
  return [...new Set(states.flatMap(({ on }) => Object.keys(on ?? {})))];
}

function outcomes(disposition: DispositionJson): readonly OutcomeJson[] {
  return typeof disposition === "string" ? [] : disposition;
}

function deliveries(place: Place, event: string, disposition: DispositionJson | undefined): Action[] {
  const takes = `${event} to ${place.participant}`;
  if (disposition === "defer") return [];
  if (disposition === "ignore") return [action(place, { takes }, { to: place.state })];
  if (disposition === undefined || disposition === "never")
    return [action(place, { takes }, { to: "(stopped)" })];
  return disposition.map((outcome) => action(place, { takes }, outcome));
}

function commands(place: Place, { commands: taken = {} }: StateJson): Action[] {
  return Object.entries(taken).flatMap(([command, disposition]) => {
    const budget = place.choreography.commands[command] ?? 0;
    if (budget === 0) return [];
    const cause = budget === "unbounded" ? {} : { spends: command };
    return outcomes(disposition).map((outcome) => action(place, cause, outcome));
  });
}

interface Cause {
  readonly takes?: string;
  readonly spends?: string;
}

function action(
  { choreography, participant, state }: Place,
  { takes, spends }: Cause,
  { to, emit = [], tally = {} }: OutcomeJson,
): Action {
  const copies = emit.flatMap((event) =>
    Object.keys(choreography.participants)
      .filter((one) => subscriptions(choreography, one).includes(event))
      .map((one) => `${event} to ${one}`),
  );
  const channels = new Set([...copies, ...(takes === undefined ? [] : [takes])]);
  const messages = [...channels].map((channel) => {
    const sent = copies.filter((one) => one === channel).length;
    return [`messages ${channel}`, sent - (channel === takes ? 1 : 0)] as const;
  });
  const tallies = Object.entries(tally).map(([name, delta]) => [`tally ${name}`, delta] as const);
  const counted = [...messages, ...tallies].filter(([, delta]) => delta !== 0);
  const spent = spends === undefined ? [] : [[`budget ${spends}`, -1] as const];
  const falling = tallies.filter(([, delta]) => delta < 0);
  return {
    participant,
    state,
    needs: [
      ...(takes === undefined ? [] : [`messages ${takes} > 0`]),
      ...(spends === undefined ? [] : [`budget ${spends} > 0`]),
      ...falling.map(([name, delta]) => `${name} >= ${-delta}`),
    ].toSorted(),
    room: counted
      .filter(([, delta]) => delta > 0)
      .map(([name, delta]) => `${name} + ${delta}`)
      .toSorted(),
    to,
    changes: [...counted, ...spent]
      .map(([name, delta]) => `${name} ${delta < 0 ? "-" : "+"} ${Math.abs(delta)}`)
      .toSorted(),
  };
}
