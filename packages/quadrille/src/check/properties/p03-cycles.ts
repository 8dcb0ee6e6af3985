// P3b and P3c: whether a saga ends without help from outside, and whether it can always come to rest.
import type { Exploration } from "../explore/explore.ts";
import { finding, type Finding, listedBriefly } from "../model/finding.ts";
import { canReach, type EdgeFilter, firstOnCycle, shortestPath } from "../explore/graph.ts";
import { stepClasses } from "../explore/program.ts";
import { stateFlag } from "../explore/space.ts";
import { pathStep, pathTo, placeOf } from "../explore/view.ts";

/** P3b, and where it does not hold also P3c. */
export function checkCycles(exploration: Exploration): Finding[] {
  const { space, program } = exploration;
  const keeps: EdgeFilter = (edge) => program.classes[space.edgeStep[edge] ?? 0] === stepClasses.step;
  const start = firstOnCycle(space, keeps);
  if (start < 0) return [];
  const cycle = shortestPath(space, keeps, { from: start, isTarget: (state) => state === start }).flatMap(
    (edge) => program.steps[space.edgeStep[edge] ?? 0] ?? [],
  );
  const [first] = cycle;
  const who = [...new Set(cycle.map((step) => `${step.instance.name} (${step.trigger})`))];
  const fairness = finding("P3b", {
    message: `${listedBriefly(who)} can repeat for ever: the saga ends only if another step gets its turn`,
    at: first === undefined ? "" : placeOf(first),
    path: [...pathTo(exploration, start), ...cycle.map(pathStep)],
  });
  return [fairness, ...neverAtRest(exploration)];
}

function neverAtRest(exploration: Exploration): Finding[] {
  const { space } = exploration;
  if (!exploration.exhausted && exploration.limit !== "rest") return [];
  const resting = [...space.flags.subarray(0, space.states).keys()].filter(
    (state) => space.flags[state] === stateFlag.quiescent || space.flags[state] === stateFlag.paused,
  );
  const reaches = canReach(space, resting);
  const lost = reaches.indexOf(0);
  if (lost < 0) return [];
  const path = pathTo(exploration, lost);
  const last = path.at(-1);
  const after = last === undefined ? "from the beginning" : `after ${last.trigger} at ${last.entity}`;
  return [
    finding("P3c", { message: `${after} nothing can ever come to rest again`, at: last?.at ?? "", path }),
  ];
}
