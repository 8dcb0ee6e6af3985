// Changes that may fix a finding: first the sentences with which other states of the participant take the
// same event, then the common causes: a missing ignore, tombstone, deferral or subscriber. patch.ts tries
// them.
import { endsOfJson } from "../../contract/implied-end.ts";
import type { ChoreographyJson, OutcomeJson, StateJson } from "../../contract/json-form.ts";
import { pointer } from "../../contract/pointer.ts";
import { outcomesIn, sentencesIn } from "../../contract/trigger-kind.ts";
import { type Finding, listedStates, type Patch, type Repair } from "../model/finding.ts";
import { actingStates, type Candidate, opOf, type Say } from "./candidate.ts";
import { tombstones } from "./tombstones.ts";

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

/** Where an event is declared public. */
export const publicPath = "/publicEvents/-";

function publishing(event: string): Candidate {
  return {
    why: `declare ${event} in publicEvents: no participant here takes it`,
    operations: [{ op: "add", path: publicPath, value: event }],
  };
}

function missingSentence(
  choreography: ChoreographyJson,
  { participant, state, event }: Extract<Repair, { readonly kind: "say" }>,
  at: string,
): Candidate[] {
  const { states = {}, initial, keyed } = choreography.participants[participant] ?? {};
  const say: Say = (why, value, more = []) => {
    return { why, operations: [{ op: opOf(states[state], event), path: at, value }, ...more] };
  };
  const ends = endStates(choreography, participant);
  const isEnd = ends.has(state);
  // In an end that nothing leads out of, the message would be deferred for ever.
  const isLast = isEnd && hasNoWayOut(states[state], state);
  const defer = isLast ? [] : [say(`defer: keep ${event} until ${participant} has left ${state}`, "defer")];
  const acting = actingStates(states, event);
  const joining = whereComesAgain(states, state, event);
  if (joining !== undefined) {
    const elsewhere = acting.filter((one) => one !== joining && !one.startsWith(`${joining}+`));
    return [...defer, ignoringAgain(say, { participant, event, joining, elsewhere })];
  }
  const siblings = siblingSentences(states, { state, event, initial });
  const follow = siblings.map(({ outcomes, text, inStates }) =>
    say(`react to ${event} as in ${listedStates(inStates)}: ${text}`, outcomes),
  );
  const isFinal = hasNoWork(states[state]);
  const missed = isEnd ? otherEnd(siblings, ends, state) : undefined;
  const isIdle = isFinal && leadsNowhere(states, state, event);
  const ignore = ignoring(say, { participant, state, event, acting, isIdle, missed });
  const left = initial === state ? tombstones(say, { choreography, participant, state, event }) : [];
  if (isFinal) return [ignore, ...follow, ...left, ...defer];
  // Where nothing leads on, and an end has the state or sagas share the entity, it is final: SOLD stays SOLD.
  if (initial !== state && (isEnd || keyed === true) && hasNoWayOut(states[state], state)) {
    const stays = follow.filter((_, index) => siblings[index]?.stays === true);
    const moves = follow.filter((_, index) => siblings[index]?.stays !== true);
    return [...stays, ignore, ...moves, ...left, ...defer];
  }
  // A participant that ignores what it acts on later would lose it.
  const later = statesFrom(states, state);
  if (acting.some((one) => later.has(one))) return [...follow, ...left, ...defer, ignore];
  return [...follow, ignore, ...left, ...defer];
}

/** The states of a participant that some end names. */
function endStates(choreography: ChoreographyJson, participant: string): ReadonlySet<string> {
  return new Set(endsOfJson(choreography).flatMap(({ states }) => [states[participant] ?? []].flat()));
}

/** Where else the message leads to another end, in words; undefined where it does not. */
function otherEnd(
  siblings: readonly SiblingSentence[],
  ends: ReadonlySet<string>,
  state: string,
): string | undefined {
  for (const { outcomes, inStates } of siblings) {
    const other = outcomes.find(({ to }) => to !== state && ends.has(to));
    if (other !== undefined) return `in ${listedStates(inStates)} it leads to ${other.to}`;
  }
  return undefined;
}

/**
 * Whether an event leads, where it is acted on, to this state, or to where nothing is published: then the
 * others miss nothing.
 */
function leadsNowhere(states: Readonly<Record<string, StateJson>>, state: string, event: string): boolean {
  const isSilent = ({ emit = [] }: OutcomeJson): boolean => emit.length === 0;
  const isSilentFrom = ({ to }: OutcomeJson): boolean =>
    [...statesFrom(states, to)].every((next) => outcomesIn(states[next] ?? {}).every(isSilent));
  const outcomes = Object.values(states).flatMap(({ on, join }) => {
    const own = on?.[event] ?? "never";
    const joined = join?.facts.includes(event) === true ? join.outcomes : [];
    return typeof own === "string" ? joined : [...own, ...joined];
  });
  return outcomes.every((one) => one.to === state || (isSilent(one) && isSilentFrom(one)));
}

/** Whether a state need not be left, waits for no join, and only ignores or defers. */
function hasNoWork(state: StateJson = {}): boolean {
  const isIdle = sentencesIn(state).every(({ disposition }) => typeof disposition === "string");
  return state.lock !== true && state.join === undefined && isIdle;
}

/** Whether a state need not be left, and no reaction leads to another one. */
function hasNoWayOut(state: StateJson = {}, name: string): boolean {
  return state.lock !== true && outcomesIn(state).every(({ to }) => to === name);
}

