// A participant's contract as a table: every state, joins expanded into partial states, a sentence for every
// trigger. The transition reads this table for the engine, for scenarios and for the checker, so the checked
// contract is the one that runs.
import { factSets, setsOf } from "./fact-sets.ts";
import type { CallPolicy } from "./call-policy.ts";
import { type ForSaga, gaveUpChoice } from "./json-form.ts";
import { namedOutcomes } from "./outcome.ts";
import { isLock, sentencesOf, type Participant } from "./participant.ts";
import type { NoReaction, Reaction, Sentence } from "./reaction.ts";
import type { DeadlineType, EventType, JoinType, Schema, SingleTrigger } from "./trigger.ts";
import type { TriggerKind } from "./trigger-kind.ts";

/** One outcome in the table. */
export interface OutcomeRow {
  readonly name: string;
  readonly to: string;
  readonly emit: readonly string[];
  readonly tally: Readonly<Record<string, number>>;
  /** Whether the deadline of the state is set again, where the state is kept. */
  readonly rearm?: true;
  readonly saga?: ForSaga;
}

/** A reaction: the outcomes from which its handler chooses. */
export interface ReactionRow {
  readonly kind: "reaction";
  /** By the name under which a handler chooses; the empty one where there is no choice. */
  readonly outcomes: ReadonlyMap<string, OutcomeRow>;
  /**
   * The declared state and trigger, under which the handler is found; absent for a fact of a join that only
   * waits.
   */
  readonly handler: { readonly state: string; readonly trigger: string } | undefined;
  /** Whether this event completes or feeds a join. */
  readonly join: "none" | "waits" | "completes";
  /** What happens where the activity's call is given up; absent where the contract does not say. */
  readonly gaveUp?: ReactionRow;
}

/** What a state says about a trigger: a reaction, or none. */
export type SentenceRow = { readonly kind: "ignore" | "defer" | "never" } | ReactionRow;

/**
 * A state of the table. A partial state of a join has seen `facts` and is based on the state that declares
 * it.
 */
export interface StateRow {
  readonly name: string;
  readonly base: string;
  readonly facts: readonly string[];
  /** What its base waits for, where that is a join. */
  readonly join: JoinType | undefined;
  readonly lock: boolean;
  /** By {@link triggerKey}. */
  readonly sentences: ReadonlyMap<string, SentenceRow>;
  /** The activity started on entering the state. */
  readonly activity: string | undefined;
  /** The deadlines and timeouts armed on entering the state, by name. */
  readonly deadlines: ReadonlyMap<string, DeadlineType>;
}

/**
 * The rows of a participant by their names. Those of a join's partial states are made when they are asked
 * for: sixteen facts have 65,535 of them.
 */
export interface StateRows {
  readonly get: (name: string) => StateRow | undefined;
  readonly has: (name: string) => boolean;
  /** The number of rows, including partial states. */
  readonly size: number;
  /** The rows of the declared states, in their order. */
  readonly declared: readonly StateRow[];
  /** The rows of a declared state and of the partial states of its join. */
  readonly rowsOf: (base: string) => readonly StateRow[];
  /** Every row with the partial states after the state that declares their join: for joins of few facts. */
  readonly values: () => IterableIterator<StateRow>;
  readonly keys: () => IterableIterator<string>;
}

/** Takes an entity's key from a payload. */
export type By = (data: never) => string;

/** A compiled participant. */
export interface Table {
  readonly name: string;
  readonly entity: string;
  readonly initial: string;
  readonly data: Schema<unknown> | undefined;
  readonly states: StateRows;
  /** Schemas by {@link triggerKey}: events taken and emitted, commands, activities' results. */
  readonly schemas: ReadonlyMap<string, Schema<unknown>>;
  /** Whether the entity is keyed by something other than the saga, so that sagas share it. */
  readonly keyed: boolean;
  /**
   * Events subscribed to, with the function that takes the entity's key from the payload, if it is not the
   * saga.
   */
  readonly subscriptions: ReadonlyMap<string, By | undefined>;
  /** Events that a new reader takes from the beginning of the source's journal. */
  readonly fromBeginning: ReadonlySet<string>;
  readonly emitted: ReadonlySet<string>;
  /** How each activity is attempted. */
  readonly policies: ReadonlyMap<string, CallPolicy>;
  /**
   * Commands taken, with the function that takes the entity's key from the payload, if it is not the saga.
   */
  readonly commands: ReadonlyMap<string, By | undefined>;
}

