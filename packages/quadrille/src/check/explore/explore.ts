// Breadth-first exploration of a program: every reachable state within the bound, so the first path to
// anything is a shortest one. Spaces that exceed the plain limit are explored by stubborn sets; see ADR 5.
import type { ChoreographyJson } from "../../contract/json-form.ts";
import { resolveBound, type Bound, type CheckOptions, type Reduce } from "../model/bound.ts";
import { expand } from "./expand.ts";
import type { Run } from "./run.ts";
import { canReach, firstOnCycle } from "./graph.ts";
import { type Exchange, exchangesOf } from "./exchange.ts";
import { foldingOf } from "./folding.ts";
import type { Field, Queue, Widths } from "./layout.ts";
import { isBelowZero, type Overflow, widened } from "./overflow.ts";
import { programOf, listAll, stepClasses } from "./program.ts";
import { bytesOf, createSpace, internRoot, makeRoom, type Space } from "./space.ts";
import { canReduce, createChooser } from "./stubborn.ts";
import type { Program } from "./tables.ts";
import { createWorld, inBound, type World } from "../model/world.ts";

/**
 * Why an exploration is not exhausted, in words. `rest`: some reachable state never comes to rest. The
 * reduced exploration proves that, but may miss what lies beyond, and the plain one exceeded the bound.
 */
export const explorationLimits = {
  states: "the bound of states was hit",
  bytes: "the bound of memory was hit",
  time: "the bound of seconds was hit",
  cap: "a channel or a tally grew past what is explored",
  rest: "the bound of states was hit without stubborn sets; with them, fix P3c first: the rest cannot be judged before",
} as const;

/** Why an exploration is not exhausted; {@link explorationLimits} has the sentences. */
export type Limit = keyof typeof explorationLimits;

/** The explored space, and why the exploration stopped early if it did. */
export interface Exploration {
  readonly program: Program;
  readonly space: Space;
  readonly bound: Bound;
  /** Whether it was explored by stubborn sets: fewer states, the same states of rest. */
  readonly isReduced: boolean;
  /** Participants of which one stands for all; empty where each state stands for itself. */
  readonly exchanges: readonly Exchange[];
  readonly exhausted: boolean;
  readonly limit: Limit | undefined;
  /** The first overflow of every counter and queue. */
  readonly overflows: readonly Overflow[];
  /**
   * Channels that only time fills again and again: they were explored with no more messages than they hold.
   */
  readonly paced: readonly (Field | Queue)[];
}

/** A state from which to explore. */
export interface Root {
  /** Fills the scratch of a program with the packed state. */
  readonly write: (program: Program, scratch: Int32Array) => void;
  /** How far counters must count to hold the state; see {@link Widths}. */
  readonly widths?: Widths;
}

/** The beginning: initial states, nothing on its way, every budget whole. */
export const initialRoot: Root = { write: writeInitial };

/** Explores a choreography within a bound; shortest paths and exact counts, unless it is reduced. */
export function explore(choreography: ChoreographyJson, options: CheckOptions = {}): Exploration {
  return exploreFrom(createWorld(choreography, resolveBound(options, choreography)), [initialRoot]);
}

/** Steps after which it is tried whether stubborn sets need a quarter of them: a twentieth of a second. */
const probeSteps = 250_000;

/**
 * Explores from given states. By default it explores plainly and, if the space exceeds the plain limit,
 * begins again with stubborn sets. Where some state never comes to rest, stubborn sets do not give a complete
 * verdict, so the plain exploration continues as far as the bound allows. Spaces that will exceed the limit
 * are recognised early: for several sagas from the states of one, for one saga by trying whether stubborn
 * sets need far fewer.
 */
export function exploreFrom(world: World, roots: readonly Root[]): Exploration {
  const { bound } = world;
  const widths = new Map(roots.flatMap((root) => [...(root.widths ?? [])]).toSorted((a, b) => a[1] - b[1]));
  const plan: Plan = { world, widths, roots };
  const plainly: Manner = { isReduced: false, exchanges: [], states: bound.states, steps: Infinity };
  if (bound.fold === "always") {
    const folded = exploreFolded(plan);
    if (folded !== undefined) return folded;
  }
  if (bound.reduce === "never" || !canReduce(world)) return exploreWith(plan, plainly);
  if (bound.reduce === "auto" && !isLargeProduct(world, roots)) {
    const found = exploreSmall(plan);
    if (found !== undefined) return found;
  }
  const reduced = exploreWith(plan, { ...plainly, isReduced: true });
  if (!reduced.exhausted || canAlwaysRest(reduced)) return reduced;
  const plain = exploreWith(plan, plainly);
  const isWhole = plain.exhausted || plain.limit === "cap";
  return isWhole ? plain : { ...reduced, exhausted: false, limit: "rest" };
}

