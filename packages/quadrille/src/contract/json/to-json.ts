// From a choreography's values to its JSON form.
import type { Choreography, StateSets } from "../choreography.ts";
import type {
  ChoreographyJson,
  DispositionJson,
  JoinJson,
  OutcomeJson,
  ParticipantJson,
  StateJson,
} from "../json-form.ts";
import { namedOutcomes } from "../outcome.ts";
import { type Participant, sentencesOf } from "../participant.ts";
import type { Reaction } from "../reaction.ts";
import {
  compile,
  type OutcomeRow,
  partialState,
  type SentenceRow,
  type StateRow,
  type Table,
  triggerKey,
} from "../table.ts";
import type { JoinType } from "../trigger.ts";
import { kindOf, stateKeys } from "../trigger-kind.ts";
import { withPartialStates } from "./partial-ends.ts";

/** The choreography as data, joins expanded into partial states. */
export function toJson(choreography: Choreography): ChoreographyJson {
  const participants = Object.fromEntries(
    choreography.participants.map((one) => [one.name, participantJson(one)]),
  );
  const ends = Object.entries(choreography.ends).map(([name, { states, tally }]) => ({
    name,
    states,
    ...(Object.keys(tally).length === 0 ? {} : { tally }),
  }));
  return {
    name: choreography.name,
    ...(choreography.description === undefined ? {} : { description: choreography.description }),
    participants,
    commands: choreography.commands,
    publicEvents: choreography.publicEvents,
    ...(choreography.takes.length === 0 ? {} : { takes: takesJson(choreography.takes) }),
    ends: withPartialStates(ends, (name, state) =>
      Object.entries(participants[name]?.states ?? {}).flatMap(([partial, { lock }]) =>
        partial.startsWith(`${state}+`) && lock !== true ? [partial] : [],
      ),
    ),
    forbidden: Object.entries(choreography.forbidden).map(([name, states]: [string, StateSets]) => ({
      name,
      states,
    })),
    ...(Object.keys(choreography.tallies).length === 0 ? {} : { tallies: choreography.tallies }),
  };
}

function takesJson(takes: Choreography["takes"]): NonNullable<ChoreographyJson["takes"]> {
  return Object.fromEntries(
    takes.map(({ event, from, saga, budget }) => [
      event.name,
      { from, ...(saga === undefined ? {} : { joins: true }), ...(budget === 1 ? {} : { budget }) },
    ]),
  );
}

/** One participant as data. */
export function participantJson(participant: Participant): ParticipantJson {
  const table = compile(participant);
  const states = table.states.declared.flatMap((row) => {
    const wide = wideJoin(participant, row.name);
    if (wide !== undefined) return [[row.name, wideState(table, row, wide)] as const];
    return table.states.rowsOf(row.name).map((one) => [one.name, stateJson(one)] as const);
  });
  const keys = [...table.subscriptions, ...table.commands].flatMap(([name, by]) =>
    by === undefined ? [] : [name],
  );
  return {
    initial: table.initial,
    ...(table.keyed ? { keyed: true, keys } : {}),
    ...(table.fromBeginning.size === 0 ? {} : { fromBeginning: [...table.fromBeginning] }),
    ...policiesJson(table),
    ...(participant.otherwise === "omission" ? { otherwise: "omission" as const } : {}),
    states: Object.fromEntries(states),
  };
}

function policiesJson({ policies }: Table): Pick<ParticipantJson, "policies"> {
  const given = [...policies].filter(([, policy]) => Object.keys(policy).length > 0);
  return given.length === 0 ? {} : { policies: Object.fromEntries(given) };
}

/** The state of a wide join; about its facts it says only what happens when they come again. */
function wideState(table: Table, row: StateRow, join: JoinJson): StateJson {
  const { on, ...rest } = stateJson(row);
  const again = join.facts.flatMap((fact) => {
    const sentence = table.states
      .get(partialState(row.name, [fact]))
      ?.sentences.get(triggerKey("event", fact));
    return sentence === undefined || sentence.kind === "never"
      ? []
      : [[fact, dispositionJson(sentence)] as const];
  });
  const others = Object.entries(on ?? {}).filter(([name]) => !join.facts.includes(name));
  const all = [...others, ...again];
  return { ...rest, ...(all.length === 0 ? {} : { on: Object.fromEntries(all) }), join };
}

/** A join of at most this many facts is expanded, into 31 partial states; a wider one is kept as a join. */
const writtenOutMax = 5;

/** The join of a state, if it has too many facts to be expanded. */
function wideJoin(participant: Participant, state: string): JoinJson | undefined {
  const sentences = sentencesOf(participant.states[state] ?? []);
  const reaction = sentences.find((one): one is Reaction<JoinType> => one.trigger.kind === "join");
  if (reaction === undefined || reaction.trigger.facts.length <= writtenOutMax) return undefined;
  const { facts, needed, rests } = reaction.trigger;
  const never = new Map<string, string[][]>();
  for (const one of sentences) {
    if (one.kind !== "never" || one.once.length === 0) continue;
    const sets = never.get(one.trigger.name) ?? [];
    never.set(one.trigger.name, [...sets, one.once.map(({ name }) => name)]);
  }
  return {
    facts: facts.map(({ name }) => name),
    ...(needed === facts.length ? {} : { atLeast: needed }),
    ...(rests === undefined ? {} : { rests }),
    outcomes: [...namedOutcomes(reaction.outcomes)].map(([name, { to, emit, tally, saga }]) =>
      outcomeJson({
        name,
        to,
        emit: emit.map((event) => event.name),
        tally,
        ...(saga === undefined ? {} : { saga }),
      }),
    ),
    ...(never.size === 0 ? {} : { never: Object.fromEntries(never) }),
  };
}

function stateJson(state: StateRow): StateJson {
  const byKey = stateKeys.flatMap((key) => {
    const prefix = triggerKey(kindOf(key), "");
    const byName = [...state.sentences].flatMap(([trigger, sentence]) => {
      const name = trigger.slice(prefix.length);
      const isHere =
        trigger.startsWith(prefix) &&
        (state.deadlines.get(name)?.isTimeout === true) === (key === "timeouts");
      return isHere ? [[name, dispositionJson(sentence)] as const] : [];
    });
    return byName.length === 0 ? [] : [[key, Object.fromEntries(byName)] as const];
  });
  const computed = [...state.deadlines.values()].flatMap(({ name, time }) => {
    switch (time.kind) {
      case "delay":
        return [];
      case "from data":
        return [name];
    }
  });
  const fromData = computed.length === 0 ? {} : { fromData: computed };
  return { ...(state.lock ? { lock: true } : {}), ...Object.fromEntries(byKey), ...fromData };
}

function dispositionJson(sentence: SentenceRow): DispositionJson {
  if (sentence.kind !== "reaction") return sentence.kind;
  const gaveUp = [...(sentence.gaveUp?.outcomes.values() ?? [])];
  return [...[...sentence.outcomes.values()].map(outcomeJson), ...gaveUp.map(gaveUpJson)];
}

function gaveUpJson(row: OutcomeRow): OutcomeJson {
  return { ...outcomeJson(row), gaveUp: true };
}

function outcomeJson({ name, to, emit, tally, rearm, saga }: OutcomeRow): OutcomeJson {
  return {
    to,
    ...(emit.length === 0 ? {} : { emit }),
    ...(name === "" ? {} : { choice: name }),
    ...(Object.keys(tally).length === 0 ? {} : { tally }),
    ...(rearm === true ? { rearm } : {}),
    ...(saga === undefined ? {} : { saga }),
  };
}
