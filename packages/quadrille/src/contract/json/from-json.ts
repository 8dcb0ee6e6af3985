// From the JSON form back to values: a contract of another repository or language, without schemas and code.
import { QuadrilleError } from "../../errors.ts";
import type { Choreography } from "../choreography.ts";
import type { CallPolicy } from "../call-policy.ts";
import { from } from "../elsewhere.ts";
import {
  type ChoreographyJson,
  type DispositionJson,
  type JoinJson,
  type OutcomeJson,
  type ParticipantJson,
  type StateJson,
  gaveUpChoice,
} from "../json-form.ts";
import { outcome, type Outcome, type Outcomes } from "../outcome.ts";
import type { Participant, StateDefinition } from "../participant.ts";
import { gaveUp, lock, type NoReaction, type Reaction, type Sentence } from "../reaction.ts";
import { activity, command, event, type JoinType, type Trigger } from "../trigger.ts";
import { sentencesIn, type SentenceJson } from "../trigger-kind.ts";

/**
 * The choreography as values. Expects well-formed data (see `parseChoreography`). Partial states of joins
 * stay the plain states they are in the JSON form; a deadline's delay is not part of that form and is zero.
 */
export function fromJson(json: ChoreographyJson): Choreography {
  return Object.freeze({
    kind: "choreography",
    name: json.name,
    description: json.description,
    participants: Object.entries(json.participants).map(([name, one]) => participantFromJson(name, one)),
    ends: Object.fromEntries(
      json.ends.map(({ name, states, tally }) => [name, { states, tally: tally ?? {} }]),
    ),
    forbidden: Object.fromEntries(json.forbidden.map(({ name, states }) => [name, states])),
    publicEvents: json.publicEvents,
    takes: Object.entries(json.takes ?? {}).map(([name, { from: source, joins, budget = 1 }]) =>
      from(source, event(name), { budget, ...(joins === true ? { saga: byUnknown } : {}) }),
    ),
    commands: json.commands,
    tallies: json.tallies ?? {},
  });
}

/** One participant as a value. */
export function participantFromJson(name: string, json: ParticipantJson): Participant {
  const keys = json.keyed === true ? new Set(json.keys ?? namesTaken(json)) : new Set<string>();
  const past = new Set(json.fromBeginning ?? []);
  const policies = new Map(Object.entries(json.policies ?? {}));
  const states = Object.entries(json.states).map(
    ([name, state]) => [name, stateFromJson(state, { keys, past, policies })] as const,
  );
  return Object.freeze({
    kind: "participant",
    name,
    entity: name,
    data: undefined,
    initial: json.initial,
    states: Object.fromEntries(states),
    otherwise: json.otherwise ?? "never",
  });
}

/** The events and commands that a participant takes. */
function namesTaken({ states }: ParticipantJson): readonly string[] {
  return Object.values(states).flatMap((state) => [
    ...Object.keys({ ...state.on, ...state.commands }),
    ...(state.join?.facts ?? []),
  ]);
}

function stateFromJson(state: StateJson, beside: Beside): StateDefinition {
  const computed = new Set(state.fromData ?? []);
  const own = sentencesIn(state).flatMap((one) => sentencesOf(one, { ...beside, computed }));
  const sentences = [...own, ...(state.join === undefined ? [] : joinFromJson(state.join, beside))];
  return state.lock === true ? lock(sentences) : sentences;
}

/** What the form says beside the states, of a participant as a whole. */
interface Beside {
  /** Events and commands whose payload brings the key; the function that takes it is in the code. */
  readonly keys: ReadonlySet<string>;
  /** Events that are taken from the beginning. */
  readonly past: ReadonlySet<string>;
  readonly policies: ReadonlyMap<string, CallPolicy>;
}

interface SentenceContext extends Beside {
  /** Deadlines that are computed from data. */
  readonly computed: ReadonlySet<string>;
}

/** One sentence; for an activity that may be given up, a second one about that. */
function sentencesOf(
  json: SentenceJson,
  { keys, past, policies, computed }: SentenceContext,
): readonly Sentence[] {
  const { disposition, kind, trigger } = json;
  if (kind !== "activity" || typeof disposition === "string") {
    const bringsKey = (kind === "event" || kind === "command") && keys.has(trigger);
    const from = kind === "event" && past.has(trigger) ? "beginning" : undefined;
    const options = { by: bringsKey ? byUnknown : undefined, from } as const;
    return [sentence(triggerOf(json, computed), disposition, options)];
  }
  const call = { ...activity(trigger), policy: policies.get(trigger) ?? {} };
  const givenUp = disposition.filter((row) => row.gaveUp === true);
  const answers = disposition.filter((row) => row.gaveUp !== true);
  return [
    ...(answers.length === 0 && givenUp.length > 0 ? [] : [sentence(call, answers)]),
    ...(givenUp.length === 0 ? [] : [gaveUp(call, outcomesFromJson(givenUp.map(unnamed)))]),
  ];
}

