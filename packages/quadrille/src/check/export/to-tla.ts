// Exports a choreography to TLA+: the same model as the explorer's, with bag channels, for TLC or Apalache.
// One action for every (state, trigger, outcome); ends and forbidden combinations are properties to check.
// Like the Promela export it is written from the contract and shares no tables with the explorer. The tests
// parse the module, compare its actions with the contract's, and run it in an interpreter of their own;
// neither TLC nor Apalache has been run on it. See docs/cross-check.md.
import type { ChoreographyJson, DispositionJson, OutcomeJson } from "../../contract/json-form.ts";
import { ofOneSaga } from "./of-one-saga.ts";
import { writeOutJoins } from "../../contract/json/write-out-joins.ts";
import { own } from "../../contract/own.ts";
import { type CheckOptions, resolveBound } from "../model/bound.ts";
import { createWorld, type World } from "../model/world.ts";
import { largestChange, listTallies, outcomesOf } from "../../contract/json/sentences.ts";

/** The module, and the configuration of a TLC run. */
export interface TlaModule {
  /** The module's name, which is also its file's: `Choreography`. */
  readonly name: string;
  readonly module: string;
  readonly config: string;
}

/**
 * The choreography as a TLA+ module: one saga, bag channels, without faults. Parsed and interpreted in tests;
 * not yet run by TLC.
 */
export function toTla(given: ChoreographyJson, options: CheckOptions = {}): TlaModule {
  const bound = resolveBound({ ...options, sagas: 1, channel: "bag", faults: {} });
  const choreography = ofOneSaga(writeOutJoins(given));
  const world = createWorld(choreography, bound);
  const steps = world.instances.flatMap(({ participant, states }) =>
    states.flatMap((state) => stepsOf({ world, participant, state })),
  );
  const invariants = choreography.forbidden.map(
    ({ name, states }, index) => `Invariant${index + 1} == ~(${combination(states)}) \\* ${oneLine(name)}`,
  );
  const ends = world.choreography.ends.map((end, index) => {
    const tallies = Object.entries(end.tally ?? {}).map(
      ([tally, value]) => ` /\\ tally[${text(tally)}] = ${value}`,
    );
    return `End${index + 1} == ${combination(end.states)}${tallies.join("")} \\* ${oneLine(end.name)}`;
  });
  const actions = steps.map(({ action }, index) => `Step${index + 1} == ${action}`);
  // Not ENABLED: a step that a full channel or an empty tally holds back is still wanted.
  const wanted = new Set(steps.flatMap(({ guard, isCommand }) => (isCommand ? [] : [`(${guard})`])));
  const lines = [
    "---- MODULE Choreography ----",
    `\\* ${oneLine(choreography.name)}`,
    "EXTENDS Naturals",
    "",
    "VARIABLES state, messages, budget, tally",
    "vars == <<state, messages, budget, tally>>",
    `Cap == ${bound.cap}`,
    'Stopped == "(stopped)"',
    "",
    ...initial(world),
    "",
    ...actions,
    "",
    `Next == ${disjunction(actions.map((_, index) => `Step${index + 1}`))}`,
    "Spec == Init /\\ [][Next]_vars",
    "",
    "NoneStopped == \\A p \\in DOMAIN state : state[p] # Stopped",
    `Resting == NoneStopped /\\ ~(${disjunction([...wanted])})`,
    "Silent == \\A m \\in DOMAIN messages : messages[m] = 0",
    ...ends,
    `Ends == (Resting /\\ Silent) => ${disjunction(world.choreography.ends.map((_, index) => `End${index + 1}`))}`,
    "NothingWaits == Resting => Silent",
    ...invariants,
    "====",
    "",
  ];
  const checked = [
    "NoneStopped",
    "Ends",
    "NothingWaits",
    ...choreography.forbidden.map((_, index) => `Invariant${index + 1}`),
  ];
  const config = `SPECIFICATION Spec\n${checked.map((name) => `INVARIANT ${name}\n`).join("")}CHECK_DEADLOCK FALSE\n`;
  return { name: "Choreography", module: lines.join("\n"), config };
}

interface TlaPlace {
  readonly world: World;
  readonly participant: string;
  readonly state: string;
}

interface Action {
  /** The guard of a step: the state and the message. */
  readonly guard: string;
  readonly action: string;
  readonly isCommand: boolean;
}

function initial(world: World): string[] {
  const { choreography, subscriptions } = world;
  const states = Object.entries(choreography.participants).map(
    ([name, value]) => [name, text(value.initial)] as const,
  );
  const messages = [...subscriptions].flatMap(([to, events]) =>
    events.map((event) => [channel(event, to), "0"] as const),
  );
  const budgets = Object.entries(choreography.commands).flatMap(([name, budget]) =>
    typeof budget === "number" ? [[name, String(budget)] as const] : [],
  );
  return [
    "Init ==",
    `  /\\ state = ${record(states)}`,
    `  /\\ messages = ${record(messages)}`,
    `  /\\ budget = ${record(budgets)}`,
    `  /\\ tally = ${record(listTallies(world).map((tally) => [tally, "0"] as const))}`,
  ];
}

