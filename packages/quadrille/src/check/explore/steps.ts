// Lists every step that a world can take, with its guards and changes: the explorer's table.
import { enters } from "../../transition/transition.ts";
import type { Fault } from "../model/bound.ts";
import {
  answerOf,
  answersOf,
  doneKey,
  faultKey,
  isSetAside,
  messagesKey,
  queueKey,
  sagaKey,
  stashKey,
  type Field,
  type Layout,
  factsKey,
} from "./layout.ts";
import { type StepAnswer, answersTo, type TakenAnswer } from "./answers.ts";
import type { Emission, StepSource, Step, StepKind } from "./step.ts";
import { forgetting, joinSteps } from "./join-steps.ts";
import { type Instance, instanceIn, sagasOf, stateAfter, type World } from "../model/world.ts";
import { countsOutside, outcomesOf, type PlacedSentence } from "../../contract/json/sentences.ts";

/** Lists the steps of a world, in the order of the contract. */
export function listSteps(world: World, layout: Layout): Step[] {
  const steps: Step[] = [];
  for (const instance of world.instances) {
    const arrivals = listArrivals(world, layout, instance);
    const context: Context = { world, layout, arrivals, copies: new Map() };
    const states = world.byState.get(instance.participant);
    for (const [from, state] of instance.states.entries()) {
      const reactions = states?.get(state) ?? [];
      addDeliveries(context, { instance, from }, { reactions, steps });
      const ownReactions = reactions.filter(({ kind }) => kind !== "event");
      const own = ownReactions.flatMap((reaction) => ownSteps(context, { instance, from }, reaction));
      const hasJoin = reactions.some(({ fact }) => fact !== undefined);
      const forgets = hasJoin ? layout.fields.get(factsKey(state, instance)) : undefined;
      for (const step of own)
        steps.push(forgets === undefined ? step : { ...step, ...forgetting(step, forgets) });
    }
  }
  return steps;
}

/** A message that may arrive at an instance, and the channels in which it does. */
interface ArrivingMessage {
  readonly event: string;
  readonly saga: number;
  readonly sources: readonly StepSource[];
}

interface Context {
  readonly world: World;
  readonly layout: Layout;
  readonly arrivals: readonly ArrivingMessage[];
  /** By event: the copies that this instance emits in each saga, once they were asked for. */
  readonly copies: Map<string, Emission[][]>;
}

interface StepPlace {
  readonly instance: Instance;
  readonly from: number;
}

function listArrivals(world: World, layout: Layout, to: Instance): ArrivingMessage[] {
  return (world.subscriptions.get(to.participant) ?? []).flatMap((event) =>
    sagasOf(world, to).map((saga) => ({
      event,
      saga,
      sources: sourcesOf({ world, layout }, { event, saga, to }),
    })),
  );
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

interface Listing {
  readonly reactions: readonly PlacedSentence[];
  readonly steps: Step[];
}

function addDeliveries(context: Context, place: StepPlace, { reactions, steps }: Listing): void {
  const { layout, arrivals } = context;
  const events = new Map<string, PlacedSentence>();
  const facts = new Map<string, PlacedSentence>();
  for (const one of reactions)
    if (one.kind === "event") (one.fact === undefined ? events : facts).set(one.trigger, one);
  const [first] = facts.values();
  const join = first?.fact?.join;
  const make = (one: Step): Step[] => {
    const made: Step[] = [];
    addDelivery(context, one, made);
    return made;
  };
  for (const { event: trigger, saga, sources } of arrivals) {
    for (const source of sources) {
      const step = plain(place, "event", { trigger, saga, reaction: events.get(trigger), source });
      if (join === undefined) addDelivery(context, step, steps);
      else steps.push(...joinSteps({ layout, join, fact: facts.get(trigger), make }, step));
    }
  }
}

function sourcesOf(
  { world, layout }: Pick<Context, "world" | "layout">,
  { event, saga, to }: Pick<Emission, "event" | "saga" | "to">,
): StepSource[] {
  const sources: StepSource[] = [];
  const messages = layout.fields.get(messagesKey(event, saga, to));
  if (messages !== undefined) sources.push({ from: "bag", field: messages });
  for (const queue of layout.queues.values()) {
    if (queue.instance !== to) continue;
    const code = 1 + queue.messages.findIndex((one) => one.event === event && one.saga === saga);
    if (code > 0) sources.push({ from: "queue", queue, code });
  }
  const stash = layout.fields.get(stashKey(event, saga, to));
  if (stash !== undefined && isSetAside(world, to.participant, event))
    sources.push({ from: "stash", field: stash });
  return sources;
}

function addDelivery(context: Context, step: Step, steps: Step[]): void {
  for (const answer of answersIn(context, step)) {
    if (answer.kind === "taken") steps.push(...takenSteps(context, step, answer));
    else steps.push(notTaken(context, step, answer.kind));
  }
}

function notTaken(context: Context, step: Step, kind: Exclude<StepAnswer["kind"], "taken">): Step {
  if (kind === "stuck") return { ...step, kind, to: step.instance.stopped };
  return kind === "ignored" ? step : deferredStep(context, step);
}

function answersIn({ world }: Context, step: Step): readonly StepAnswer[] {
  const { instance, from, saga, row, trigger, reaction } = step;
  const table = world.tables.get(instance.participant);
  const isOther = instance.actsFor[from] !== saga;
  const { kind, outcomes } =
    reaction === undefined ? nothingSaid : { kind: reaction.kind, outcomes: outcomesOf(reaction) };
  return table === undefined ? [] : answersTo({ table, state: row, kind, trigger, isOther, outcomes });
}

/** An event that the contract does not mention in this state: only events arrive unasked. */
const nothingSaid = { kind: "event", outcomes: [] } as const;

function deferredStep({ world, layout }: Context, step: Step): Step {
  const stash = layout.fields.get(stashKey(step.trigger, step.saga, step.instance));
  const movesAside = world.bound.defer === "stash" && step.source?.from === "queue" && stash !== undefined;
  return movesAside
    ? { ...step, kind: "deferred", changes: [[stash, 1]] }
    : { ...step, kind: "held", takes: false };
}

/**
 * Commands, deadlines and activities. Any saga may send a command; the others act for the saga that entered
 * the state.
 */
function ownSteps(context: Context, place: StepPlace, reaction: PlacedSentence): Step[] {
  const { world, layout } = context;
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
    return answersIn(context, spent).flatMap((answer) =>
      answer.kind === "taken" ? takenSteps(context, spent, answer) : [],
    );
  });
}