interface Ignoring {
  readonly participant: string;
  readonly state: string;
  readonly event: string;
  readonly acting: readonly string[];
  /** Whether no work is left that the message could change. */
  readonly isIdle: boolean;
  /** In a declared end: where else the message leads to another one. */
  readonly missed: string | undefined;
}

/** To ignore a message is harmless where no work is left; elsewhere it may be what was waited for. */
function ignoring(say: Say, { participant, state, event, acting, isIdle, missed }: Ignoring): Candidate {
  if (isIdle && acting.length > 0 && missed === undefined)
    return say(`ignore: ${event} changes nothing in ${state}`, "ignore");
  const acts = `${participant} acts on it`;
  const elsewhere =
    acting.length === 0 ? `and ${acts} nowhere` : `though ${missed ?? `${acts} in ${listedStates(acting)}`}`;
  return { ...say(`ignore: ${event} is lost in ${state}, ${elsewhere}`, "ignore"), loses: true };
}

/**
 * The state with the join that has seen an event, where it comes again: the state itself, or the one of which
 * it is a partial state.
 */
function whereComesAgain(
  states: Readonly<Record<string, StateJson>>,
  state: string,
  event: string,
): string | undefined {
  if (states[state]?.join?.facts.includes(event) === true) return state;
  const [base = "", ...seen] = state.split("+");
  return seen.includes(event) && Object.hasOwn(states, base) ? base : undefined;
}

interface ComingAgain {
  readonly participant: string;
  readonly event: string;
  /** The state with the join. */
  readonly joining: string;
  /** The states outside the join that act on the event. */
  readonly elsewhere: readonly string[];
}

/** To ignore a fact that comes again, by a sentence beside the join: no reaction may stand there. */
function ignoringAgain(say: Say, { participant, event, joining, elsewhere }: ComingAgain): Candidate {
  const acts =
    elsewhere.length === 0 ? "" : `, though ${participant} acts on it in ${listedStates(elsewhere)}`;
  const why = `ignore, beside the join of ${joining}: ${event} is lost where it comes again${acts}`;
  return { ...say(why, "ignore"), loses: true };
}

/** A state and those to which the way leads from it. */
function statesFrom(states: Readonly<Record<string, StateJson>>, from: string): ReadonlySet<string> {
  const reached = new Set([from]);
  for (const state of reached) for (const { to } of outcomesIn(states[state] ?? {})) reached.add(to);
  return reached;
}

interface SiblingSentence {
  /** What this state would say. */
  readonly outcomes: readonly OutcomeJson[];
  readonly text: string;
  /** The states that say it. */
  readonly inStates: readonly string[];
  /** Whether they all stay in their states, and so in this one. */
  readonly stays: boolean;
}

interface Lacking {
  readonly state: string;
  readonly event: string;
  readonly initial: string | undefined;
}

/**
 * How the other states take an event: each list of outcomes once. An outcome that stays in its state stays in
 * this state, too. One that moves there and would change nothing here ignores the event by another name. A
 * partial state of this one has seen more facts of its join: what completes the join there does not complete
 * it here.
 *
 * What answers and stays comes first, since what is free in one state may be taken in another; then what most
 * states say; last what the initial state alone says.
 */
function siblingSentences(
  states: Readonly<Record<string, StateJson>>,
  { state, event, initial }: Lacking,
): readonly SiblingSentence[] {
  const here = Object.entries(states).flatMap(([sibling, { on, join }]) => {
    const disposition = join?.facts.includes(event) === true ? undefined : on?.[event];
    if (disposition === undefined || typeof disposition === "string" || sibling === state) return [];
    if (sibling.startsWith(`${state}+`)) return [];
    const stays = disposition.every(({ to }) => to === sibling);
    const outcomes = disposition.map((one) => (one.to === sibling ? { ...one, to: state } : one));
    const isIdle = outcomes.every((one) => changesNothing(one, state));
    if (isIdle && !stays) return [];
    const text = disposition
      .map((one) => outcomeText(one, one.to === sibling ? state : undefined))
      .join(" or ");
    return [{ sibling, outcomes, text, stays, answers: stays && !isIdle }];
  });
  const groups = [...Map.groupBy(here, ({ outcomes, text }) => JSON.stringify([outcomes, text])).values()];
  return groups
    .map((group) => ({ group, inStates: group.map(({ sibling }) => sibling) }))
    .toSorted(
      (a, b) =>
        Number(b.group[0]?.answers) - Number(a.group[0]?.answers) ||
        Number(a.inStates.every((one) => one === initial)) -
          Number(b.inStates.every((one) => one === initial)) ||
        b.inStates.length - a.inStates.length,
    )
    .flatMap(({ group: [first], inStates }) => (first === undefined ? [] : [{ ...first, inStates }]));
}

/** Whether an outcome does in a state what `ignore` does. */
function changesNothing({ to, emit = [], tally, rearm }: OutcomeJson, state: string): boolean {
  return to === state && emit.length === 0 && tally === undefined && rearm !== true;
}

function outcomeText({ to, emit = [] }: OutcomeJson, stayIn: string | undefined): string {
  const goes = stayIn === undefined ? `go to ${to}` : `stay in ${stayIn}`;
  return `${goes}${emit.length === 0 ? "" : `, publish ${emit.join(", ")}`}`;
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
