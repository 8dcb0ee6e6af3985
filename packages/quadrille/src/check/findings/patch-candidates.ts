// Changes that may fix a finding: first the sentences with which other states of the participant take the
// same event, then the common causes: a missing ignore, tombstone, deferral or subscriber. patch.ts tries
// them.
import { endsOfJson } from "../../contract/implied-end.ts";
import type { ChoreographyJson, DispositionJson, OutcomeJson, StateJson } from "../../contract/json-form.ts";
import { pointer } from "../../contract/pointer.ts";
import { sentencesIn } from "../../contract/trigger-kind.ts";
import type { Finding, Patch, Repair } from "../model/finding.ts";

/** A change that may help, not tried yet. */
export type Candidate = Omit<Patch, "leaves">;

/** The candidates for a finding, the likeliest first. */
export function candidatesFor(choreography: ChoreographyJson, one: Finding): readonly Candidate[] {
  switch (one.repair?.kind) {
    case "say":
      return missingSentence(choreography, one.repair, one.at);
    case "hear":
      return missingSubscriber(choreography, one.repair, one);
    case "publish":
      return [publishing(one.repair.event)];
    case undefined:
      return [];
  }
}

function publishing(event: string): Candidate {
  return {
    why: `declare ${event} in publicEvents: no participant here takes it`,
    operations: [{ op: "add", path: "/publicEvents/-", value: event }],
  };
}

function missingSentence(
  choreography: ChoreographyJson,
  { participant, state, event }: Extract<Repair, { readonly kind: "say" }>,
  at: string,
): Candidate[] {
  const { states = {}, initial } = choreography.participants[participant] ?? {};
  const say = (why: string, value: DispositionJson, more: Patch["operations"] = []): Candidate => {
    return { why, operations: [{ op: opOf(states[state], event), path: at, value }, ...more] };
  };
  const siblings = siblingSentences(states, { state, event }).map((outcomes) =>
    say(`react to ${event} as in a sibling state: ${outcomesText(outcomes)}`, outcomes),
  );
  const ignore = say(`ignore: ${event} changes nothing in ${state}`, "ignore");
  const tombstones = initial === state ? tombstoneTargets(states, event) : [];
  const left = tombstones.map((to) => {
    const late = lateEvents(states, state, to).map((one) => ({
      op: opOf(states[to], one),
      path: pointer("/participants", participant, "states", to, "on", one),
      value: "ignore",
    }));
    const why = `tombstone: ${event} overtook what it undoes, so go to ${to} at once and ignore the late one`;
    return say(why, [{ to }], late);
  });
  const isEnd = endsOfJson(choreography).some((end) =>
    [end.states[participant] ?? []].flat().includes(state),
  );
  // In a declared end, the message would be deferred for ever.
  const defer = isEnd ? [] : [say(`defer: keep ${event} until ${participant} has left ${state}`, "defer")];
  // A state that only ignores or defers has no work left to do.
  const isFinal = sentencesIn(states[state] ?? {}).every(
    ({ disposition }) => typeof disposition === "string",
  );
  if (isFinal) return [ignore, ...siblings, ...left, ...defer];
  // A participant that ignores a fact before its join begins would lose it.
  if (isFactLater(states, state, event)) return [...defer, ...siblings, ignore, ...left];
  return [...siblings, ignore, ...left, ...defer];
}

/** Whether an event is a fact of a join in a state to which the way leads from here. */
function isFactLater(states: Readonly<Record<string, StateJson>>, from: string, event: string): boolean {
  const reached = new Set([from]);
  for (const state of reached) {
    const said = states[state] ?? {};
    if (state !== from && said.join?.facts.includes(event) === true) return true;
    const outcomes = sentencesIn(said).flatMap(({ disposition }) =>
      typeof disposition === "string" ? [] : [...disposition],
    );
    for (const { to } of [...outcomes, ...(said.join?.outcomes ?? [])]) reached.add(to);
  }
  return false;
}

/**
 * How the other states take an event: each list of outcomes once. An outcome that stays in its state stays in
 * this state, too.
 */
