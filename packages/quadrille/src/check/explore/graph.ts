// Cycles and reachability of the explored graph: Tarjan's strongly connected components, without recursion.
import type { Space } from "./space.ts";

/** Which edges count, by their position. */
export type EdgeFilter = (edge: number) => boolean;

/**
 * The component of every state; a component is numbered before those that lead to it. -1 for states not
 * reached.
 */
export interface Components {
  readonly of: Int32Array;
  readonly count: number;
}

interface Walk {
  readonly space: Space;
  readonly keeps: EdgeFilter;
  readonly order: Int32Array;
  readonly low: Int32Array;
  readonly of: Int32Array;
  /** States whose component is not known yet, and the states on the way here with their next edges. */
  readonly open: number[];
  readonly way: number[];
  readonly nextEdge: Int32Array;
  visited: number;
  count: number;
}

/** Finds the components of what is reachable from `roots` over the kept edges (Tarjan 1972, iterative). */
export function components(space: Space, keeps: EdgeFilter, roots: Iterable<number>): Components {
  const walk: Walk = {
    space,
    keeps,
    order: new Int32Array(space.states),
    low: new Int32Array(space.states),
    of: new Int32Array(space.states).fill(-1),
    open: [],
    way: [],
    nextEdge: new Int32Array(space.states),
    visited: 0,
    count: 0,
  };
  for (const root of roots) {
    if (walk.order[root] === 0) enter(walk, root);
    while (walk.way.length > 0) advance(walk);
  }
  return { of: walk.of, count: walk.count };
}

function enter(walk: Walk, state: number): void {
  walk.order[state] = walk.low[state] = ++walk.visited;
  walk.nextEdge[state] = walk.space.edgeStart[state] ?? 0;
  walk.open.push(state);
  walk.way.push(state);
}

/** Follows one edge of the newest state on the way, or leaves it. */
function advance(walk: Walk): void {
  const state = walk.way.at(-1) ?? 0;
  const edge = walk.nextEdge[state] ?? 0;
  if (edge >= (walk.space.edgeStart[state + 1] ?? 0)) {
    leave(walk, state);
    return;
  }
  walk.nextEdge[state] = edge + 1;
  if (!walk.keeps(edge)) return;
  const target = walk.space.edgeTo[edge] ?? 0;
  if (walk.order[target] === 0) enter(walk, target);
  else if ((walk.of[target] ?? 0) < 0) lower(walk, state, walk.order[target] ?? 0);
}

function lower(walk: Walk, state: number, value: number): void {
  walk.low[state] = Math.min(walk.low[state] ?? 0, value);
}

function leave(walk: Walk, state: number): void {
  walk.way.pop();
  const parent = walk.way.at(-1);
  if (parent !== undefined) lower(walk, parent, walk.low[state] ?? 0);
  if (walk.low[state] !== walk.order[state]) return;
  for (;;) {
    const member = walk.open.pop() ?? state;
    walk.of[member] = walk.count;
    if (member === state) break;
  }
  walk.count++;
}

/** The edges of a shortest path, of one edge at least, over kept edges; empty if there is none. */
export function shortestPath(
  space: Space,
  keeps: EdgeFilter,
  { from, isTarget }: { readonly from: number; readonly isTarget: (state: number) => boolean },
): number[] {
  const via = new Map<number, { readonly edge: number; readonly from: number }>();
  const queue = [from];
  for (const state of queue) {
    for (let edge = space.edgeStart[state] ?? 0; edge < (space.edgeStart[state + 1] ?? 0); edge++) {
      const target = space.edgeTo[edge] ?? 0;
      if (!keeps(edge) || via.has(target)) continue;
      via.set(target, { edge, from: state });
      if (isTarget(target)) return backFrom(via, { from, to: target });
      queue.push(target);
    }
  }
  return [];
}

function backFrom(
  via: ReadonlyMap<number, { readonly edge: number; readonly from: number }>,
  { from, to }: { readonly from: number; readonly to: number },
): number[] {
  const edges: number[] = [];
  let at = to;
  do {
    const step = via.get(at);
    if (step === undefined) break;
    edges.push(step.edge);
    at = step.from;
  } while (at !== from);
  return edges.toReversed();
}

/** The first state on a cycle of kept edges, or -1. */
export function firstOnCycle(space: Space, keeps: EdgeFilter): number {
  const { of, count } = components(space, keeps, space.parent.subarray(0, space.states).keys());
  const size = new Int32Array(count);
  for (const component of of) size[component] = (size[component] ?? 0) + 1;
  for (let state = 0; state < space.states; state++) {
    if ((size[of[state] ?? 0] ?? 0) > 1 || isSelfLoop(state)) return state;
  }
  return -1;

  function isSelfLoop(state: number): boolean {
    for (let edge = space.edgeStart[state] ?? 0; edge < (space.edgeStart[state + 1] ?? 0); edge++) {
      if (space.edgeTo[edge] === state && keeps(edge)) return true;
    }
    return false;
  }
}

/** Which states can reach one of the targets over kept edges: 1 where they can. */
export function canReach(
  space: Space,
  targets: Iterable<number>,
  keeps: EdgeFilter = () => true,
): Uint8Array {
  const reaches = new Uint8Array(space.states);
  for (const target of targets) reaches[target] = 1;
  // Edges mostly lead to later states, so that a few passes from the end are enough.
  for (let changed = true; changed; ) {
    changed = false;
    for (let state = space.states - 1; state >= 0; state--) {
      if (reaches[state] === 1 || !hasMarkedNext(space, state, { keeps, marked: reaches })) continue;
      reaches[state] = 1;
      changed = true;
    }
  }
  return reaches;
}

function hasMarkedNext(
  space: Space,
  state: number,
  { keeps, marked }: { readonly keeps: EdgeFilter; readonly marked: Uint8Array },
): boolean {
  for (let edge = space.edgeStart[state] ?? 0; edge < (space.edgeStart[state + 1] ?? 0); edge++) {
    if (marked[space.edgeTo[edge] ?? 0] === 1 && keeps(edge)) return true;
  }
  return false;
}