/** Explores spaces that are small plainly, or very small with stubborn sets; otherwise undefined. */
function exploreSmall(plan: Plan): Exploration | undefined {
  const { bound } = plan.world;
  const steps = bound.sagas === 1 ? probeSteps : Infinity;
  const plainly: Manner = {
    isReduced: false,
    exchanges: [],
    states: Math.min(bound.states, bound.plain),
    steps,
  };
  const isEnough = ({ limit }: Exploration): boolean => limit !== "states" || bound.states <= bound.plain;
  const begun = exploreRoomy(plan, plainly) ?? exploreWith(plan, plainly);
  if (begun.limit === "time") return begun;
  if (begun.space.transitions <= steps) return isEnough(begun) ? begun : undefined;
  const folded = bound.fold === "never" ? undefined : exploreFolded(plan);
  if (folded !== undefined) return folded;
  const probe = { exchanges: [], states: bound.states, steps: probeSteps / 4 };
  const reduced = exploreWith(plan, { ...probe, isReduced: true });
  if (reduced.exhausted && canAlwaysRest(reduced)) return reduced;
  const plain = exploreWith(plan, { ...plainly, steps: Infinity });
  return isEnough(plain) ? plain : undefined;
}

/**
 * Explores one saga with room for two messages in every queue: most contracts have a queue that holds two at
 * some time, and to begin again with a wider one was a sixth of a small check. Undefined where a channel
 * grows: its path is shortest where it has no room at first. Of several sagas there are so many states that
 * the room would cost more.
 */
function exploreRoomy(plan: Plan, manner: Manner): Exploration | undefined {
  const { bound } = plan.world;
  if (bound.sagas > 1 || bound.channel === "bag") return undefined;
  const roomy = exploreWith({ ...plan, widths: new Map(plan.widths), room: 2 }, manner);
  const grows = roomy.overflows.some((one) => !isBelowZero(one, roomy.program));
  return grows || roomy.paced.length > 0 ? undefined : roomy;
}

/**
 * Explores one saga, with one state for all that differ only by an exchange of participants; by stubborn sets
 * too if there are still too many. Undefined if nothing can be exchanged, and where a path would mix the
 * names of several participants: that of a cycle, or of a channel that grows.
 */
function exploreFolded(plan: Plan): Exploration | undefined {
  const { bound } = plan.world;
  if (bound.sagas > 1 || !canReduce(plan.world) || plan.roots.length !== 1 || plan.roots[0] !== initialRoot)
    return undefined;
  const exchanges = exchangesOf(plan.world.choreography);
  if (foldingOf(programOf(plan.world, new Map()), exchanges) === undefined) return undefined;
  for (const isReduced of searches[bound.reduce]) {
    const steps = isReduced || bound.reduce === "never" ? Infinity : probeSteps;
    const manner: Manner = { isReduced, exchanges, states: bound.states, steps };
    const found = exploreWith({ ...plan, widths: new Map() }, manner);
    if (found.exhausted) return hasCycle(found) ? undefined : found;
  }
  return undefined;
}

const searches: Readonly<Record<Reduce, readonly boolean[]>> = {
  auto: [false, true],
  always: [true],
  never: [false],
};

function hasCycle({ space, program }: Exploration): boolean {
  return firstOnCycle(space, (edge) => program.classes[space.edgeStep[edge] ?? 0] === stepClasses.step) >= 0;
}

/**
 * Whether several sagas have too many states for plain exploration: about the states of one saga, to the
 * power of the number of sagas.
 */
function isLargeProduct({ bound, ...contract }: World, roots: readonly Root[]): boolean {
  if (bound.sagas === 1 || bound.states <= bound.plain || roots.length !== 1 || roots[0] !== initialRoot)
    return false;
  const world = inBound(contract, { ...bound, sagas: 1, shared: [] });
  const one = exploreWith(
    { world, widths: new Map(), roots },
    { isReduced: false, exchanges: [], states: Math.min(bound.states, bound.plain), steps: Infinity },
  );
  return one.space.states ** bound.sagas > bound.plain;
}