/** A single outcome has no name in the contract. */
function unnamed({ choice, ...row }: OutcomeJson): OutcomeJson {
  return choice === undefined || choice === gaveUpChoice ? row : { ...row, choice };
}

function triggerOf(
  { key, kind, trigger: name }: SentenceJson,
  computed: ReadonlySet<string>,
): Exclude<Trigger, JoinType> {
  switch (kind) {
    case "event":
      return event(name);
    case "command":
      return command(name);
    case "activity":
      return activity(name);
    case "deadline":
      return {
        kind,
        name,
        time: computed.has(name) ? { kind: "from data", when: () => undefined } : { kind: "delay", ms: 0 },
        isTimeout: key === "timeouts",
      };
  }
}

function joinFromJson(
  { facts, atLeast, rests, outcomes, never = {} }: JoinJson,
  { past }: Beside,
): readonly Sentence[] {
  const events = facts.map((name) => event(name));
  const names = facts.join("+");
  const trigger: JoinType = Object.freeze({
    kind: "join",
    name: atLeast === undefined ? names : `${atLeast} of ${names}`,
    facts: events,
    needed: atLeast ?? facts.length,
    of: atLeast ?? "all",
    ...(rests === undefined ? {} : { rests }),
  });
  const reaction: Reaction = {
    kind: "reaction",
    trigger,
    outcomes: outcomesFromJson(outcomes),
    by: undefined,
    from: facts.every((fact) => past.has(fact)) ? "beginning" : undefined,
  };
  const nevers = Object.entries(never).flatMap(([name, sets]) =>
    sets.map(
      (once): NoReaction => ({ kind: "never", trigger: event(name), once: once.map((fact) => event(fact)) }),
    ),
  );
  return [reaction, ...nevers];
}

/**
 * Stands for a function that is in the code alone: the form only says that a payload contains a key. Throws
 * `Q_PAYLOAD_INVALID`.
 */
function byUnknown(): string {
  throw new QuadrilleError(
    "Q_PAYLOAD_INVALID",
    "A contract read from its JSON form does not know how a payload brings a key or a saga.",
  );
}

function sentence(
  trigger: Trigger,
  disposition: DispositionJson,
  { by, from: begins }: Partial<Pick<Reaction, "by" | "from">> = {},
): Sentence {
  if (typeof disposition !== "string") {
    return {
      kind: "reaction",
      trigger,
      outcomes: outcomesFromJson(disposition),
      by,
      from: begins,
    } satisfies Reaction;
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- parseChoreography lets only events and commands be disposed of
  return { kind: disposition, trigger: trigger as NoReaction["trigger"], once: [] };
}

function outcomesFromJson(rows: readonly OutcomeJson[]): Outcomes {
  const [only] = rows;
  if (rows.length === 1 && only !== undefined && only.choice === undefined) return outcomeFromJson(only);
  return Object.fromEntries(
    rows.map((row, index) => [choiceOf(row.choice, index, rows.length), outcomeFromJson(row)]),
  );
}

/** An outcome of the JSON form, and how a handler chooses it. */
export interface NamedChoice {
  readonly outcome: OutcomeJson;
  /** Empty where there is nothing to choose. */
  readonly choice: string;
  /** Whether it is chosen where a call was given up. */
  readonly isGivenUp: boolean;
}

/** The outcomes of a reaction, under the names that they have in the values made from it. */
export function choicesOf(rows: readonly OutcomeJson[]): readonly NamedChoice[] {
  const group = (isGivenUp: boolean): NamedChoice[] => {
    const some = rows.filter(({ gaveUp }) => (gaveUp === true) === isGivenUp);
    const named = isGivenUp ? some.map(unnamed) : some;
    return some.map((row, index) => {
      const { choice } = named[index] ?? {};
      return { outcome: row, choice: choiceOf(choice, index, named.length), isGivenUp };
    });
  };
  return [...group(false), ...group(true)];
}

function choiceOf(choice: string | undefined, index: number, count: number): string {
  return choice ?? (count === 1 ? "" : `outcome ${index + 1}`);
}

function outcomeFromJson({ to: state, emit = [], tally = {}, rearm, saga }: OutcomeJson): Outcome {
  const events = emit.map((name) => event(name));
  return outcome(state, events, { tally: { ...tally }, rearm: rearm === true, saga });
}
