// P12: a lock that waits for other participants should have a deadline.
import type { Exploration } from "../explore/explore.ts";
import { pointer } from "../../contract/pointer.ts";
import { sentencesIn } from "../../contract/trigger-kind.ts";
import { finding, type Finding, listedStates } from "../model/finding.ts";

/** One report for every participant with such locks. */
export function checkClocks({ program }: Exploration): Finding[] {
  return Object.entries(program.world.choreography.participants).flatMap(([participant, { states }]) => {
    const unclocked = Object.entries(states).filter(
      ([, state]) =>
        state.lock === true &&
        sentencesIn(state).every(({ kind }) => kind !== "deadline" && kind !== "activity") &&
        (!isEmpty(state.on) || state.join !== undefined),
    );
    const [first] = unclocked;
    if (first === undefined) return [];
    const message = `${participant} waits for others in ${listedStates(unclocked.map(([state]) => state))} without a deadline`;
    return [
      finding("P12", { message, at: pointer("/participants", participant, "states", first[0]), path: [] }),
    ];
  });
}

function isEmpty(record: Readonly<Record<string, unknown>> | undefined): boolean {
  return record === undefined || Object.keys(record).length === 0;
}
