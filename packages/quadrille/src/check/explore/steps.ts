// Lists the steps that an instance can take in a state, with their guards and changes: the explorer's table.
import { enters } from "../../transition/transition.ts";
import type { Fault } from "../model/bound.ts";
import {
  answerOf,
  answersOf,
  doneKey,
  faultKey,
  messagesKey,
  queueKey,
  sagaKey,
  stashKey,
  type Field,
  factsKey,
} from "./layout.ts";
import { type StepAnswer, answersTo, type TakenAnswer } from "./answers.ts";
import type { Arrival, Bundle, Emission, Step, StepKind } from "./step.ts";
import { forgetting, joinSteps } from "./join-steps.ts";
import type { Program } from "./tables.ts";
import { type Instance, instanceIn, sagasOf, stateAfter, type World } from "../model/world.ts";
import { countsOutside, outcomesOf, type PlacedSentence } from "../../contract/json/sentences.ts";

/** What the steps are listed by. */
export type Listing = Pick<Program, "world" | "layout" | "copies">;

/** The steps of a bundle in one state, in the order of the contract. */
export function stepsOf(listing: Listing, { instance, arrival }: Bundle, from: number): readonly Step[] {
  const state = instance.states[from];
  if (state === undefined) return noSteps;
  const reactions = listing.world.byState.get(instance.participant)?.get(state) ?? [];
  const place = { instance, from };
  return arrival === undefined
    ? ownStepsIn(listing, place, reactions)
    : deliveriesIn(listing, place, { arrival, reactions });
}

/** Those of a stopped entity. */
const noSteps: readonly Step[] = [];

interface StepPlace {
  readonly instance: Instance;
  readonly from: number;
}

/** The smallest step; all others are made from it. A message from a source is taken. */
function plain(
  { instance, from }: StepPlace,
  kind: StepKind,
  { trigger, saga, reaction, source }: Pick<Step, "trigger" | "saga" | "reaction" | "source">,
): Step {
  return {
    kind,
    instance,
    saga,
    from,
    row: instance.states[from] ?? "",
    to: from,
    trigger,
    reaction,
    outcome: undefined,
    source,
    takes: source !== undefined,
    emits: [],
    guards: [],
    changes: [],
    fault: undefined,
  };
}

interface Delivered {
  readonly arrival: Arrival;
  /** What the state says. */
  readonly reactions: readonly PlacedSentence[];
}

function deliveriesIn(
  listing: Listing,
  place: StepPlace,
  { arrival, reactions }: Delivered,
): readonly Step[] {
  const { event: trigger, saga, source } = arrival;
  const ofEvent = reactions.filter((one) => one.kind === "event" && one.trigger === trigger);
  const reaction = ofEvent.find(({ fact }) => fact === undefined);
  const step = plain(place, "event", { trigger, saga, reaction, source });
  const join = reactions.find(({ fact }) => fact !== undefined)?.fact?.join;
  if (join === undefined) return deliveries(listing, step);
  const fact = ofEvent.find((one) => one.fact !== undefined);
  const make = (one: Step): Step[] => deliveries(listing, one);
  return joinSteps({ layout: listing.layout, join, fact, make }, step);
}

function deliveries(listing: Listing, step: Step): Step[] {
  return answersIn(listing, step).flatMap((answer) =>
    answer.kind === "taken" ? takenSteps(listing, step, answer) : notTaken(listing, step, answer.kind),
  );
}

function notTaken(listing: Listing, step: Step, kind: Exclude<StepAnswer["kind"], "taken">): Step {
  if (kind === "stuck") return { ...step, kind, to: step.instance.stopped };
  return kind === "ignored" ? step : deferredStep(listing, step);
}

function answersIn({ world }: Listing, step: Step): readonly StepAnswer[] {
  const { instance, from, saga, row, trigger, reaction } = step;
  const table = world.tables.get(instance.participant);
  const isOther = instance.actsFor[from] !== saga;
  const { kind, outcomes } =
    reaction === undefined ? nothingSaid : { kind: reaction.kind, outcomes: outcomesOf(reaction) };
  return table === undefined ? [] : answersTo({ table, state: row, kind, trigger, isOther, outcomes });
}

