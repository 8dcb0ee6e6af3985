// Events from other choreographies, for the explorer: each becomes an additional participant that publishes
// the event as often as its budget says, at any time, like a command.
import type { ChoreographyJson, CommandBudget, ParticipantJson } from "../json-form.ts";

/** The only state of such a participant. */
export const ELSEWHERE = "(elsewhere)";

/** Whether a participant represents another choreography. */
export function isElsewhere({ initial }: ParticipantJson): boolean {
  return initial === ELSEWHERE;
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
  const others = taken.map(({ event, from }) => {
    const isOnly = taken.filter((one) => one.from === from).length === 1;
    const name = isOnly && !Object.hasOwn(participants, from) ? from : `${from} (${event})`;
    const commands = { [sending(event, from)]: [{ to: ELSEWHERE, emit: [event] }] };
    return [name, { initial: ELSEWHERE, states: { [ELSEWHERE]: { commands } } }] as const;
  });
  return {
    ...rest,
    participants: { ...participants, ...Object.fromEntries(others) },
    commands: { ...commands, ...budgetsOf(taken) },
  };
}

/** How often each event comes, by the name that reports give it. */
function budgetsOf(
  taken: readonly { readonly event: string; readonly from: string; readonly budget: CommandBudget }[],
): Readonly<Record<string, CommandBudget>> {
  return Object.fromEntries(taken.map(({ event, from, budget }) => [sending(event, from), budget]));
}

function sending(event: string, from: string): string {
  return `${event} from ${from}`;
}
