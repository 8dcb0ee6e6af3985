// P5: when everything is at rest, no lock is held.
import { pointer } from "../../contract/pointer.ts";
import type { Exploration } from "../explore/explore.ts";
import { fullStateName, isJoinOpen, localOf, pathTo, restingStates, stateName } from "../explore/view.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { Instance } from "../model/world.ts";
import { movedByOthers, waitsFor } from "./awaited.ts";

/** One finding for every lock that stays for ever, with a shortest path. */
export function checkLocks(exploration: Exploration): Finding[] {
  const { world } = exploration.program;
  const found = new Map<string, Finding>();
  for (const state of restingStates(exploration)) {
    for (const instance of world.instances) {
      const local = stateName(instance, localOf(exploration, state, instance));
      const key = JSON.stringify([instance.participant, local]);
      if (found.has(key) || !isHeld(exploration, { state, instance, local })) continue;
      found.set(key, held(exploration, { state, instance, local }));
    }
  }
  return [...found.values()];
}

interface LockHolder {
  readonly state: number;
  readonly instance: Instance;
  /** The name of the state that the instance is in. */
  readonly local: string;
}

/** A participant that has seen some facts of a join waits for the others, like a lock. */
function isHeld(exploration: Exploration, { state, instance, local }: LockHolder): boolean {
  const { participants } = exploration.program.world.choreography;
  const isLock = participants[instance.participant]?.states[local]?.lock === true;
  return isLock || isJoinOpen(exploration, state, instance);
}

function held(exploration: Exploration, { state, instance, local }: LockHolder): Finding {
  const { participant } = instance;
  const path = pathTo(exploration, state);
  const waits = waitsFor({ exploration, state, instance });
  const message = `${participant} stays locked in ${fullStateName(exploration, state, instance)} for ever: ${waits}${movedByOthers(exploration, path, instance.saga)}`;
  const at = pointer("/participants", participant, "states", local);
  const repair = { kind: "hear" as const, participant, state: local };
  return finding("P5", { message, at, path, repair });
}
