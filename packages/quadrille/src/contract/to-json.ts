// From a choreography's values to its JSON form.
import type { Choreography, StateSets } from "./choreography.ts";
import type {
  ChoreographyJson,
  DispositionJson,
  OutcomeJson,
  ParticipantJson,
  StateJson,
  TriggerKind,
} from "./json-form.ts";
import type { Participant } from "./participant.ts";
import { compile, type OutcomeRow, type Rule, type StateRow } from "./table.ts";

const kinds: readonly TriggerKind[] = ["on", "commands", "timers", "effects"];

/** The choreography as data, joins expanded into partial states. */
export function toJson(choreography: Choreography): ChoreographyJson {
  return {
    name: choreography.name,
    ...(choreography.description === undefined ? {} : { description: choreography.description }),
    participants: Object.fromEntries(
      choreography.participants.map((one) => [one.name, participantJson(one)]),
    ),
    commands: choreography.commands,
    publicEvents: choreography.publicEvents,
    ends: Object.entries(choreography.ends).map(([name, { states, tally }]) => ({
      name,
      states,
      ...(Object.keys(tally).length === 0 ? {} : { tally }),
    })),
    invariants: Object.entries(choreography.invariants).map(([name, never]: [string, StateSets]) => ({
      name,
      never,
    })),
  };
}

/** One participant as data. */
export function participantJson(participant: Participant): ParticipantJson {
  const table = compile(participant);
  const states = [...table.states.values()].map((state) => [state.name, stateJson(state)] as const);
  return { initial: table.initial, states: Object.fromEntries(states) };
}

function stateJson(state: StateRow): StateJson {
  const said = kinds.flatMap((kind) => {
    const rules = [...state.rules].filter(([key]) => key.startsWith(`${kind}:`));
    const byName = rules.map(([key, rule]) => [key.slice(kind.length + 1), dispositionJson(rule)] as const);
    return rules.length === 0 ? [] : [[kind, Object.fromEntries(byName)] as const];
  });
  return { ...(state.lock ? { lock: true } : {}), ...Object.fromEntries(said) };
}

function dispositionJson(rule: Rule): DispositionJson {
  return rule.kind === "outcomes" ? [...rule.outcomes.values()].map(outcomeJson) : rule.kind;
}

function outcomeJson({ name, to, emit, tally }: OutcomeRow): OutcomeJson {
  return {
    to,
    ...(emit.length === 0 ? {} : { emit }),
    ...(name === "" ? {} : { choice: name }),
    ...(Object.keys(tally).length === 0 ? {} : { tally }),
  };
}
