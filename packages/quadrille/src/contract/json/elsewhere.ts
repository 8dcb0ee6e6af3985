// Events from other choreographies, for the explorer: each becomes an additional participant that publishes
// the event as often as its budget says, at any time, like a command. Of several events that start a saga one
// comes, once: they share one command.
import type { ChoreographyJson, ParticipantJson } from "../json-form.ts";

/** The only state of such a participant. */
export const elsewhereState = "(elsewhere)";

/** Whether a participant represents another choreography. */
export function isElsewhere({ initial }: ParticipantJson): boolean {
  return initial === elsewhereState;
}

/**
 * The choreography with what it takes from others as participants, and so without `takes`; itself where it
 * takes nothing.
 */
export function withElsewhere(choreography: ChoreographyJson): ChoreographyJson {
  const { takes = {}, ...rest } = choreography;
  const { participants, commands } = rest;
  const starting = startingEvents(choreography);
  const taken = Object.entries(takes).map(([event, { from, budget = 1 }]) => {
    const isOneOfSeveral = starting.length > 1 && starting.includes(event);
    return { event, from, budget: isOneOfSeveral ? 1 : budget, isOneOfSeveral };
  });
  if (taken.length === 0) return choreography;
  // Each event gets its own producer, because events of several participants there have no order here.
  const names = new Set(Object.keys(participants));
  const sendings = new Set(Object.keys(commands));
  const start = unused(sendings, "start from elsewhere");
  sendings.add(start);
  const others = taken.map(({ event, from, budget, isOneOfSeveral }) => {
    const isOnly = taken.filter((one) => one.from === from).length === 1;
    const name = isOnly && !names.has(from) ? from : unused(names, `${from} (${event})`);
    names.add(name);
    const sending = isOneOfSeveral ? start : unused(sendings, `${event} from ${from}`);
    sendings.add(sending);
    const outcome = { to: elsewhereState, emit: [event], ...(isOneOfSeveral ? { choice: event } : {}) };
    const state = { commands: { [sending]: [outcome] } };
    return {
      name,
      sending,
      budget,
      participant: { initial: elsewhereState, states: { [elsewhereState]: state } },
    };
  });
  return {
    ...rest,
    participants: {
      ...participants,
      ...Object.fromEntries(others.map(({ name, participant }) => [name, participant])),
    },
    // How often each event comes, by the name that reports give it.
    commands: {
      ...commands,
      ...Object.fromEntries(others.map(({ sending, budget }) => [sending, budget])),
    },
  };
}

/**
 * The events that start the saga in which they are taken. A shared entity takes those of all sagas, so there
 * they are left as they are.
 */
function startingEvents({ takes = {}, participants }: ChoreographyJson): readonly string[] {
  const shared = Object.values(participants).filter(({ keyed }) => keyed === true);
  const states = shared.flatMap((one) => Object.values(one.states));
  const atShared = new Set(
    states.flatMap(({ on = {}, join }) => [...Object.keys(on), ...(join?.facts ?? [])]),
  );
  return Object.keys(takes).filter((event) => takes[event]?.joins !== true && !atShared.has(event));
}

/** Two events may have one name for reports, and a command or a participant may have it already. */
function unused(used: ReadonlySet<string>, name: string): string {
  return used.has(name) ? unused(used, `${name}'`) : name;
}
