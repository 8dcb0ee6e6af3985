// P11: a state that cannot be left waits for nothing.
import type { Exploration } from "../explore/explore.ts";
import { finding, type Finding } from "../model/finding.ts";
import { outcomesOf } from "../../contract/json/sentences.ts";

/**
 * A state without a way out may answer (and stay), ignore, or never see. What it defers it defers for ever; a
 * deadline or activity there goes off for ever.
 */
export function checkFinal({ program }: Exploration): Finding[] {
  const states = [...program.world.byState.values()].flatMap((byName) => [...byName.values()]);
  return states.flatMap((reactions) => {
    if (reactions.some((one) => outcomesOf(one).some((outcome) => outcome.to !== one.state))) return [];
    return reactions.flatMap((one) => {
      const waits = one.disposition === "defer" ? `defers ${one.trigger}` : undefined;
      const runs = one.kind === "deadline" || one.kind === "activity" ? `starts ${one.trigger}` : undefined;
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
