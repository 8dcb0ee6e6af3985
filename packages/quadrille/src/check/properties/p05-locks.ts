// P5: when everything is at rest, no lock is held.
import { pointer } from "../../contract/pointer.ts";
import type { Exploration } from "../explore/explore.ts";
import {
  factsSeen,
  fullStateName,
  isJoinOpen,
  localOf,
  pathTo,
  pendingIn,
  restingStates,
  stateName,
} from "../explore/view.ts";
import { finding, type Finding, listed, listedBriefly } from "../model/finding.ts";
import type { Instance } from "../model/world.ts";

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
  const waits = waitsFor(exploration, state, instance);
  const message = `${participant} stays locked in ${fullStateName(exploration, state, instance)} for ever: ${waits}`;
  const at = pointer("/participants", participant, "states", local);
  const repair = { kind: "hear" as const, participant, state: local };
  return finding("P5", { message, at, path: pathTo(exploration, state), repair });
}

/**
 * What would release a lock, and who could send it; a participant that waits for its own event is named as
 * such.
 */
function waitsFor(exploration: Exploration, at: number, instance: Instance): string {
  const { sentences: reactions } = exploration.program.world;
  const { participant } = instance;
  const state = stateName(instance, localOf(exploration, at, instance));
  const here = reactions.filter(
    (one) => one.participant === participant && one.state === state && one.kind === "event",
  );
  const seen = factsSeen(exploration, at, instance);
  const awaited = here
    .filter(
      (one) => typeof one.disposition !== "string" && !(one.fact !== undefined && seen.includes(one.trigger)),
    )
    .map((one) => one.trigger);
  if (awaited.length === 0) return releasedBy(commandsIn(exploration, participant, state));
  const stuck = pendingIn(exploration, at).find(
    ({ event, to, behind }) => to === instance && behind !== undefined && awaited.includes(event),
  );
  if (stuck !== undefined) return `${stuck.event} is behind ${stuck.behind}, which is deferred`;
  const senders = reactions.filter(
    (one) =>
      typeof one.disposition !== "string" &&
      one.disposition.some((outcome) => (outcome.emit ?? []).some((event) => awaited.includes(event))),
  );
  const isSelfWait = senders.length > 0 && senders.every((one) => one.participant === participant);
  const missing =
    awaited.length === 1
      ? `${listed(awaited)} is not on its way`
      : `none of ${listedBriefly(awaited)} is on its way`;
  return isSelfWait ? `${missing}, and only ${participant} itself could send it (self-wait)` : missing;
}

/** The commands on which a participant reacts in a state. */
function commandsIn({ program }: Exploration, participant: string, state: string): readonly string[] {
  const { commands = {} } = program.world.choreography.participants[participant]?.states[state] ?? {};
  return Object.entries(commands).flatMap(([name, said]) => (typeof said === "string" ? [] : [name]));
}

/** Of a lock that no event releases. */
function releasedBy(commands: readonly string[]): string {
  if (commands.length === 0) return "no event releases it";
  const only = commands.length === 1 ? "command" : "commands";
  const release = commands.length === 1 ? "releases" : "release";
  return `only the ${only} ${listedBriefly(commands)} ${release} it, and a command may never come`;
}
