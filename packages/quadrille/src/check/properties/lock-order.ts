// Lock-order cycles among sagas: each holds a shared entity's lock and waits, deferred, at one that another
// holds.
import type { Exploration } from "../explore/explore.ts";
import { localOf, pathTo, pendingIn, stateName } from "../explore/view.ts";

/** The cycle in words, or nothing where the waiting messages of a state of rest make no cycle. */
export function lockCycle(exploration: Exploration, state: number): string {
  const { world } = exploration.program;
  if (world.bound.sagas < 2) return "";
  const holder = new Map<string, number>();
  for (const step of pathTo(exploration, state)) {
    if (step.from !== step.to) holder.set(step.entity, step.saga);
  }
  const waits = new Map<number, { readonly entity: string; readonly holder: number }>();
  for (const { saga, to } of pendingIn(exploration, state)) {
    const local = stateName(to, localOf(exploration, state, to));
    const isLocked = world.choreography.participants[to.participant]?.states[local]?.lock === true;
    const by = holder.get(to.name);
    if (to.saga === 0 && isLocked && by !== undefined && by !== saga)
      waits.set(saga, { entity: to.name, holder: by });
  }
  return describeCycle(waits);
}

function describeCycle(
  waits: ReadonlyMap<number, { readonly entity: string; readonly holder: number }>,
): string {
  for (const start of waits.keys()) {
    const words: string[] = [];
    for (let saga = start; words.length <= waits.size; ) {
      const wait = waits.get(saga);
      if (wait === undefined) break;
      words.push(`saga ${saga} waits for ${wait.entity}, held by saga ${wait.holder}`);
      if (wait.holder === start) return `lock-order cycle: ${words.join(", ")}`;
      saga = wait.holder;
    }
  }
  return "";
}