/** An event that the contract does not mention in this state: only events arrive unasked. */
const nothingSaid = { kind: "event", outcomes: [] } as const;

function deferredStep({ world, layout }: Listing, step: Step): Step {
  const stash = layout.fields.get(stashKey(step.trigger, step.saga, step.instance));
  const movesAside = world.bound.defer === "stash" && step.source?.from === "queue" && stash !== undefined;
  return movesAside
    ? { ...step, kind: "deferred", changes: [[stash, 1]] }
    : { ...step, kind: "held", takes: false };
}

function ownStepsIn(
  listing: Listing,
  place: StepPlace,
  reactions: readonly PlacedSentence[],
): readonly Step[] {
  const steps = reactions.flatMap((one) => (one.kind === "event" ? [] : ownSteps(listing, place, one)));
  if (!reactions.some(({ fact }) => fact !== undefined)) return steps;
  const { instance, from } = place;
  const forgets = listing.layout.fields.get(factsKey(instance.states[from] ?? "", instance));
  return forgets === undefined ? steps : steps.map((step) => ({ ...step, ...forgetting(step, forgets) }));
}

/**
 * Commands, deadlines and activities. Any saga may send a command; the others act for the saga that entered
 * the state.
 */
function ownSteps(listing: Listing, place: StepPlace, reaction: PlacedSentence): Step[] {
  const { world, layout } = listing;
  const { kind } = reaction;
  const { timers, timeouts } = world.bound;
  if (kind === "deadline" && !(timers && (timeouts || reaction.key !== "timeouts"))) return [];
  const budget = world.choreography.commands[reaction.trigger];
  if (kind === "command" && (budget === undefined || budget === 0)) return [];
  const acting = place.instance.actsFor[place.from] ?? 0;
  const ofState = acting === 0 ? [] : [acting];
  const sagas = kind === "command" ? sagasOf(world, place.instance) : ofState;
  return sagas.flatMap((saga) => {
    const step = plain(place, kind, { trigger: reaction.trigger, saga, reaction, source: undefined });
    const field =
      kind === "command" ? layout.fields.get(sagaKey("budget", reaction.trigger, saga)) : undefined;
    const spent: Step = field === undefined ? step : { ...step, guards: [{ field }], changes: [[field, -1]] };
    return answersIn(listing, spent).flatMap((answer) =>
      answer.kind === "taken" ? takenSteps(listing, spent, answer) : [],
    );
  });
}

function takenSteps(listing: Listing, step: Step, answer: TakenAnswer): Step[] {
  const from = step.instance.states[step.from] ?? "";
  const entered = enters(step.reaction?.kind ?? "event", { from, to: answer.to });
  const to = stateAfter(step.instance, { from: step.from, to: answer.to, entered, saga: step.saga });
  const emits = answer.emits.flatMap((event) => copiesOf(listing, event, step));
  const changes = [...step.changes, ...tallyChanges(listing, step, answer)];
  const whole: Step = { ...step, outcome: answer.outcome, to, emits, changes };
  return [...withMemory(listing, step, whole), ...faultTwins(listing, { step, whole, answer })];
}

/** One copy of an event for every subscriber that takes part in the saga. */
function copiesOf(listing: Listing, event: string, { saga, instance }: Step): readonly Emission[] {
  const { world, layout, copies } = listing;
  const byEvent = (copies[instance.index] ??= new Map<string, Emission[][]>());
  const bySaga = byEvent.get(event) ?? [];
  byEvent.set(event, bySaga);
  return (bySaga[saga] ??= (world.subscribers.get(event) ?? []).flatMap((participant) => {
    const to = instanceIn(world, participant, saga);
    if (to === undefined) return [];
    const field = layout.fields.get(messagesKey(event, saga, to));
    const queued = queuedIn(listing, instance.participant, { event, saga, to });
    return [{ event, saga, to, field, queued }];
  }));
}

