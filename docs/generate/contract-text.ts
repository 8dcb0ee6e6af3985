// A choreography's value as the text of a module: what an author would write to get it.
import type { CallPolicy } from "../../packages/quadrille/src/contract/call-policy.ts";
import type { Choreography } from "../../packages/quadrille/src/contract/choreography.ts";
import type { FromElsewhere } from "../../packages/quadrille/src/contract/elsewhere.ts";
import { namedOutcomes, type Outcome } from "../../packages/quadrille/src/contract/outcome.ts";
import { isLock, type Participant, sentencesOf } from "../../packages/quadrille/src/contract/participant.ts";
import type { Sentence } from "../../packages/quadrille/src/contract/reaction.ts";
import type {
  DeadlineType,
  EventType,
  JoinType,
  Trigger,
} from "../../packages/quadrille/src/contract/trigger.ts";
import { schemaText } from "./schema-text.ts";
import { usesOf } from "../../packages/quadrille/src/contract/rules/uses.ts";

/** The parts of a module, so that two modules can be compared part by part. */
export interface ContractText {
  /** Events, commands and activities. */
  readonly triggers: string;
  readonly participants: readonly string[];
  readonly choreography: string;
}

/** The columns that a line may have before it is broken. */
const widthMax = 100;

type Declared = Exclude<Trigger, { readonly kind: "deadline" | "gave-up" | "join" }>;

/** The choreography as text. */
export function contractText(choreography: Choreography): ContractText {
  const triggers = declarations(choreography);
  const write = new Writer(triggers);
  const names = variables(choreography);
  return {
    triggers: [
      ...[...triggers].map(([name, trigger]) => `const ${name} = ${write.made(trigger)};`),
      ...sharedKeys(choreography).map((by) => `const ${by.name} = ${textOf(by)};`),
    ].join("\n"),
    participants: choreography.participants.map((one, index) => write.participant(one, names[index] ?? "")),
    choreography: write.choreography(choreography, names),
  };
}

/**
 * The first event, command or activity of each name that can be a variable; others are written where they are
 * used.
 */
function declarations({
  participants,
  publicEvents,
  takes,
  commands,
}: Choreography): ReadonlyMap<string, Declared> {
  const all: readonly Declared[] = [
    ...participants.flatMap(usesOf).flatMap(({ trigger }) => (trigger.kind === "deadline" ? [] : [trigger])),
    ...takes.map(({ event }) => event),
    ...publicEvents.map((name) => ({ kind: "event" as const, name, schema: undefined })),
    ...Object.keys(commands).map((name) => ({ kind: "command" as const, name, schema: undefined })),
  ];
  const kinds = (["event", "command", "activity"] as const).flatMap((kind) =>
    all.filter((one) => one.kind === kind),
  );
  const first = kinds.filter(({ name }, index) => kinds.findIndex((one) => one.name === name) === index);
  return new Map(first.filter(({ name }) => isVariable(name)).map((one) => [one.name, one]));
}

/** The functions that take a key and have a name of their own: they stand in several reactions. */
function sharedKeys({ participants }: Choreography): readonly ((data: never) => string)[] {
  const sentences = participants.flatMap(({ states }) => Object.values(states).flatMap(sentencesOf));
  const keys = sentences.flatMap((one) =>
    one.kind === "reaction" && one.by !== undefined && isNamed(one.by) ? [one.by] : [],
  );
  return [...new Set(keys)];
}

/** A function's text, with or without types. */
function textOf(by: (data: never) => string): string {
  return by.toString().replaceAll(/\s+/g, " ");
}

/** Whether a function has a name besides that of the option in which it was written. */
function isNamed({ name }: { readonly name: string }): boolean {
  return name !== "" && name !== "by";
}

/** Whether a join is called otherwise than by its events. */
function hasOwnName({ name, facts }: JoinType): boolean {
  return name !== facts.map((fact) => fact.name).join("+");
}

/** A reaction to time, named after its duration. */
function timed({ name, time, isTimeout }: DeadlineType, chosen: string): string {
  const word = isTimeout ? "timeout" : "after";
  if (time.kind !== "delay")
    throw new Error(`${name} is computed by a function, which cannot be written down.`);
  return `${word}("${name.replace(`${word} `, "")}", ${chosen})`;
}

function isVariable(name: string): boolean {
  return /^[A-Za-z]\w*$/.test(name) && name !== "data";
}

function variables({ participants }: Choreography): readonly string[] {
  const names = participants.map(({ name }) =>
    `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`.replaceAll(/\W/g, ""),
  );
  return names.map((name, index) =>
    name === "command" || names.indexOf(name) < index ? `${name}${index + 1}` : name,
  );
}

function nameOf(choreography: string): string {
  return choreography.toLowerCase().replaceAll(/\W/g, "");
}

class Writer {
  readonly #triggers: ReadonlyMap<string, Declared>;

  constructor(triggers: ReadonlyMap<string, Declared>) {
    this.#triggers = triggers;
  }

  made(trigger: Declared): string {
    const { kind, name, schema } = trigger;
    const policy = kind === "activity" ? policyText(trigger.policy) : "";
    return `${kind}(${JSON.stringify(name)}${schema === undefined ? "" : `, ${schemaText(schema)}`}${policy})`;
  }

