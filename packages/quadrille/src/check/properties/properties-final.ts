// P11, P12: states that cannot be left wait for nothing, and locks that wait for others should have a deadline.
import { pointer } from "../../contract/json-references.ts";
import { saidIn } from "../../contract/trigger-kind.ts";
import { finding, type Finding, listedBriefly } from "../model/finding.ts";
import { outcomesOf } from "../explore/layout.ts";
import type { Reaction, World } from "../model/world.ts";

/**
 * P11: a state without a way out may answer (and stay), ignore, or never see. What it defers it defers for ever; a deadline or activity
 * there goes off for ever.
 */
export function checkFinal(world: World): Finding[] {
  return statesOf(world).flatMap(([place, reactions]) => {
    if (reactions.some((one) => outcomesOf(one).some((outcome) => outcome.to !== one.state))) return [];
    return reactions.flatMap((one) => {
      const waits = one.disposition === "defer" ? `defers ${one.trigger}` : undefined;
      const runs = one.kind === "deadline" || one.kind === "activity" ? `starts ${one.trigger}` : undefined;
      const does = waits ?? runs;
      if (does === undefined || place === undefined) return [];
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

function statesOf({ reactions }: World): (readonly [string, readonly Reaction[]])[] {
  const states = new Map<string, Reaction[]>();
  for (const one of reactions) {
    const key = pointer("", one.participant, one.state);
    states.set(key, [...(states.get(key) ?? []), one]);
  }
  return [...states];
}

/** P12: one report for every participant with such locks. */
export function checkClocks({ choreography }: World): Finding[] {
  return Object.entries(choreography.participants).flatMap(([participant, { states }]) => {
    const unclocked = Object.entries(states).filter(
      ([, state]) =>
        state.lock === true &&
        saidIn(state).every(({ kind }) => kind !== "deadline" && kind !== "activity") &&
        (!isEmpty(state.on) || state.join !== undefined),
    );
    const [first] = unclocked;
    if (first === undefined) return [];
    const message = `${participant} waits for others in ${listedBriefly(unclocked.map(([state]) => state))} without a deadline`;
    return [
      finding("P12", { message, at: pointer("/participants", participant, "states", first[0]), path: [] }),
    ];
  });
}

function isEmpty(record: Readonly<Record<string, unknown>> | undefined): boolean {
  return record === undefined || Object.keys(record).length === 0;
}
