// P6, what a sentence shows by itself: a compensation cannot refuse in silence.
import type { Exploration } from "../explore/explore.ts";
import { finding, type Finding } from "../model/finding.ts";
import { isSaidOnce, outcomesOf } from "../../contract/json/sentences.ts";

/**
 * A compensating reaction lowers a tally again. It may refuse only with an event. A call that was given up is
 * no refusal: its contract says what comes next.
 */
export function checkRefusals({ program }: Exploration): Finding[] {
  return program.world.sentences.filter(isSaidOnce).flatMap((one) => {
    const outcomes = outcomesOf(one);
    const undoes = outcomes.some((outcome) =>
      Object.values(outcome.tally ?? {}).some((change) => change < 0),
    );
    const silent = outcomes.find(
      ({ emit = [], tally, gaveUp }) => emit.length === 0 && tally === undefined && gaveUp !== true,
    );
    if (one.kind === "command" || !undoes || silent === undefined) return [];
    const message = `${one.participant} on ${one.trigger} in ${one.state} may undo nothing and publish nothing: no participant learns that it was refused`;
    return [finding("P6", { message, at: one.at, path: [] })];
  });
}
