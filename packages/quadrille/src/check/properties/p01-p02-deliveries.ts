// P1 and P2: messages that may arrive where the contract does not handle them or says `never`.
import type { Exploration } from "../explore/explore.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { Step } from "../explore/step.ts";
import { pathTo, placeOf, stateName } from "../explore/view.ts";

/** One finding for every place of the contract, with the shortest path. */
export function checkDeliveries(exploration: Exploration): Finding[] {
  const { program, space } = exploration;
  const first = new Map<string, { readonly index: number; readonly step: Step; readonly state: number }>();
  for (const [index, step] of program.steps.entries()) {
    const state = space.firstUse[index] ?? -1;
    if (step.kind !== "stuck" || state < 0) continue;
    const known = first.get(placeOf(step));
    if (known === undefined || state < known.state) first.set(placeOf(step), { index, step, state });
  }
  return [...first.values()].map(({ index, step, state }) => {
    const isNever = step.reaction !== undefined;
    const local = stateName(step.instance, step.from);
    const where = `${step.instance.participant} in ${local}`;
    const message = isNever
      ? `${step.trigger} reaches ${where}, where it should never come`
      : `${step.trigger} may reach ${where}, which does not handle it`;
    return finding(isNever ? "P2" : "P1", {
      message,
      at: placeOf(step),
      path: pathTo(exploration, state, index),
      repair: { kind: "say", participant: step.instance.participant, state: local, event: step.trigger },
    });
  });
}
