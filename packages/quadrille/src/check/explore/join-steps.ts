// The steps of a state with a join that is not expanded into partial states: the facts seen are bits of one
// field, with their count above them.
import type { JoinJson } from "../../contract/json-form.ts";
import { pointer } from "../../contract/pointer.ts";
import { partialState } from "../../contract/table.ts";
import { bitsOf, factsKey, type Field, type Layout } from "./layout.ts";
import type { Guard, Step } from "./step.ts";
import type { PlacedSentence } from "../../contract/json/sentences.ts";

/** A state's join, and which of its facts an event is. */
interface Joining {
  readonly layout: Layout;
  readonly join: JoinJson;
  readonly fact: PlacedSentence | undefined;
  /** Makes the steps of what the state says about the event. */
  readonly make: (step: Step) => Step[];
}

/** Every way in which an event may be taken, by the facts seen. */
export function joinSteps({ layout, join, fact, make }: Joining, step: Step): Step[] {
  const state = step.instance.states[step.from] ?? "";
  const field = layout.fields.get(factsKey(state, step.instance));
  if (field === undefined) return make(step);
  const place: JoinPlace = { field, join, make };
  return fact === undefined ? otherSteps(place, step) : factSteps(place, fact, step);
}

interface JoinPlace {
  readonly field: Field;
  readonly join: JoinJson;
  readonly make: (step: Step) => Step[];
}

/**
 * A fact that is seen for the first time waits for others or completes the join. For one that comes again the
 * state's own sentence holds, or `never`.
 */
function factSteps({ field, join, make }: JoinPlace, fact: PlacedSentence, step: Step): Step[] {
  const index = fact.fact?.index ?? 0;
  const count = join.facts.length;
  const needed = join.atLeast ?? count;
  const isOfAll = needed === count;
  const bit = 2 ** index;
  const one = 2 ** count;
  const counter = (2 ** bitsOf(count) - 1) * one;
  const steps: Step[] = [];
  for (let seen = 0; seen < needed; seen++) {
    const guards: Guard[] = [
      { field, bits: bit, equals: 0 },
      { field, bits: counter, equals: seen * one },
    ];
    const completes = seen === needed - 1;
    const others = join.facts.filter((_, other) => other !== index).slice(0, seen);
    const row = rowWith(step, join, others);
    const taken: Step = { ...step, row, reaction: fact, guards, fact: { seen, completes, isOfAll } };
    if (completes) steps.push(...make(taken).map((made) => ({ ...made, ...forgetting(made, field) })));
    else steps.push(...make(taken).map((made) => remembering(made, field, bit + one)));
  }
  // A join that one fact completes has seen none while it waits.
  if (needed === 1) return steps;
  const again: Step = {
    ...step,
    row: rowWith(step, join, [join.facts[index] ?? ""]),
    reaction: step.reaction ?? neverSaid(step, "on"),
    guards: [{ field, bits: bit, equals: bit }],
    readsFacts: true,
    againOf: index,
  };
  return [...steps, ...make(again).map((made) => ({ ...made, ...forgetting(made, field) }))];
}

/** The state with some facts seen; where only their number matters, any set of that size stands for it. */
function rowWith({ row }: Step, join: JoinJson, facts: readonly string[]): string {
  return partialState(
    row,
    join.facts.filter((fact) => facts.includes(fact)),
  );
}

function remembering(step: Step, field: Field, seen: number): Step {
  return { ...step, changes: [...step.changes, [field, seen]] };
}

/**
 * An event that is no fact: the state's own sentence, or `never` once one of the sets of facts named by the
 * join has been seen.
 */
function otherSteps({ field, join, make }: JoinPlace, step: Step): Step[] {
  const needed = join.atLeast ?? join.facts.length;
  // As many facts as complete the join are never seen while it waits.
  const sets = (join.never?.[step.trigger] ?? []).filter(({ length }) => length < needed);
  const bitsIn = (set: readonly string[]): number =>
    set.reduce((bits, name) => bits + 2 ** join.facts.indexOf(name), 0);
  const without = sets.map(bitsIn).map((bits): Guard => ({ field, bits, differs: bits }));
  const reads = sets.length === 0 ? {} : { readsFacts: true as const };
  const own = make({ ...step, guards: without, ...reads });
  // Sets may overlap; each gives the same step.
  const never = neverSaid(step, "join", "never");
  const nevers = sets.flatMap((set) => {
    const bits = bitsIn(set);
    const guards = [{ field, bits, equals: bits }];
    return make({ ...step, row: rowWith(step, join, set), reaction: never, guards, readsFacts: true });
  });
  return [...own, ...nevers].map((made) => ({ ...made, ...forgetting(made, field) }));
}

/** What holds where a join rules an event out: by its `never`, or a fact that came before. */
function neverSaid({ instance, from, trigger }: Step, ...keys: readonly string[]): PlacedSentence {
  const { participant, states } = instance;
  const state = states[from] ?? "";
  const at = pointer("/participants", participant, "states", state, ...keys, trigger);
  return { participant, state, key: "on", kind: "event", trigger, disposition: "never", at };
}

/**
 * The facts that a step clears: all of them if it has an outcome or stops its entity, unless a fault keeps
 * the entity where it was.
 */
export function forgetting({ kind, outcome, fault }: Step, field: Field): Pick<Step, "forgets"> {
  const stays = fault === "early" || fault === "effect";
  return (outcome !== undefined || kind === "stuck") && !stays ? { forgets: field } : {};
}