interface Plan {
  readonly world: World;
  readonly widths: Map<string, number>;
  /** How many messages a queue holds at first; one if absent. */
  readonly room?: number;
  readonly roots: readonly Root[];
}

interface Manner {
  readonly isReduced: boolean;
  /** By which states are folded. */
  readonly exchanges: readonly Exchange[];
  readonly states: number;
  /** Steps taken at most. */
  readonly steps: number;
}

/** Widens a channel that is too narrow and begins again. */
function exploreWith(plan: Plan, manner: Manner): Exploration {
  for (;;) {
    const program = programOf(plan.world, plan.widths, plan.room);
    const { exploration, tooNarrow } = exploreProgram(program, plan.roots, manner);
    if (tooNarrow === undefined) return exploration;
    // What one channel stands for has to be as wide.
    const alike = exploration.space.folding?.alike.get(tooNarrow.key) ?? [tooNarrow.key];
    for (const key of alike) plan.widths.set(key, widened(tooNarrow, program));
  }
}

/** Whether every state can reach a state of rest, in which nothing happens without a command. */
function canAlwaysRest({ space, program }: Exploration): boolean {
  const resting: number[] = [];
  for (let state = 0; state < space.states; state++) if (isAtRest(state)) resting.push(state);
  return !canReach(space, resting).includes(0);

  function isAtRest(state: number): boolean {
    const steps = space.edgeStep.subarray(space.edgeStart[state], space.edgeStart[state + 1]);
    return steps.every((step) => program.classes[step] !== stepClasses.step);
  }
}

function writeInitial(program: Program, scratch: Int32Array): void {
  scratch.fill(0);
  for (const field of program.layout.fields.values()) {
    const value = initialOf(field);
    scratch[field.word] = (scratch[field.word] ?? 0) + value * 2 ** field.shift;
  }
}

function initialOf(field: Field): number {
  if (field.kind === "state") return field.instance?.initial ?? 0;
  return field.kind === "budget" || field.kind === "fault" ? field.max : 0;
}

function beginRun(program: Program, { isReduced, exchanges }: Manner): Run {
  // A stubborn set asks for steps that are not enabled, and an unfolded path may have steps that were folded.
  if (isReduced || exchanges.length > 0) listAll(program);
  return {
    space: createSpace(program, exchanges.length > 0 ? foldingOf(program, exchanges) : undefined),
    overflows: new Map(),
    looks: new Map(),
    paced: new Map(),
    chooser: isReduced ? createChooser(program) : undefined,
    tooNarrow: undefined,
  };
}

function exploreProgram(
  program: Program,
  roots: readonly Root[],
  manner: Manner,
): { readonly exploration: Exploration; readonly tooNarrow: Run["tooNarrow"] } {
  const run = beginRun(program, manner);
  const { space } = run;
  makeRoom(space, roots.length);
  for (const root of roots) addRoot(space, root);
  const { bound } = program.world;
  let limit: Exploration["limit"];
  for (let state = 0; state < space.states && run.tooNarrow === undefined; state++) {
    if (space.states > manner.states || space.transitions > manner.steps) limit = "states";
    if ((state & 0xfff) === 0) {
      if (bytesOf(space) > bound.bytes) limit = "bytes";
      // Not at the first state: a run that starts over when the time is over would show one state.
      else if (bound.shouldStop?.(space) === true && state > 0) limit = "time";
    }
    if (limit !== undefined) break;
    expand(run, state);
  }
  if (limit !== undefined) closeEdges(space);
  const overflows = [...run.overflows.values()];
  if (limit === undefined && overflows.some((one) => !isBelowZero(one, program))) limit = "cap";
  const exhausted = limit === undefined;
  const { isReduced } = manner;
  const exchanges = (space.folding?.folds ?? []).map(({ exchange }) => exchange);
  return {
    exploration: {
      program,
      space,
      bound,
      isReduced,
      exchanges,
      exhausted,
      limit,
      overflows,
      paced: [...run.paced.keys()],
    },
    tooNarrow: run.tooNarrow ?? [...run.looks.keys()][0],
  };
}

function addRoot(space: Space, root: Root): void {
  root.write(space.program, space.batch);
  internRoot(space);
}

/** States that were found but not expanded have no edges. */
function closeEdges(space: Space): void {
  space.edgeStart.fill(space.transitions, lastExpanded(space) + 1, space.states + 1);
}

function lastExpanded(space: Space): number {
  let state = space.states;
  while (state > 0 && (space.edgeStart[state] ?? 0) === 0) state--;
  return state;
}
