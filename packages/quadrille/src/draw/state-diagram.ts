// Draws the life of one entity as a Mermaid state diagram.
import type { ChoreographyJson } from "../contract/json-form.ts";
import { own } from "../contract/own.ts";
import { listSentences, outcomesOf } from "../contract/json/sentences.ts";

/** The life of a participant's entity; undefined for an unknown participant. */
export function toStateDiagram(choreography: ChoreographyJson, participant: string): string | undefined {
  const value = own(choreography.participants, participant);
  if (value === undefined) return undefined;
  const states = Object.keys(value.states);
  const id = (state: string): string => `s${states.indexOf(state)}`;
  const names = states.map(
    (state) =>
      `  state "${plain(state)}${value.states[state]?.lock === true ? " (lock)" : ""}" as ${id(state)}`,
  );
  const moves = listSentences(choreography).flatMap((one) =>
    one.participant !== participant
      ? []
      : outcomesOf(one).map(({ to, choice, emit = [] }) => {
          const says = emit.length === 0 ? "" : ` / ${emit.join(", ")}`;
          return `  ${id(one.state)} --> ${id(to)}: ${plain(`${one.trigger}${choice === undefined ? "" : ` [${choice}]`}${says}`)}`;
        }),
  );
  return `${["stateDiagram-v2", ...names, `  [*] --> ${id(value.initial)}`, ...moves].join("\n")}\n`;
}

function plain(text: string): string {
  return text.replaceAll('"', "'").replaceAll(";", ",").replaceAll("\n", " ");
}