/** A function from strings as a CASE: `(a :> 1 @@ b :> 2)` would need the TLC module. */
function record(entries: readonly (readonly [key: string, value: string])[]): string {
  if (entries.length === 0) return "[k \\in {} |-> 0]";
  const keys = entries.map(([key]) => text(key));
  const cases = entries.map(([key, value]) => `k = ${text(key)} -> ${value}`);
  return `[k \\in {${keys.join(", ")}} |-> CASE ${cases.join(" [] ")}]`;
}

function stepsOf(place: TlaPlace): Action[] {
  const { world, participant, state } = place;
  const reactions = world.byState.get(participant)?.get(state) ?? [];
  const events = (world.subscriptions.get(participant) ?? []).flatMap((event) =>
    delivery(
      place,
      event,
      reactions.find((one) => one.kind === "event" && one.trigger === event)?.disposition,
    ),
  );
  const others = reactions.filter(
    ({ kind }) => kind !== "event" && (kind !== "deadline" || world.bound.timers),
  );
  const ownSteps = others.flatMap((one) => {
    const isCommand = one.kind === "command";
    const budget = isCommand ? (own(world.choreography.commands, one.trigger) ?? 0) : "unbounded";
    if (budget === 0) return [];
    const spends = budget === "unbounded" ? undefined : one.trigger;
    return outcomesOf(one).map((outcome) => ({
      guard: guardOf(place),
      action: react(place, spends === undefined ? {} : { spends }, outcome),
      isCommand,
    }));
  });
  return [...events, ...ownSteps];
}

function delivery(place: TlaPlace, event: string, disposition: DispositionJson | undefined): Action[] {
  const { participant, state } = place;
  const guard = guardOf(place, event);
  const actionOf = (action: string): Action => ({ guard, action, isCommand: false });
  if (disposition === "defer") return [];
  if (disposition === "ignore") return [actionOf(react(place, { takes: event }, { to: state }))];
  if (disposition === undefined || disposition === "never") {
    const from = channel(event, participant);
    return [
      actionOf(
        `${guard} /\\ state' = [state EXCEPT ![${text(participant)}] = Stopped] /\\ messages' = [messages EXCEPT ![${text(from)}] = @ - 1] /\\ UNCHANGED <<budget, tally>>`,
      ),
    ];
  }
  return disposition.map((outcome) => actionOf(react(place, { takes: event }, outcome)));
}

function guardOf({ participant, state }: TlaPlace, takes?: string): string {
  const inState = `state[${text(participant)}] = ${text(state)}`;
  return takes === undefined ? inState : `${inState} /\\ messages[${text(channel(takes, participant))}] > 0`;
}

interface TlaCause {
  readonly takes?: string;
  readonly spends?: string;
}

function react(
  place: TlaPlace,
  { takes, spends }: TlaCause,
  { to, emit = [], tally = {} }: OutcomeJson,
): string {
  const { world, participant, state } = place;
  const deltas = new Map<string, number>();
  if (takes !== undefined) deltas.set(channel(takes, participant), -1);
  for (const event of emit) {
    for (const subscriber of world.subscribers.get(event) ?? []) {
      const key = channel(event, subscriber);
      deltas.set(key, (deltas.get(key) ?? 0) + 1);
    }
  }
  const tallies = new Map(Object.entries(tally).filter(([, delta]) => delta !== 0));
  return [
    guardOf(place, takes),
    ...(spends === undefined ? [] : [`budget[${text(spends)}] > 0`]),
    ...rooms("messages", deltas, () => "Cap"),
    // As the explorer has it: room for so many of the largest changes.
    ...rooms("tally", tallies, (name) => String(world.bound.cap * largestChange(world, name))),
    to === state ? "UNCHANGED state" : `state' = [state EXCEPT ![${text(participant)}] = ${text(to)}]`,
    change("messages", deltas),
    change("budget", new Map(spends === undefined ? [] : [[spends, -1]])),
    change("tally", tallies),
  ].join(" /\\ ");
}

function rooms(
  variable: string,
  deltas: ReadonlyMap<string, number>,
  most: (key: string) => string,
): string[] {
  return [...deltas].flatMap(([key, delta]) => {
    if (delta > 0) return [`${variable}[${text(key)}] + ${delta} <= ${most(key)}`];
    return delta < 0 && variable === "tally" ? [`tally[${text(key)}] >= ${-delta}`] : [];
  });
}

function change(variable: string, deltas: ReadonlyMap<string, number>): string {
  const changed = [...deltas].filter(([, delta]) => delta !== 0);
  if (changed.length === 0) return `UNCHANGED ${variable}`;
  const parts = changed.map(
    ([key, delta]) => `![${text(key)}] = @ ${delta > 0 ? "+" : "-"} ${Math.abs(delta)}`,
  );
  return `${variable}' = [${variable} EXCEPT ${parts.join(", ")}]`;
}

function channel(event: string, to: string): string {
  return `${event} to ${to}`;
}

function combination(states: Readonly<Record<string, string | readonly string[]>>): string {
  const parts = Object.entries(states).map(
    ([participant, names]) => `state[${text(participant)}] \\in {${[names].flat().map(text).join(", ")}}`,
  );
  return parts.length === 0 ? "TRUE" : parts.join(" /\\ ");
}

function disjunction(parts: readonly string[]): string {
  return parts.length === 0 ? "FALSE" : parts.join(" \\/ ");
}

function text(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function oneLine(value: string): string {
  return value.replaceAll(/[\n\r]/g, " ");
}
