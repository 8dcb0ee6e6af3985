// P10: for each assignment of business choices the ends that can be reached; more than one means that the
// order in which things happen decides.
//
// Every command comes sooner or later, and each choice is made the same way every time. What can then happen
// for ever is a terminal component of the graph; the ends in it are the ends of the assignment.
import { endingOf } from "./ends.ts";
import type { Exploration } from "../explore/explore.ts";
import { counted, finding, type Finding, listed, listedBriefly } from "../model/finding.ts";
import { components } from "../explore/graph.ts";
import type { Step } from "../explore/step.ts";
import { pathOver, restingStates } from "../explore/view.ts";
import { type DecidedRace, raceBetween } from "./race-steps.ts";
import type { OutcomeJson } from "../../contract/json-form.ts";
import { elsewhereState } from "../../contract/json/elsewhere.ts";
import { outcomesOf, type PlacedSentence } from "../../contract/json/sentences.ts";

/** The limit of graph walks times transitions: beyond it, a check on every save would be noticeably slow. */
const workMax = 500_000;

/** A decision that is not needed so far. */
const undecided = -1;

/** One business decision: the reactions of a participant that are the same question, and its answers. */
interface BusinessDecision {
  readonly answers: readonly string[];
}

/** P10: one report for every set of ends between which only the order decides. */
export function checkRaces(exploration: Exploration): Finding[] {
  const { program, space, exhausted } = exploration;
  if (program.world.bound.sagas > 1 || !exhausted) return [];
  if (exploration.exchanges.length > 0)
    return [unjudged("explored up to an exchange of participants, whose choices differ")];
  if (exploration.isReduced) return [unjudged("explored by stubborn sets, not every order is there")];
  const decisionOf = groupDecisions(program.world.sentences);
  const decisions = [...new Set(decisionOf.values())];
  const assignments = decisions.reduce((product, decision) => product * decision.answers.length, 1);
  const search: DecisionSearch = {
    exploration,
    decisions,
    rules: edgeRules(exploration, decisionOf, decisions),
    ends: endsAtRest(exploration),
    found: new Map(),
    walksLeft: Math.floor(workMax / Math.max(1, space.transitions)),
  };
  decide(search, new Int32Array(decisions.length).fill(undecided));
  if (search.walksLeft < 0) {
    const combinations = counted(assignments, "combination");
    const why = `${combinations} of business choices over ${counted(space.transitions, "transition")} are too much to walk through`;
    return [unjudged(why)];
  }
  return [...search.found.values()].map(({ names, races, count }) => {
    const path = pathOver(exploration, races.at(-1)?.edges ?? []);
    const both = [...path, ...pathOver(exploration, races.at(-1)?.toFirst ?? [])];
    const chosen = [
      ...new Set(
        both.flatMap(({ choice, entity }) => (choice === undefined ? [] : [`${choice} at ${entity}`])),
      ),
    ];
    const example = chosen.length === 0 ? "" : `, for example with ${listedBriefly(chosen)}`;
    const share = assignments === 1 ? "" : ` (${count} of ${assignments} combinations of choices)`;
    const message = `${racing(races)} the ends ${names}${example}${share}`;
    return finding("P10", { message, at: "/ends", path });
  });
}

/** What decides, as the beginning of a sentence that goes on with the ends. */
function racing(races: readonly DecidedRace[]): string {
  const steps = [...new Set(races.flatMap((race) => race.steps.map(stepText)))];
  const [only, ...others] = steps;
  if (only === undefined) return "the saga goes back and forth between";
  if (others.length === 0) return `when ${only} comes decides between`;
  return `whether ${listedBriefly(steps, "or")} comes first decides between`;
}

/** A step by what brings it about. */
function stepText({ kind, trigger, instance: { name }, outcome }: Step): string {
  if (kind === "command") return `the command ${trigger} of ${name}`;
  if (kind === "deadline") return `the deadline ${trigger} of ${name}`;
  if (kind === "activity")
    return `${outcome?.gaveUp === true ? "giving up" : "the answer of"} ${trigger} at ${name}`;
  return `${trigger} at ${name}`;
}