function siblingSentences(
  states: Readonly<Record<string, StateJson>>,
  { state, event }: { readonly state: string; readonly event: string },
): (readonly OutcomeJson[])[] {
  const found = new Map<string, readonly OutcomeJson[]>();
  for (const [sibling, { on, join }] of Object.entries(states)) {
    const said = join?.facts.includes(event) === true ? undefined : on?.[event];
    if (said === undefined || typeof said === "string" || sibling === state) continue;
    const outcomes = said.map((one) => (one.to === sibling ? { ...one, to: state } : one));
    found.set(JSON.stringify(outcomes), outcomes);
  }
  return [...found.values()];
}

function outcomesText(outcomes: readonly OutcomeJson[]): string {
  return outcomes
    .map(({ to, emit = [] }) => `go to ${to}${emit.length === 0 ? "" : `, publish ${emit.join(", ")}`}`)
    .join(" or ");
}

/** The targets to which an undoing event leads in other states without emitting anything: each once. */
function tombstoneTargets(states: Readonly<Record<string, StateJson>>, event: string): string[] {
  const targets = Object.values(states).flatMap(({ on }) => {
    const said = on?.[event];
    if (said === undefined || typeof said === "string" || said.length !== 1) return [];
    return said.flatMap(({ to, emit = [], tally }) => (emit.length === 0 && tally === undefined ? [to] : []));
  });
  return [...new Set(targets)];
}

function opOf(state: StateJson | undefined, event: string): "add" | "replace" {
  return state?.on?.[event] === undefined ? "add" : "replace";
}

/** Events that a state handles and its target does not: after a tombstone they come late. */
function lateEvents(states: Readonly<Record<string, StateJson>>, state: string, target: string): string[] {
  const handled = Object.entries(states[state]?.on ?? {}).filter(
    ([, disposition]) => typeof disposition !== "string",
  );
  const isOpen = (event: string): boolean => (states[target]?.on?.[event] ?? "never") === "never";
  return handled.map(([event]) => event).filter(isOpen);
}

/**
 * Lets the waiting participant subscribe to events of the path that have no subscriber, with the outcome of
 * one of its other reactions. Of two refusals, the second arrives in the target state, which ignores it.
 */
function missingSubscriber(
  choreography: ChoreographyJson,
  { participant, state }: Extract<Repair, { readonly kind: "hear" }>,
  { at, path }: Finding,
): Candidate[] {
  const unheard = path.flatMap(({ publishes }) =>
    publishes.filter(({ to }) => to.length === 0).map(({ event }) => event),
  );
  const events = [...new Set(unheard)].filter((event) => !choreography.publicEvents.includes(event));
  const states = choreography.participants[participant]?.states ?? {};
  const { participants } = choreography;
  const isUnheard = (event: string): boolean =>
    Object.values(participants).every((one) =>
      Object.values(one.states).every(({ on }) => on?.[event] === undefined),
    );
  const missed = events.filter(isUnheard);
  if (missed.length === 0) return [];
  const refusers = path.filter(({ publishes }) => publishes.some(({ event }) => missed.includes(event)));
  return Object.values(states[state]?.on ?? {}).flatMap((disposition) => {
    const [outcome] = typeof disposition === "string" ? [] : disposition;
    if (outcome === undefined || disposition.length !== 1) return [];
    if (!isSomeEnd(choreography, [{ participant, to: outcome.to }, ...refusers])) return [];
    const why = `subscriber: let ${participant} hear ${missed.join(" and ")} in ${state}, and go to ${outcome.to}`;
    const later = pointer("/participants", participant, "states", outcome.to, "on");
    return [
      {
        why,
        operations: missed.flatMap((event) => [
          add(pointer(at, "on", event), disposition),
          add(pointer(later, event), "ignore"),
        ]),
      },
    ];
  });
}

/**
 * Whether one end allows all these participants in these states: a participant that receives a refusal must
 * not approve.
 */
function isSomeEnd(
  { ends }: ChoreographyJson,
  wanted: readonly { readonly participant: string; readonly to: string }[],
): boolean {
  return ends.some(({ states }) =>
    wanted.every(
      ({ participant, to }) => states[participant] === undefined || [states[participant]].flat().includes(to),
    ),
  );
}

function add(path: string, value: unknown): Patch["operations"][number] {
  return { op: "add", path, value };
}
