// How many messages a contract without circles of emissions can publish at most: a limit that needs no
// exploration.
import type { ChoreographyJson, DispositionJson, StateJson } from "../src/contract/json-form.ts";
import { unasked } from "./contract-actions.ts";

/**
 * The most messages that can ever be published, or more than that: every source of messages counts in every
 * state. Events cause only later ones.
 */
export function messagesMax({ participants, commands }: ChoreographyJson, events: readonly string[]): number {
  const states = Object.values(participants).map((one) => Object.values(one.states));
  const caused = new Map<string, number>();
  const most = (disposition: DispositionJson): number =>
    typeof disposition === "string"
      ? 0
      : Math.max(
          ...disposition.map(({ emit = [] }) => emit.reduce((sum, one) => sum + (caused.get(one) ?? 0), 0)),
        );
  for (const event of events.toReversed()) {
    const takers = states.map((all) => all.map(({ on }) => on?.[event]).filter((one) => one !== undefined));
    const copies = takers.filter((all) => all.length > 0).map((all) => 1 + Math.max(...all.map(most)));
    caused.set(
      event,
      copies.reduce((sum, one) => sum + one, 0),
    );
  }
  return states.reduce((sum, all) => sum + ownMessages(all, commands, most), 0);
}

/**
 * What a participant's commands, deadlines and activities can publish; a command that leads back lets the
 * others happen again.
 */
function ownMessages(
  states: readonly StateJson[],
  commands: ChoreographyJson["commands"],
  most: (disposition: DispositionJson) => number,
): number {
  const counted = new Map<string, number>();
  let onward = 0;
  for (const state of states) {
    const free = [...unasked(state)];
    for (const [command, disposition] of Object.entries(state.commands ?? {})) {
      if (commands[command] === "unbounded") free.push(disposition);
      else counted.set(command, Math.max(counted.get(command) ?? 0, most(disposition)));
    }
    onward += Math.max(0, ...free.map(most));
  }
  const budget = (command: string): number => Number(commands[command] ?? 0);
  const turns = [...counted.keys()].reduce((sum, command) => sum + budget(command), 1);
  return [...counted].reduce((sum, [command, count]) => sum + count * budget(command), onward * turns);
}
