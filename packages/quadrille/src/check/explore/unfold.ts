// Shows a path of a folded exploration as it really happens: the states of the path are those for which
// others stand, and each step is one of them.
import type { NameKind } from "./exchange.ts";
import { successorOf } from "./expand.ts";
import type { Exploration } from "./explore.ts";
import { type Fold, foldState, type Folding, moveBlocks } from "./folding.ts";
import { producerOf } from "./layout.ts";
import { createSpace, makeRoom, type Space } from "./space.ts";
import type { Guard, StepSource, Step } from "./step.ts";
import type { Program } from "./tables.ts";

/**
 * An exploration that holds one path and nothing else, and its last state: the same state as the one asked
 * for.
 */
export interface Unfolded {
  readonly exploration: Exploration;
  readonly state: number;
}

/** Unfolds the path to a state; undefined where the exploration is not folded. */
export function unfold(exploration: Exploration, state: number): Unfolded | undefined {
  const { space, program } = exploration;
  const { folding } = space;
  if (folding === undefined) return undefined;
  const stepOf = namedSteps(program);
  const path: Way[] = [];
  // By fold and block: the place at which the block really stands. At the end each stands where it is.
  let places: readonly Int32Array[] = folding.folds.map(({ order }) => order.map((_, block) => block));
  let at = state;
  for (; (space.via[at] ?? -1) >= 0; at = space.parent[at] ?? 0) {
    path.push({ words: moved(space, at, places), via: undefined });
    const step = space.via[at] ?? 0;
    foldState(folding, successorOf(space, space.parent[at] ?? 0, step), 0);
    places = places.map((place, fold) => before(place, folding.folds[fold]));
    const last = path.at(-1);
    if (last !== undefined) last.via = stepOf(step, placesToNames(folding, places));
  }
  path.push({ words: moved(space, at, places), via: undefined });
  const alone = spaceOf(exploration, path.toReversed());
  return { exploration: { ...exploration, space: alone }, state: path.length - 1 };
}

/** A state as it really was, and the step that led to it. */
interface Way {
  readonly words: Int32Array;
  via: number | undefined;
}

function before(place: Int32Array, fold: Fold | undefined): Int32Array {
  const earlier = Int32Array.from(place);
  for (const [block, from] of (fold?.order ?? []).entries()) earlier[from] = place[block] ?? 0;
  return earlier;
}

function moved(space: Space, state: number, places: readonly Int32Array[]): Int32Array {
  const words = space.arena.slice(state * space.words, (state + 1) * space.words);
  if (space.folding !== undefined) moveBlocks(space.folding, words, places);
  return words;
}

function spaceOf({ program }: Exploration, path: readonly Way[]): Space {
  const space = createSpace(program);
  makeRoom(space, path.length);
  for (const [at, { words, via }] of path.entries()) {
    space.arena.set(words, at * space.words);
    space.parent[at] = at - 1;
    space.via[at] = via ?? -1;
  }
  space.states = path.length;
  return space;
}

type UnfoldedNames = (kind: NameKind, name: string) => string;

/** The names of each block become those of the place at which it stands. */
function placesToNames({ folds }: Folding, places: readonly Int32Array[]): UnfoldedNames {
  const names = new Map<string, string>();
  for (const [index, { exchange }] of folds.entries()) {
    for (const [block, place] of (places[index] ?? []).entries()) {
      const to = exchange.blocks[place] ?? [];
      for (const [at, { kind, name }] of (exchange.blocks[block] ?? []).entries())
        names.set(JSON.stringify([kind, name]), to[at]?.name ?? name);
    }
  }
  return (kind, name) => names.get(JSON.stringify([kind, name])) ?? name;
}

/** Finds the step that another one becomes where names are exchanged. */
function namedSteps(program: Program): (step: number, names: UnfoldedNames) => number {
  const { steps } = program;
  const byName = new Map(steps.map((step, index) => [nameOf(program, step, (_, name) => name), index]));
  return (index, names) => {
    const step = steps[index];
    const found = step === undefined ? undefined : byName.get(nameOf(program, step, names));
    if (found === undefined) throw new Error(`no step corresponds to step ${index} after an exchange`);
    return found;
  };
}

function nameOf(program: Program, step: Step, names: UnfoldedNames): string {
  const { kind, instance, from, to, trigger, reaction, source, outcome, fact, guards } = step;
  const triggerKind = reaction?.kind ?? "event";
  const nameKind = triggerKind === "deadline" || triggerKind === "activity" ? "own" : triggerKind;
  const outcomes = typeof reaction?.disposition === "string" ? [] : (reaction?.disposition ?? []);
  return JSON.stringify([
    kind,
    names("participant", instance.participant),
    [from, to, reaction?.key, fact],
    names(nameKind, trigger),
    outcome === undefined ? -1 : outcomes.indexOf(outcome),
    sourceName(source, names),
    guards.map((guard) => guardName(program, guard, names)),
  ]);
}

function sourceName(source: StepSource | undefined, names: UnfoldedNames): unknown {
  if (source?.from !== "queue") return source?.from;
  const producer = producerOf(source.queue);
  return producer === undefined ? "" : names("participant", producer);
}

/** A guard on facts names them; what it asks of their count, or of another field, stays as it is. */
function guardName(
  { world }: Program,
  { field, bits = 0, equals, differs }: Guard,
  names: UnfoldedNames,
): unknown {
  const { kind, name, instance } = field;
  if (kind !== "facts") return [kind, equals, differs];
  const states = world.choreography.participants[instance?.participant ?? ""]?.states;
  const facts = states?.[name]?.join?.facts ?? [];
  const seen = facts.filter((_, index) => (bits & (1 << index)) !== 0).map((fact) => names("event", fact));
  const isCount = seen.length === 0;
  return [name, seen.toSorted(), isCount ? equals : equals === 0, equals === undefined];
}