function takenSteps(context: Context, step: Step, answer: TakenAnswer): Step[] {
  const from = step.instance.states[step.from] ?? "";
  const entered = enters(step.reaction?.kind ?? "event", { from, to: answer.to });
  const to = stateAfter(step.instance, { from: step.from, to: answer.to, entered, saga: step.saga });
  const emits = answer.emits.flatMap((event) => copiesOf(context, event, step));
  const changes = [...step.changes, ...tallyChanges(context, step, answer)];
  const whole: Step = { ...step, outcome: answer.outcome, to, emits, changes };
  return [...withMemory(context, step, whole), ...faultTwins(context, { step, whole, answer })];
}

/** One copy of an event for every subscriber that takes part in the saga. */
function copiesOf(context: Context, event: string, { saga, instance }: Step): readonly Emission[] {
  const { world, layout, copies } = context;
  const bySaga = copies.get(event) ?? [];
  copies.set(event, bySaga);
  return (bySaga[saga] ??= (world.subscribers.get(event) ?? []).flatMap((participant) => {
    const to = instanceIn(world, participant, saga);
    if (to === undefined) return [];
    const field = layout.fields.get(messagesKey(event, saga, to));
    const queued = queuedIn(context, instance.participant, { event, saga, to });
    return [{ event, saga, to, field, queued }];
  }));
}

/** The queue in which an event of a participant travels; undefined where there is no order. */
function queuedIn(
  { world, layout }: Context,
  producer: string,
  { event, saga, to }: Pick<Emission, "event" | "saga" | "to">,
): Emission["queued"] {
  const queue = layout.queues.get(queueKey(world, { producer, saga }, to));
  if (queue === undefined) return undefined;
  return { queue, code: 1 + queue.messages.findIndex((one) => one.event === event && one.saga === saga) };
}

function tallyChanges(
  { layout }: Context,
  step: Step,
  { tally: changes }: TakenAnswer,
): (readonly [Field, number])[] {
  return Object.entries(changes).flatMap(([tally, delta]) => {
    const field = layout.fields.get(sagaKey("tally", tally, step.saga));
    return field === undefined || delta === 0 ? [] : [[field, delta / field.unit] as const];
  });
}

/** Under the fault `effect`, a call that already happened is not counted again, and its answer is kept. */
function withMemory({ world, layout }: Context, step: Step, whole: Step): Step[] {
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
function doneField({ world, layout }: Pick<Context, "world" | "layout">, step: Step): Field | undefined {
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

function faultTwins(context: Context, { step, whole, answer }: Twinned): Step[] {
  const { layout, world } = context;
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
  const done = doneField(context, step);
  if (done === undefined || step.kind !== "event" || whole.outcome === undefined) return twins;
  if (!countsOutside(world.choreography, whole.outcome)) return twins;
  const call = 1 + answersOf(world, step.instance.participant, step.trigger).indexOf(answerOf(whole.outcome));
  const outside = tallyChanges(context, step, answer).filter(
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