/**
 * Keys made before. A newly built string has to be hashed for each lookup, which took a twentieth of the
 * engine's time.
 */
const triggerKeys: Readonly<Record<TriggerKind, Map<string, string>>> = {
  event: new Map(),
  command: new Map(),
  deadline: new Map(),
  activity: new Map(),
};

/** Names come from contracts and from journals written by other versions, so there are few. */
const keysKeptMax = 10_000;

/** The name of a trigger together with its kind. */
export function triggerKey(kind: TriggerKind, name: string): string {
  const keys = triggerKeys[kind];
  const known = keys.get(name);
  if (known !== undefined) return known;
  if (keys.size >= keysKeptMax) keys.clear();
  const key = `${kind}:${name}`;
  keys.set(name, key);
  return key;
}

/** The name of a partial state: the declaring state and the facts seen, in the join's order. */
export function partialState(base: string, facts: readonly string[]): string {
  return [base, ...facts].join("+");
}

/** Compiles a participant. Expects a contract without well-formedness errors. */
export function compile(participant: Participant): Table {
  const { triggers, reactions, emitted } = partsOf(participant);
  const keys = keysOf(reactions);
  const subscribed = new Set(triggers.filter(({ kind }) => kind === "event").map(({ name }) => name));
  return {
    name: participant.name,
    entity: participant.entity,
    initial: participant.initial,
    data: participant.data,
    states: rowsOf(participant, subscribed),
    schemas: schemasOf([...triggers, ...emitted]),
    keyed: isKeyed(participant),
    subscriptions: new Map([...subscribed].map((event) => [event, keys.get(triggerKey("event", event))])),
    fromBeginning: new Set(
      reactions
        .filter(({ from }) => from === "beginning")
        .flatMap(triggersOf)
        .map(({ name }) => name),
    ),
    emitted: new Set(emitted.map((event) => event.name)),
    commands: new Map(
      triggers.flatMap(({ kind, name }) =>
        kind === "command" ? [[name, keys.get(triggerKey(kind, name))] as const] : [],
      ),
    ),
    policies: new Map(
      triggers.flatMap((one) => (one.kind === "activity" ? [[one.name, one.policy] as const] : [])),
    ),
  };
}

interface Parts {
  readonly triggers: readonly SingleTrigger[];
  readonly reactions: readonly Reaction[];
  readonly emitted: readonly EventType[];
}

/** What all states together take, do and publish. With loops: a check compiles hundreds of sentences. */
function partsOf({ states }: Participant): Parts {
  const triggers: SingleTrigger[] = [];
  const reactions: Reaction[] = [];
  const emitted: EventType[] = [];
  for (const state of Object.values(states)) {
    for (const sentence of sentencesOf(state)) {
      triggers.push(...triggersOf(sentence));
      if (sentence.kind !== "reaction") continue;
      reactions.push(sentence);
      for (const { emit } of namedOutcomes(sentence.outcomes).values()) emitted.push(...emit);
    }
  }
  return { triggers, reactions, emitted };
}

/** What is taken. That a call was given up comes with the activity. */
function triggersOf({ trigger }: Sentence): readonly SingleTrigger[] {
  if (trigger.kind === "gave-up") return [];
  return trigger.kind === "join" ? trigger.facts : [trigger];
}

function schemasOf(triggers: readonly SingleTrigger[]): ReadonlyMap<string, Schema<unknown>> {
  const schemas = new Map<string, Schema<unknown>>();
  for (const trigger of triggers) {
    if (trigger.kind !== "deadline" && trigger.schema !== undefined) {
      schemas.set(triggerKey(trigger.kind, trigger.name), trigger.schema);
    }
  }
  return schemas;
}

