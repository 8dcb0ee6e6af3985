// The reachable set of a choreography: an oracle for simulations, and the source of directed tests that
// cover every transition.
import { assertJsonForm } from "../../contract/json/json-argument.ts";
import type { ChoreographyJson } from "../../contract/json-form.ts";
import type { CheckOptions } from "../model/bound.ts";
import { explore, type Exploration } from "./explore.ts";
import type { PathStep } from "../model/finding.ts";
import { inFlightOf } from "./in-flight.ts";
import { pathTo } from "./view.ts";

/**
 * What a store shows of one saga: the state of every participant, and the events published and not yet taken.
 */
export interface Abstraction {
  readonly states: Readonly<Record<string, string>>;
  readonly messages: readonly { readonly event: string; readonly to: string; readonly count?: number }[];
}

/** The reachable states, without budgets and tallies, which a store does not show. */
export interface ReachableSet {
  readonly states: number;
  readonly exhausted: boolean;
  readonly has: (abstraction: Abstraction) => boolean;
}

/** Explores one saga and keeps its reachable states. */
export function reachableSet(choreography: ChoreographyJson, options: CheckOptions = {}): ReachableSet {
  const exploration = explore(choreography, { ...options, sagas: 1, reduce: "never" });
  const keys = new Set<string>();
  for (let state = 0; state < exploration.space.states; state++) {
    const { states, messages = [] } = inFlightOf(exploration, state);
    keys.add(keyOf({ states, messages }));
  }
  const initial = inFlightOf(exploration, 0).states;
  return {
    states: exploration.space.states,
    exhausted: exploration.exhausted,
    // A participant of which a store knows nothing yet is in its initial state.
    has: ({ states, messages }) => keys.has(keyOf({ states: { ...initial, ...states }, messages })),
  };
}

function keyOf({ states, messages }: Abstraction): string {
  const counts = new Map<string, number>();
  for (const { event, to, count = 1 } of messages) {
    const key = JSON.stringify([event, to]);
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  const present = [...counts].filter(([, count]) => count > 0).toSorted(byKey);
  return JSON.stringify([Object.entries(states).toSorted(byKey), present]);
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * Paths from the beginning that together take every transition of one saga: for each transition that no other
 * chosen path covers, the shortest path to it. Replayed through real handlers, they are directed tests.
 */
export function coveringPaths(choreography: ChoreographyJson, options: CheckOptions = {}): PathStep[][] {
  assertJsonForm("coveringPaths", choreography);
  const exploration = explore(choreography, { ...options, sagas: 1, reduce: "never" });
  const { space } = exploration;
  const covered = new Uint8Array(space.transitions);
  const paths: PathStep[][] = [];
  // The farthest states come first: a long path covers all edges on its way.
  for (let state = space.states - 1; state >= 0; state--) {
    for (let edge = space.edgeStart[state] ?? 0; edge < (space.edgeStart[state + 1] ?? 0); edge++) {
      if (covered[edge] === 1) continue;
      paths.push(pathTo(exploration, state, space.edgeStep[edge] ?? 0));
      coverTo(exploration, state, covered);
      covered[edge] = 1;
    }
  }
  return paths.toReversed();
}

function coverTo({ space }: Exploration, state: number, covered: Uint8Array): void {
  for (let at = state; (space.via[at] ?? -1) >= 0; at = space.parent[at] ?? 0) {
    const parent = space.parent[at] ?? 0;
    for (let edge = space.edgeStart[parent] ?? 0; edge < (space.edgeStart[parent + 1] ?? 0); edge++) {
      if (space.edgeTo[edge] === at && space.edgeStep[edge] === space.via[at]) covered[edge] = 1;
    }
  }
}
