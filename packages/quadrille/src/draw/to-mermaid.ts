// Draws a choreography: who sends what to whom as a Mermaid flow chart, and the life of one entity as a state diagram.
import type { ChoreographyJson } from "../contract/json-form.ts";
import { own } from "../contract/json-references.ts";
import { resolveBound } from "../check/model/bound.ts";
import { createWorld, emissions, listReactions, outcomesOf } from "../check/model/world.ts";

/** The map: participants, and an arrow for every pair that names the events between them. */
export function toMermaid(choreography: ChoreographyJson): string {
  const world = createWorld(choreography, resolveBound());
  const names = Object.keys(choreography.participants);
  const arrows = new Map<string, string[]>();
  for (const [from, event] of emissions(world)) {
    for (const to of world.subscribers.get(event) ?? ["public"]) {
      const key = `  ${idOf(names, from)} -->|EVENTS| ${idOf(names, to)}`;
      arrows.set(key, [...(arrows.get(key) ?? []), event]);
    }
  }
  const nodes = names.map((name) => `  ${idOf(names, name)}["${plain(name)}"]`);
  const hasPublic = [...arrows.keys()].some((key) => key.endsWith(" others"));
  const lines = [...arrows].map(([key, events]) =>
    key.replace("EVENTS", `"${events.map(plain).join("<br/>")}"`),
  );
  return `${["flowchart LR", ...nodes, ...(hasPublic ? ['  others(("others"))'] : []), ...lines].join("\n")}\n`;
}

function idOf(names: readonly string[], name: string): string {
  const index = names.indexOf(name);
  return index < 0 ? "others" : `p${index}`;
}

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
  const moves = listReactions(choreography).flatMap((one) =>
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