/** By {@link triggerKey}: what takes the entity's key from the payload, as the first reaction says it. */
function keysOf(reactions: readonly Reaction[]): ReadonlyMap<string, By> {
  const keys = new Map<string, By>();
  for (const { by, trigger } of reactions) {
    if (by === undefined || (trigger.kind !== "event" && trigger.kind !== "command")) continue;
    addMissing(keys, triggerKey(trigger.kind, trigger.name), by);
  }
  return keys;
}

/**
 * Whether a participant's entity is keyed by something other than the saga: one of its reactions says `by`.
 */
export function isKeyed({ states }: Participant): boolean {
  const saysBy = (one: Sentence): boolean =>
    one.kind === "reaction" && one.trigger.kind !== "join" && one.by !== undefined;
  return Object.values(states).some((state) => sentencesOf(state).some(saysBy));
}

/** Rows of partial states kept at once: a saga goes through few of them, one after another. */
const partialRowsMax = 1_024;

function rowsOf(participant: Participant, subscribed: ReadonlySet<string>): StateRows {
  const makers = Object.keys(participant.states).map((name) => rowMaker(participant, name, subscribed));
  const declared = makers.map(({ rowWith }) => rowWith([]));
  const byName = new Map(declared.map((row) => [row.name, row]));
  const partial = new Map<string, StateRow>();
  const joins = makers.filter(({ join }) => join !== undefined);
  const makePartial = (name: string): StateRow | undefined => {
    const made = joins.map((maker) => partialRow(name, maker)).find((one) => one !== undefined);
    if (made === undefined) return undefined;
    if (partial.size >= partialRowsMax) partial.clear();
    partial.set(name, made);
    return made;
  };
  const get = (name: string): StateRow | undefined =>
    byName.get(name) ?? partial.get(name) ?? makePartial(name);
  function* values(): IterableIterator<StateRow> {
    for (const { join, rowWith } of makers) {
      for (const facts of factSets(join?.trigger)) yield rowWith(facts);
    }
  }
  function* keys(): IterableIterator<string> {
    for (const { name } of values()) yield name;
  }
  const rowsOf = (base: string): StateRow[] =>
    makers
      .filter((maker) => maker.base === base)
      .flatMap(({ join, rowWith }) => factSets(join?.trigger).map(rowWith));
  const size = makers.reduce((sum, { join }) => sum + setsOf(join?.trigger), 0);
  return { get, has: (name) => get(name) !== undefined, size, declared, rowsOf, values, keys };
}

/** Makes a state's row, and those of its join's partial states by the facts seen. */
interface RowMaker {
  readonly base: string;
  readonly join: Reaction<JoinType> | undefined;
  readonly rowWith: (facts: readonly string[]) => StateRow;
}

/**
 * The row of a partial state by its name, whatever the order of its facts was in an earlier contract. Where
 * that contract needed more facts than this one, the join may be complete: then the state waits for one of
 * its own facts, which is offered again.
 */
function partialRow(name: string, { base, join, rowWith }: RowMaker): StateRow | undefined {
  if (join === undefined || !name.startsWith(`${base}+`)) return undefined;
  const seen = name.slice(base.length + 1).split("+");
  const facts = join.trigger.facts.map((fact) => fact.name).filter((fact) => seen.includes(fact));
  const isOwn = facts.length === seen.length && new Set(seen).size === seen.length;
  if (!isOwn) return undefined;
  const { needed } = join.trigger;
  return facts.length < needed
    ? rowWith(facts)
    : { ...rowWith(facts.slice(0, needed - 1)), name: partialState(base, facts) };
}

function rowMaker(participant: Participant, base: string, subscribed: ReadonlySet<string>): RowMaker {
  const definition = participant.states[base] ?? [];
  const sentences = sentencesOf(definition);
  const join = sentences.find((one): one is Reaction<JoinType> => one.trigger.kind === "join");
  const triggers = sentences.map(({ trigger }) => trigger);
  const activity = triggers.find(({ kind }) => kind === "activity")?.name;
  const deadlines = new Map(
    triggers.flatMap((one) => (one.kind === "deadline" ? [[one.name, one] as const] : [])),
  );
  const rowWith = (facts: readonly string[]): StateRow => {
    const rows = plainRows(base, sentences, facts);
    if (join !== undefined) addJoin(rows, { base, join, facts });
    if (participant.otherwise === "never") {
      for (const event of subscribed) addMissing(rows, triggerKey("event", event), neverSentence);
    }
    const waits = facts.length > 0 && join?.trigger.rests !== true;
    const lock = waits || isLock(definition);
    const own = { name: partialState(base, facts), base, facts, join: join?.trigger };
    return { ...own, lock, sentences: rows, activity, deadlines };
  };
  return { base, join, rowWith };
}

