// P17: a call to the outside may be given up, and the contract says what happens then.
import type { Exploration } from "../explore/explore.ts";
import { finding, type Finding, listedBriefly } from "../model/finding.ts";
import type { Step } from "../explore/step.ts";
import { pathTo, placeOf, stateName } from "../explore/view.ts";

/** A call under way, in the first state in which it was seen. */
interface OpenCall {
  readonly step: Step;
  readonly state: number;
  /** The entity's states in which it is made. */
  readonly in: Set<string>;
}

/** One report for each activity of a participant that can be under way and has no `gaveUp` sentence. */
export function checkCalls(exploration: Exploration): Finding[] {
  const { space, program } = exploration;
  const unsaid = new Set(program.steps.flatMap((step, index) => (isUnsaid(step) ? [index] : [])));
  const found = new Map<string, OpenCall>();
  for (let state = 0; state < space.states && unsaid.size > 0; state++) {
    const end = space.edgeStart[state + 1] ?? 0;
    for (let edge = space.edgeStart[state] ?? 0; edge < end; edge++) {
      const index = space.edgeStep[edge] ?? 0;
      const step = unsaid.delete(index) ? program.steps[index] : undefined;
      if (step === undefined) continue;
      const key = JSON.stringify([step.instance.participant, step.trigger]);
      const call = found.get(key) ?? { step, state, in: new Set<string>() };
      call.in.add(stateName(step.instance, step.from));
      found.set(key, call);
    }
  }
  return [...found.values()].map((call) => unhandledGiveUp(exploration, call));
}

function isUnsaid({ kind, reaction, fault }: Step): boolean {
  if (kind !== "activity" || fault !== undefined || reaction === undefined) return false;
  const { disposition } = reaction;
  return typeof disposition !== "string" && disposition.every(({ gaveUp }) => gaveUp !== true);
}

function unhandledGiveUp(exploration: Exploration, { step, state, in: states }: OpenCall): Finding {
  const where = `${step.instance.participant} in ${listedBriefly([...states])}`;
  const message = `${where} does not say what happens when ${step.trigger} is given up: the call becomes a dead letter and waits for an operator`;
  return finding("P17", { message, at: placeOf(step), path: pathTo(exploration, state) });
}
