// Events from other choreographies, for the explorer: each becomes an additional participant that publishes
// the event as often as its budget says, at any time, like a command.
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
  const taken = Object.entries(takes).map(([event, { from, budget = 1 }]) => ({ event, from, budget }));
  if (taken.length === 0) return choreography;
  // Each event gets its own producer, because events of several participants there have no order here.
  const names = new Set(Object.keys(participants));
  const sendings = new Set(Object.keys(commands));
  const others = taken.map(({ event, from, budget }) => {
    const isOnly = taken.filter((one) => one.from === from).length === 1;
    const name = isOnly && !names.has(from) ? from : unused(names, `${from} (${event})`);
    names.add(name);
    const sending = unused(sendings, `${event} from ${from}`);
    sendings.add(sending);
    const state = { commands: { [sending]: [{ to: elsewhereState, emit: [event] }] } };
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

/** Two events may have one name for reports, and a command or a participant may have it already. */
function unused(used: ReadonlySet<string>, name: string): string {
  return used.has(name) ? unused(used, `${name}'`) : name;
}
