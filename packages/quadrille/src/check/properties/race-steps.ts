// The steps of a race: from a state in which two ends can still be reached, one step leaves only the first of
// them, another one only the second.
import type { Exploration } from "../explore/explore.ts";
import { canReach, type EdgeFilter, shortestPath } from "../explore/graph.ts";
import type { Step } from "../explore/step.ts";

/** What decides between two ends. */
export interface DecidedRace {
  /** The steps that decide, one for each end; fewer where a saga can go on from one end to the other. */
  readonly steps: readonly Step[];
  /** The edges from the beginning to the second end. */
  readonly edges: readonly number[];
  /** The edges to the other end: a choice may stand on one of the two ways alone. */
  readonly toFirst: readonly number[];
}

/** Finds what decides between two ends, each given by the states in which it is final, over kept edges. */
export function raceBetween(
  { space, program }: Exploration,
  keeps: EdgeFilter,
  [first, second]: readonly [readonly number[], readonly number[]],
): DecidedRace {
  const [toFirst, toSecond] = [canReach(space, first, keeps), canReach(space, second, keeps)];
  const isOpen = (state: number): boolean => toFirst[state] === 1 && toSecond[state] === 1;
  const [isFirst, isSecond] = [
    (state: number): boolean => toFirst[state] === 1 && toSecond[state] === 0,
    (state: number): boolean => toFirst[state] === 0 && toSecond[state] === 1,
  ];
  const decides = (state: number, isDecided: (target: number) => boolean): number | undefined => {
    for (let edge = space.edgeStart[state] ?? 0; edge < (space.edgeStart[state + 1] ?? 0); edge++)
      if (keeps(edge) && isDecided(space.edgeTo[edge] ?? 0)) return edge;
    return undefined;
  };
  const open = openStates(space, keeps, isOpen);
  const both = open.find(
    (state) => decides(state, isFirst) !== undefined && decides(state, isSecond) !== undefined,
  );
  const edges = [isFirst, isSecond].map((isDecided) => {
    const from = both ?? open.find((state) => decides(state, isDecided) !== undefined);
    return { from, edge: from === undefined ? undefined : decides(from, isDecided) };
  });
  const steps = edges.flatMap(({ edge }) =>
    edge === undefined ? [] : (program.steps[space.edgeStep[edge] ?? 0] ?? []),
  );
  return {
    steps,
    edges: pathThrough(space, keeps, { ...edges[1], targets: second }),
    toFirst: pathThrough(space, keeps, { ...edges[0], targets: first }),
  };
}

/** The states in which both ends are open, reached over such states, nearest first. */
function openStates(
  { edgeStart, edgeTo }: Exploration["space"],
  keeps: EdgeFilter,
  isOpen: (state: number) => boolean,
): readonly number[] {
  const open = new Set([0]);
  for (const state of open) {
    for (let edge = edgeStart[state] ?? 0; edge < (edgeStart[state + 1] ?? 0); edge++) {
      const target = edgeTo[edge] ?? 0;
      if (keeps(edge) && isOpen(target)) open.add(target);
    }
  }
  return [...open];
}

interface Through {
  readonly from?: number | undefined;
  readonly edge?: number | undefined;
  readonly targets: readonly number[];
}

/** The edges from the beginning to one of the states, through a given edge if there is one. */
function pathThrough(
  space: Exploration["space"],
  keeps: EdgeFilter,
  { from = 0, edge, targets }: Through,
): readonly number[] {
  const isTarget = (state: number): boolean => targets.includes(state);
  const before =
    from === 0 ? [] : shortestPath(space, keeps, { from: 0, isTarget: (state) => state === from });
  const here = edge === undefined ? [] : [edge];
  const next = edge === undefined ? from : (space.edgeTo[edge] ?? 0);
  const after = isTarget(next) ? [] : shortestPath(space, keeps, { from: next, isTarget });
  return [...before, ...here, ...after];
}
