// P1 and P2: messages that may arrive where the contract does not handle them or says `never`.
import { outcomesOf } from "../../contract/json/sentences.ts";
import { pointer } from "../../contract/pointer.ts";
import type { Exploration } from "../explore/explore.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { Step } from "../explore/step.ts";
import { inOrder } from "../explore/program.ts";
import { pathTo, placeOf, stateName } from "../explore/view.ts";

/** One finding for every place of the contract, with the shortest path. */
export function checkDeliveries(exploration: Exploration): Finding[] {
  const { program, space } = exploration;
  const first = new Map<string, { readonly index: number; readonly step: Step; readonly state: number }>();
  for (const index of inOrder(program)) {
    const step = program.steps[index];
    const state = space.firstUse[index] ?? -1;
    if (step?.kind !== "stuck" || state < 0) continue;
    const known = first.get(placeOf(step));
    if (known === undefined || state < known.state) first.set(placeOf(step), { index, step, state });
  }
  return [...first.values()].map(({ index, step, state }) => {
    const isNever = step.reaction?.disposition === "never";
    const [outcome] = step.reaction === undefined ? [] : outcomesOf(step.reaction);
    const whose = { own: " of another saga", other: " of the saga that entered the state" };
    const what = `${step.trigger}${outcome?.saga === undefined ? "" : whose[outcome.saga]}`;
    const { participant } = step.instance;
    const local = stateName(step.instance, step.from);
    // What depends on the facts of a join is true of a partial state alone.
    const where = `${participant} in ${step.row}`;
    const message = isNever
      ? `${step.trigger} reaches ${where}, where it should never come`
      : `${what} may reach ${where}, which does not handle it`;
    const at = placeOf(step);
    // No word would take the place of a join's own `never`.
    const isPlain = at === pointer("/participants", participant, "states", local, "on", step.trigger);
    const repair = { kind: "say", participant, state: local, event: step.trigger } as const;
    return finding(isNever ? "P2" : "P1", {
      message,
      at,
      path: pathTo(exploration, state, index),
      ...(outcome === undefined && isPlain ? { repair } : {}),
    });
  });
}
