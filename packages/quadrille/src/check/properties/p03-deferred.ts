// P3a: when everything is at rest, no message is left deferred.
import { pointer } from "../../contract/pointer.ts";
import type { Exploration } from "../explore/explore.ts";
import { localOf, pathTo, pendingIn, restingStates, stateName } from "../explore/view.ts";
import { finding, type Finding } from "../model/finding.ts";
import { lockCycle } from "./lock-order.ts";

/** One finding for every event that is deferred for ever in a state, with a shortest path. */
export function checkDeferred(exploration: Exploration): Finding[] {
  const found = new Map<string, Finding>();
  for (const state of restingStates(exploration)) {
    for (const one of pendingIn(exploration, state)) {
      const local = stateName(one.to, localOf(exploration, state, one.to));
      const key = JSON.stringify([one.to.participant, local, one.event]);
      if (!found.has(key)) found.set(key, deferred(exploration, { ...one, state, local }));
    }
  }
  return [...found.values()];
}

type DeferredMessage = ReturnType<typeof pendingIn>[number] & {
  readonly state: number;
  readonly local: string;
};

function deferred(exploration: Exploration, { event, to, behind, state, local }: DeferredMessage): Finding {
  const cycle = lockCycle(exploration, state);
  const why =
    behind === undefined
      ? `${to.participant} rests in ${local} and defers it`
      : `it is behind ${behind}, which ${to.participant} defers in ${local}`;
  const message = `${event} waits for ever: ${why}${cycle === "" ? "" : `; ${cycle}`}`;
  const at = pointer("/participants", to.participant, "states", local, "on", event);
  return finding("P3a", { message, at, path: pathTo(exploration, state) });
}