const neverSentence: SentenceRow = { kind: "never" };

function plainRows(
  base: string,
  sentences: readonly Sentence[],
  facts: readonly string[],
): Map<string, SentenceRow> {
  const rows = new Map<string, SentenceRow>();
  for (const sentence of sentences) {
    if (sentence.trigger.kind === "join" || sentence.trigger.kind === "gave-up") continue;
    const key = triggerKey(sentence.trigger.kind, sentence.trigger.name);
    if (sentence.kind === "reaction") {
      rows.set(key, reactionRow(sentence, { state: base, trigger: sentence.trigger.name }, "none"));
    } else if (holdsNow(sentence, facts)) {
      rows.set(key, { kind: sentence.kind });
    }
  }
  addGaveUp(rows, base, sentences);
  return rows;
}

/** A `gaveUp` sentence belongs to the reaction to the call. */
function addGaveUp(rows: Map<string, SentenceRow>, base: string, sentences: readonly Sentence[]): void {
  for (const sentence of sentences) {
    if (sentence.kind !== "reaction" || sentence.trigger.kind !== "gave-up") continue;
    const key = triggerKey("activity", sentence.trigger.activity);
    const answers = rows.get(key);
    if (answers?.kind !== "reaction") continue;
    const reaction = reactionRow(sentence, { state: base, trigger: sentence.trigger.name }, "none");
    const outcomes = [...reaction.outcomes].map(([name, row]) => {
      return [name, { ...row, name: name === "" ? gaveUpChoice : name }] as const;
    });
    rows.set(key, { ...answers, gaveUp: { ...reaction, outcomes: new Map(outcomes) } });
  }
}

function holdsNow(sentence: NoReaction, facts: readonly string[]): boolean {
  return sentence.once.every((fact) => facts.includes(fact.name));
}

function reactionRow(
  reaction: Reaction,
  handler: { readonly state: string; readonly trigger: string },
  join: "none" | "completes",
): ReactionRow {
  const rows = new Map<string, OutcomeRow>();
  for (const [name, { to, emit, tally, rearm, saga }] of namedOutcomes(reaction.outcomes)) {
    const row: OutcomeRow = { name, to, emit: emit.map((event) => event.name), tally };
    rows.set(name, { ...row, ...(rearm ? { rearm } : {}), ...(saga === undefined ? {} : { saga }) });
  }
  return { kind: "reaction", outcomes: rows, handler, join };
}

interface Partial {
  readonly base: string;
  readonly join: Reaction<JoinType>;
  readonly facts: readonly string[];
}

/**
 * The join's events in a partial state: seen ones cannot come again, the last one needed completes, others
 * are remembered.
 */
function addJoin(rows: Map<string, SentenceRow>, { base, join, facts }: Partial): void {
  const order = join.trigger.facts.map((fact) => fact.name);
  for (const fact of order) {
    const key = triggerKey("event", fact);
    const seen = order.filter((name) => name === fact || facts.includes(name));
    if (facts.includes(fact)) {
      addMissing(rows, key, neverSentence);
    } else if (seen.length >= join.trigger.needed) {
      rows.set(key, reactionRow(join, { state: base, trigger: join.trigger.name }, "completes"));
    } else {
      const row = { name: "", to: partialState(base, seen), emit: [], tally: {} };
      rows.set(key, { kind: "reaction", outcomes: new Map([["", row]]), handler: undefined, join: "waits" });
    }
  }
}

function addMissing<Value>(map: Map<string, Value>, key: string, value: Value): void {
  if (!map.has(key)) map.set(key, value);
}