  participant({ name, entity, initial, otherwise, states }: Participant, variable: string): string {
    const head = `entity: ${JSON.stringify(entity)}, initial: ${JSON.stringify(initial)}${
      otherwise === "never" ? "" : `, otherwise: ${JSON.stringify(otherwise)}`
    }, states: {`;
    const lines = Object.entries(states).map(([state, definition]) => {
      const sentences = sentencesOf(definition).map((one) => this.#sentence(one));
      return `  ${key(state)}: ${isLock(definition) ? `lock(${list(sentences)})` : list(sentences)},`;
    });
    return [`const ${variable} = participant(${JSON.stringify(name)}, { ${head}`, ...lines, "} });"].join(
      "\n",
    );
  }

  choreography(
    { name, ends, forbidden, publicEvents, takes, commands, tallies, participants }: Choreography,
    names: readonly string[],
  ): string {
    const events = publicEvents.map((one) => this.#trigger({ kind: "event", name: one, schema: undefined }));
    const known = participants.flatMap(usesOf).map(({ trigger }) => trigger.name);
    const budgets = Object.entries(commands)
      .filter(([command, budget]) => budget !== 1 || !known.includes(command))
      .map(([command, budget]) => `${key(command)}: ${JSON.stringify(budget)}`);
    const fields = [
      `participants: [${names.join(", ")}]`,
      `ends: ${record(ends, ({ states, tally }) => record({ ...states, ...(Object.keys(tally).length === 0 ? {} : { tally }) }, text))}`,
      ...(Object.keys(forbidden).length === 0
        ? []
        : [`forbidden: ${record(forbidden, (sets) => record(sets, text))}`]),
      ...(events.length === 0 ? [] : [`publicEvents: [${events.join(", ")}]`]),
      ...(takes.length === 0 ? [] : [`takes: [${takes.map((one) => this.#taken(one)).join(", ")}]`]),
      ...(budgets.length === 0 ? [] : [`commands: { ${budgets.join(", ")} }`]),
      ...(Object.keys(tallies).length === 0
        ? []
        : [`tallies: ${record(tallies, (one) => record({ ...one }, text))}`]),
    ];
    return [
      `export const ${nameOf(name)} = choreography(${JSON.stringify(name)}, {`,
      ...fields.map((one) => `  ${one},`),
      "});",
    ].join("\n");
  }

  #taken({ from, event, saga, budget }: FromElsewhere): string {
    const options = [
      ...(saga === undefined ? [] : [`saga: ${textOf(saga)}`]),
      ...(budget === 1 ? [] : [`budget: ${JSON.stringify(budget)}`]),
    ];
    const more = options.length === 0 ? "" : `, { ${options.join(", ")} }`;
    return `from(${JSON.stringify(from)}, ${this.#trigger(event)}${more})`;
  }

  #sentence(sentence: Sentence): string {
    if (sentence.kind !== "reaction") {
      const once = sentence.once.length === 0 ? "" : `, { once: [${this.#events(sentence.once)}] }`;
      return `${sentence.kind}(${this.#trigger(sentence.trigger)}${once})`;
    }
    const { trigger, outcomes, by } = sentence;
    const named = namedOutcomes(outcomes);
    const single = named.get("");
    const chosen =
      named.size === 1 && single !== undefined
        ? this.#outcome(single)
        : record(Object.fromEntries(named), (one) => this.#outcome(one));
    if (trigger.kind === "deadline") return timed(trigger, chosen);
    if (trigger.kind === "gave-up") return `gaveUp(${this.#called(trigger.activity)}, ${chosen})`;
    const options = [
      ...(by === undefined ? [] : [`by: ${isNamed(by) ? by.name : textOf(by)}`]),
      ...(trigger.kind === "join" && hasOwnName(trigger) ? [`as: ${JSON.stringify(trigger.name)}`] : []),
      ...(trigger.kind === "join" && trigger.rests === true ? ["rests: true"] : []),
    ];
    return `on(${this.#trigger(trigger)}, ${chosen}${options.length === 0 ? "" : `, { ${options.join(", ")} }`})`;
  }

  #called(activity: string): string {
    const declared = this.#triggers.get(activity);
    return declared?.kind === "activity" ? activity : `activity(${JSON.stringify(activity)})`;
  }

  #outcome({ to, emit, tally, rearm, saga }: Outcome): string {
    return [
      `to(${JSON.stringify(to)})`,
      ...(emit.length === 0 ? [] : [`emits(${this.#events(emit)})`]),
      ...(Object.keys(tally).length === 0 ? [] : [`tallies(${record(tally, text)})`]),
      ...(rearm ? ["rearms()"] : []),
      ...(saga === undefined ? [] : [saga === "own" ? "ifOwn()" : "ifOther()"]),
    ].join(".");
  }

  #events(events: readonly EventType[]): string {
    return events.map((one) => this.#trigger(one)).join(", ");
  }

  #trigger(trigger: Exclude<Trigger, { readonly kind: "deadline" | "gave-up" }>): string {
    if (trigger.kind === "join") return `all(${this.#events(trigger.facts)})`;
    const declared = this.#triggers.get(trigger.name);
    const same = declared?.kind === trigger.kind && this.made(declared) === this.made(trigger);
    return same && declared.schema === trigger.schema ? trigger.name : this.made(trigger);
  }
}

/** The options that make the policy; times in milliseconds. */
function policyText(policy: CallPolicy): string {
  const options = Object.entries(policy).map(([option, value]) =>
    option === "attempts" ? `attempts: ${value}` : `${option.replace(/Ms$/, "")}: "${value}ms"`,
  );
  return options.length === 0 ? "" : `, { ${options.join(", ")} }`;
}

function list(items: readonly string[]): string {
  const flat = `[${items.join(", ")}]`;
  return flat.length + 12 <= widthMax ? flat : `[\n${items.map((one) => `    ${one},\n`).join("")}  ]`;
}

function record<V>(fields: Readonly<Record<string, V>>, write: (value: V) => string): string {
  const parts = Object.entries(fields).map(([name, value]) => `${key(name)}: ${write(value)}`);
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}

function key(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
}

function text(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(text).join(", ")}]`;
  return typeof value === "object" && value !== null ? record({ ...value }, text) : JSON.stringify(value);
}
