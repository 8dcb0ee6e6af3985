// P11: a state that cannot be left waits for nothing.
import type { Exploration } from "../explore/explore.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { World } from "../model/world.ts";
import { own } from "../../contract/own.ts";
import { outcomesOf, type PlacedSentence } from "../../contract/json/sentences.ts";

/**
 * A state without a way out may answer (and stay), ignore, or never see. What it defers it defers for ever; a
 * deadline or activity there goes off for ever, unless it is the life that an end names.
 */
export function checkFinal({ program }: Exploration): Finding[] {
  const states = [...program.world.byState.values()].flatMap((byName) => [...byName.values()]);
  return states.flatMap((reactions) => {
    if (reactions.some((one) => outcomesOf(one).some((outcome) => outcome.to !== one.state))) return [];
    return reactions.flatMap((one) => {
      const waits = one.disposition === "defer" ? `defers ${one.trigger}` : undefined;
      const isRun = one.kind === "deadline" || one.kind === "activity";
      const runs = isRun && !goesOn(program.world, one) ? `starts ${one.trigger}` : undefined;
      const does = waits ?? runs;
      if (does === undefined) return [];
      return [
        finding("P11", {
          message: `${one.participant} ${does} in ${one.state}, which has no way out`,
          at: one.at,
          path: [],
        }),
      ];
    });
  });
}

/** Whether it is a deadline of the business that publishes, again and again, in a state that an end names. */
function goesOn({ choreography, declaredEnds }: World, one: PlacedSentence): boolean {
  const ends = choreography.ends.slice(0, declaredEnds);
  const publishes = outcomesOf(one).some(({ emit = [] }) => emit.length > 0);
  const named = ends.flatMap(({ states }) => own(states, one.participant) ?? []);
  return one.key === "deadlines" && publishes && named.includes(one.state);
}
