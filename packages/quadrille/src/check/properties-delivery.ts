// P1, P2 and P8: what may be delivered where nothing, or never, is said, and what grows past its cap.
import type { Exploration } from "./explore.ts";
import { finding, type Finding } from "./finding.ts";
import { isBelowZero } from "./overflow.ts";
import type { Step } from "./steps.ts";
import { pathTo, placeOf, stateName } from "./view.ts";

/** P1 and P2: one finding for every place of the contract, with the shortest path. */
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
    const where = `${step.instance.participant} in ${stateName(step.instance, step.from)}`;
    const message = isNever
      ? `${step.trigger} reaches ${where}, where it should never come`
      : `${step.trigger} may reach ${where}, where nothing is said about it`;
    return finding(isNever ? "P2" : "P1", {
      message,
      at: placeOf(step),
      path: pathTo(exploration, state, index),
    });
  });
}

/** P8: the first time that each channel or tally reaches its cap. */
export function checkCaps(exploration: Exploration): Finding[] {
  const { program, bound } = exploration;
  return exploration.overflows.flatMap((overflow) => {
    const step = program.steps[overflow.step];
    if (step === undefined || isBelowZero(overflow, program)) return [];
    const { field } = overflow;
    const what =
      field === undefined
        ? `the messages in order to ${step.emits[0]?.to.participant ?? "a subscriber"}`
        : field.kind === "tally"
          ? `the tally ${field.name}`
          : `${field.name} on its way to ${field.instance?.participant}`;
    const message = `${what} grows past ${field === undefined ? "its queue" : `the cap of ${bound.cap}`}`;
    return [
      finding("P8", { message, at: placeOf(step), path: pathTo(exploration, overflow.state, overflow.step) }),
    ];
  });
}