interface DecisionSearch {
  readonly exploration: Exploration;
  readonly decisions: readonly BusinessDecision[];
  readonly rules: Rules;
  readonly ends: EndsAtRest;
  /** For each set of ends what decides between them, and the number of assignments. */
  readonly found: Map<
    string,
    { readonly names: string; readonly races: readonly DecidedRace[]; count: number }
  >;
  walksLeft: number;
}

/**
 * Makes a decision only when a reachable step needs it: once an order is refused, no decision about its card
 * is needed. Trying all assignments took a third of a check of the lifecycle.
 */
function decide(search: DecisionSearch, choice: Int32Array): void {
  if (search.walksLeft-- <= 0) return;
  const { exploration, decisions, rules, ends, found } = search;
  const keeps = (edge: number): boolean => {
    const needed = rules.decision[rules.edgeStep[edge] ?? 0] ?? undecided;
    return needed < 0 || choice[needed] === rules.answer[rules.edgeStep[edge] ?? 0];
  };
  const asked = askedLast(search, choice, keeps);
  if (asked !== undecided) {
    const answers = decisions[asked]?.answers ?? [];
    for (const answer of answers.keys()) decide(search, choice.with(asked, answer));
    return;
  }
  const reached = finalEnds(exploration, ends, keeps);
  if (reached.size < 2) return;
  const key = JSON.stringify([...reached.keys()].toSorted());
  const count = decisions.reduce(
    (product, { answers }, at) => (choice[at] === undecided ? product * answers.length : product),
    1,
  );
  const known = found.get(key);
  if (known !== undefined) {
    known.count += count;
    return;
  }
  const [first, ...others] = [...reached.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const races = others.map(({ states }) => raceBetween(exploration, keeps, [first?.states ?? [], states]));
  found.set(key, { names: listed([first, ...others].map((one) => one?.name ?? "")), races, count });
}

/** The decision that the last reachable step needs that needs one still to be made; -1 if there is none. */
function askedLast(
  { exploration: { space }, rules }: DecisionSearch,
  choice: Int32Array,
  keeps: (edge: number) => boolean,
): number {
  const { edgeStart, edgeTo } = space;
  const isReached = new Uint8Array(space.states);
  isReached[0] = 1;
  const queue = [0];
  for (const state of queue) {
    for (let edge = edgeStart[state] ?? 0; edge < (edgeStart[state + 1] ?? 0); edge++) {
      const target = edgeTo[edge] ?? 0;
      if (isReached[target] === 1 || !keeps(edge)) continue;
      isReached[target] = 1;
      queue.push(target);
    }
  }
  for (let state = space.states - 1; state >= 0; state--) {
    if (isReached[state] !== 1) continue;
    for (let edge = (edgeStart[state + 1] ?? 0) - 1; edge >= (edgeStart[state] ?? 0); edge--) {
      const needed = rules.decision[rules.edgeStep[edge] ?? 0] ?? undecided;
      if (needed >= 0 && choice[needed] === undecided) return needed;
    }
  }
  return undecided;
}

function unjudged(why: string): Finding {
  return finding("P10", { message: `races were not judged: ${why}`, at: "", path: [] });
}

/**
 * The same trigger with the same names of choices, or the same choices with the same emissions (a join), is
 * one decision.
 */
function groupDecisions(reactions: readonly PlacedSentence[]): Map<PlacedSentence, BusinessDecision> {
  const decisionOf = new Map<PlacedSentence, BusinessDecision>();
  const byKey = new Map<string, BusinessDecision>();
  for (const reaction of reactions) {
    const together = alternatives(reactions, reaction);
    const outcomes = together.flatMap(outcomesOf);
    if (outcomes.length < 2) continue;
    const answers = outcomes.map(answerOf);
    const emissions = outcomes.map((outcome) => outcome.emit ?? []);
    const keys = [
      [together[0]?.participant, reaction.trigger, answers],
      [together[0]?.participant, answers, emissions],
    ].map((key) => JSON.stringify(key));
    const decision = keys.map((key) => byKey.get(key)).find((one) => one !== undefined) ?? { answers };
    for (const key of keys) byKey.set(key, decision);
    decisionOf.set(reaction, decision);
  }
  return decisionOf;
}

/** The reactions of which one takes place: of several events that may start a saga one does. */
function alternatives(
  reactions: readonly PlacedSentence[],
  reaction: PlacedSentence,
): readonly PlacedSentence[] {
  if (reaction.state !== elsewhereState) return [reaction];
  return reactions.filter(({ state, trigger }) => state === elsewhereState && trigger === reaction.trigger);
}

function answerOf({ choice }: OutcomeJson, index: number): string {
  return choice ?? String(index);
}

/** By step: the decision that it needs, or -1, and the answer. */
interface Rules {
  readonly edgeStep: Int32Array;
  readonly decision: Int32Array;
  readonly answer: Int32Array;
}

function edgeRules(
  { program, space }: Exploration,
  decisionOf: ReadonlyMap<PlacedSentence, BusinessDecision>,
  decisions: readonly BusinessDecision[],
): Rules {
  const decision = new Int32Array(program.steps.length).fill(-1);
  const answer = new Int32Array(program.steps.length);
  for (const [index, { reaction, outcome }] of program.steps.entries()) {
    const needed = reaction === undefined ? undefined : decisionOf.get(reaction);
    if (needed === undefined || reaction === undefined || outcome === undefined) continue;
    decision[index] = decisions.indexOf(needed);
    answer[index] = needed.answers.indexOf(answerOf(outcome, outcomesOf(reaction).indexOf(outcome)));
  }
  return { edgeStep: space.edgeStep, decision, answer };
}

/** The names of the ends that each state at rest is. */
type EndsAtRest = ReadonlyMap<number, readonly string[]>;

function endsAtRest(exploration: Exploration): EndsAtRest {
  const ends = new Map<number, readonly string[]>();
  for (const state of restingStates(exploration)) {
    const ending = endingOf(exploration, state, 1);
    if (ending.is === "end")
      ends.set(
        state,
        ending.ends.map(({ name }) => name),
      );
  }
  return ends;
}

/**
 * The ends within terminal components, each with its states. Most components have one state, and only those
 * with an end are looked at: a walk is done once for each combination of choices.
 */
function finalEnds(
  { space }: Exploration,
  ends: EndsAtRest,
  keeps: (edge: number) => boolean,
): Map<string, FinalEnd> {
  const { of, count } = components(space, keeps, [0]);
  const sizes = new Int32Array(count);
  for (const own of of) if (own >= 0) sizes[own] = (sizes[own] ?? 0) + 1;
  const isTerminal = (own: number, state: number): boolean => {
    if (sizes[own] === 1) return !leaves(space, keeps, { of, state });
    return of.every((other, member) => other !== own || !leaves(space, keeps, { of, state: member }));
  };
  // Ends at once read like the end that has both names: they are kept apart.
  const reached = new Map<string, FinalEnd>();
  for (const [state, names] of ends) {
    const own = of[state] ?? -1;
    if (own < 0 || !isTerminal(own, state)) continue;
    const key = JSON.stringify(names);
    const known = reached.get(key);
    if (known === undefined) reached.set(key, { name: names.join(" + "), states: [state] });
    else known.states.push(state);
  }
  return reached;
}

/** An end, and the states in which it is final. */
interface FinalEnd {
  readonly name: string;
  readonly states: number[];
}

/** Whether a kept edge leads from a state out of its component. */
function leaves(
  { edgeStart, edgeTo }: Exploration["space"],
  keeps: (edge: number) => boolean,
  { of, state }: { readonly of: Int32Array; readonly state: number },
): boolean {
  const end = edgeStart[state + 1] ?? 0;
  for (let edge = edgeStart[state] ?? 0; edge < end; edge++)
    if (of[edgeTo[edge] ?? 0] !== of[state] && keeps(edge)) return true;
  return false;
}
