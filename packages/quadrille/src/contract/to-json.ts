// From a choreography's values to its JSON form.
import type { Choreography, StateSets } from "./choreography.ts";
import type {
  ChoreographyJson,
  DispositionJson,
  OutcomeJson,
  ParticipantJson,
  StateJson,
} from "./json-form.ts";
import type { Participant } from "./participant.ts";
import { compile, type OutcomeRow, type Rule, type StateRow, triggerKey } from "./table.ts";
import { kindOf, STATE_KEYS } from "./trigger-kind.ts";

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
  const said = STATE_KEYS.flatMap((key) => {
    const prefix = triggerKey(kindOf(key), "");
    const byName = [...state.rules].flatMap(([trigger, rule]) => {
      const name = trigger.slice(prefix.length);
      const isHere =
        trigger.startsWith(prefix) &&
        (state.deadlines.get(name)?.isTimeout === true) === (key === "timeouts");
      return isHere ? [[name, dispositionJson(rule)] as const] : [];
    });
    return byName.length === 0 ? [] : [[key, Object.fromEntries(byName)] as const];
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