/** The queue in which an event of a participant travels; undefined where there is no order. */
function queuedIn(
  { world, layout }: Listing,
  producer: string,
  { event, saga, to }: Pick<Emission, "event" | "saga" | "to">,
): Emission["queued"] {
  const queue = layout.queues.get(queueKey(world, { producer, saga }, to));
  if (queue === undefined) return undefined;
  return { queue, code: 1 + queue.messages.findIndex((one) => one.event === event && one.saga === saga) };
}

function tallyChanges(
  { layout }: Listing,
  step: Step,
  { tally: changes }: TakenAnswer,
): (readonly [Field, number])[] {
  return Object.entries(changes).flatMap(([tally, delta]) => {
    const field = layout.fields.get(sagaKey("tally", tally, step.saga));
    return field === undefined || delta === 0 ? [] : [[field, delta / field.unit] as const];
  });
}

/** Under the fault `effect`, a call that already happened is not counted again, and its answer is kept. */
function withMemory({ world, layout }: Listing, step: Step, whole: Step): Step[] {
  const done = doneField({ world, layout }, step);
  if (done === undefined || whole.outcome === undefined || step.kind !== "event") return [whole];
  const first: Step = { ...whole, guards: [...whole.guards, { field: done, equals: 0 }] };
  const answer =
    1 + answersOf(world, step.instance.participant, step.trigger).indexOf(answerOf(whole.outcome));
  if (answer === 0) return [first];
  const guards = [...step.guards, { field: done, equals: answer }];
  // A tally kept inside the participant was rolled back with the transaction, so it is counted now.
  const inside = whole.changes.filter(([field]) => isInside(world.choreography, field));
  return [first, { ...whole, guards, changes: [...step.changes, ...inside, [done, -answer]] }];
}

/** Where it is remembered that the call of a step has happened; only the fault `effect` needs that. */
function doneField({ world, layout }: Pick<Listing, "world" | "layout">, step: Step): Field | undefined {
  if (world.bound.faults.effect === 0) return undefined;
  return layout.fields.get(doneKey(step.trigger, step.saga, step.instance));
}

function isInside({ tallies = {} }: World["choreography"], { kind, name }: Field): boolean {
  return kind === "tally" && Object.hasOwn(tallies, name) && tallies[name]?.inside === true;
}

interface Twinned {
  /** Variants: before an outcome was chosen, and with the one chosen. */
  readonly step: Step;
  readonly whole: Step;
  readonly answer: TakenAnswer;
}

function faultTwins(listing: Listing, { step, whole, answer }: Twinned): Step[] {
  const { layout, world } = listing;
  const { faultsOnly, faults } = world.bound;
  if (Object.values(faults).every((budget) => budget === 0)) return [];
  const twins: Step[] = [];
  const isSpared =
    faultsOnly !== undefined &&
    (faultsOnly.participant !== step.instance.participant || faultsOnly.event !== step.trigger);
  if (isSpared) return [];
  const add = (fault: Fault, twin: Step): void => {
    const field = layout.fields.get(faultKey(fault));
    if (field === undefined) return;
    twins.push({
      ...twin,
      fault,
      guards: [...twin.guards, { field }],
      changes: [...twin.changes, [field, -1]],
    });
  };
  if (step.kind === "event") add("duplicate", { ...whole, takes: false });
  if (whole.emits.length > 0) {
    add("lost", { ...whole, emits: [] });
    add("early", { ...whole, to: step.from, takes: false, changes: [] });
  }
  const done = doneField(listing, step);
  if (done === undefined || step.kind !== "event" || whole.outcome === undefined) return twins;
  if (!countsOutside(world.choreography, whole.outcome)) return twins;
  const call = 1 + answersOf(world, step.instance.participant, step.trigger).indexOf(answerOf(whole.outcome));
  const outside = tallyChanges(listing, step, answer).filter(
    ([field]) => !isInside(world.choreography, field),
  );
  add("effect", {
    ...whole,
    to: step.from,
    takes: false,
    emits: [],
    guards: [...step.guards, { field: done, equals: 0 }],
    changes: [...outside, [done, call]],
  });
  return twins;
}
