// The sets of facts of which a join is not complete: its partial states.
import { subsets } from "./subsets.ts";
import type { JoinType } from "./trigger.ts";

/** How many sets of facts there are of which a join is not complete. */
export function setsOf(join: JoinType | undefined): number {
  if (join === undefined) return 1;
  let [sets, ways] = [1, 1];
  for (let size = 1; size < join.needed; size++) {
    ways = (ways * (join.facts.length - size + 1)) / size;
    sets += ways;
  }
  return sets;
}

/**
 * Every set of facts of which a join is not complete, the empty one first; only the empty one where there is
 * no join.
 */
export function factSets(join: JoinType | undefined): readonly (readonly string[])[] {
  const sets = subsets((join?.facts ?? []).map(({ name }) => name));
  return sets.filter((set) => join === undefined || set.length < join.needed);
}
