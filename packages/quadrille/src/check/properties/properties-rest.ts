// P3a, P4, P5 and the tallies of P6: what must hold whenever everything is at rest.
import { pointer } from "../../contract/json-references.ts";
import { endingOf } from "./ends.ts";
import type { Exploration } from "../explore/explore.ts";
import {
  finding,
  type Finding,
  listed,
  LISTED_MAX,
  listedBriefly,
  type Patch,
  type PathStep,
} from "../model/finding.ts";
import { lockCycle } from "./lock-order.ts";
import { isBelowZero, isQueue, type Overflow } from "../explore/overflow.ts";
import {
  factsSeen,
  fullStateName,
  localOf,
  pathTo,
  pausedStates,
  pendingIn,
  placeOf,
  restingStates,
  stateName,
} from "../explore/view.ts";
import { type Instance, instanceIn } from "../model/world.ts";

/** How many ways an end was reached: states of rest, summed over the sagas. */
export interface EndReached {
  readonly name: string;
  readonly states: number;
}

/** What the states of rest show. */
export interface RestReport {
  readonly ends: readonly EndReached[];
  readonly findings: readonly Finding[];
}

interface Judging {
  readonly exploration: Exploration;
  readonly ends: Map<string, number>;
  /** One finding for each key, the first, whose path is a shortest one. */
  readonly first: Map<string, Finding>;
  /** Combinations at rest that are no end, and the first state with one. */
  readonly strange: Map<string, Strange>;
}

interface Strange {
  readonly state: number;
  readonly saga: number;
}

/** Judges every state of rest; breadth first, so the first of a kind has a shortest path. */
export function checkRest(exploration: Exploration): RestReport {
  const { choreography, bound } = exploration.program.world;
  const judging: Judging = {
    exploration,
    ends: new Map(choreography.ends.map((end) => [end.name, 0])),
    first: new Map(),
    strange: new Map(),
  };
  for (const state of restingStates(exploration)) {
    const holdsMessages = judgeMessages(judging, state);
    judgeLocks(judging, state);
    if (holdsMessages) continue;
    for (let saga = 1; saga <= bound.sagas; saga++) judgeEnd(judging, state, saga);
  }
  for (const state of pausedStates(exploration)) {
    if (pendingIn(exploration, state).length > 0) continue;
    for (let saga = 1; saga <= bound.sagas; saga++) judgePause(judging, state, saga);
  }
  const ends = [...judging.ends].map(([name, states]) => ({ name, states }));
  return {
    ends,
    findings: [...judging.first.values(), ...strangeFinding(judging), ...belowZero(exploration)],
  };
}

function once(judging: Judging, key: string, make: () => Finding): void {
  if (!judging.first.has(key)) judging.first.set(key, make());
}

function judgeMessages(judging: Judging, state: number): boolean {
  const { exploration } = judging;
  const pending = pendingIn(exploration, state);
  for (const { event, to, behind } of pending) {
    const local = stateName(to, localOf(exploration, state, to));
    once(judging, JSON.stringify(["P3a", to.participant, local, event]), () => {
      const cycle = lockCycle(exploration, state);
      const why =
        behind === undefined
          ? `${to.participant} rests in ${local} and defers it`
          : `it is behind ${behind}, which ${to.participant} defers in ${local}`;
      const message = `${event} waits for ever: ${why}${cycle === "" ? "" : `; ${cycle}`}`;
      const at = pointer("/participants", to.participant, "states", local, "on", event);
      return finding("P3a", { message, at, path: pathTo(exploration, state) });
    });
  }
  return pending.length > 0;
}

function judgeLocks(judging: Judging, state: number): void {
  const { exploration } = judging;
  const { world } = exploration.program;
  for (const instance of world.instances) {
    const local = stateName(instance, localOf(exploration, state, instance));
    const value = world.choreography.participants[instance.participant]?.states[local];
    // Who has seen some facts of a join waits for the others.
    if (value?.lock !== true && factsSeen(exploration, state, instance).length === 0) continue;
    once(judging, JSON.stringify(["P5", instance.participant, local]), () => {
      const waits = waitsFor(exploration, state, instance);
      const full = fullStateName(exploration, state, instance);
      const message = `${instance.participant} stays locked in ${full} for ever: ${waits}`;
      const { participant } = instance;
      const at = pointer("/participants", participant, "states", local);
      const repair = { kind: "hear" as const, participant, state: local };
      return finding("P5", { message, at, path: pathTo(exploration, state), repair });
    });
  }
}

/** What would release a lock, and who could send it; a wait for what only the waiting one sends is named as such. */
function waitsFor(exploration: Exploration, at: number, instance: Instance): string {
  const { reactions } = exploration.program.world;
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
  if (awaited.length === 0) return "no event releases it";
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
  const wish =
    awaited.length === 1
      ? `${listed(awaited)} is not on its way`
      : `none of ${listedBriefly(awaited)} is on its way`;
  return isSelfWait ? `${wish}, and only ${participant} itself could send it (self-wait)` : wish;
}

function judgeEnd(judging: Judging, state: number, saga: number): void {
  const { exploration } = judging;
  const { choreography } = exploration.program.world;
  const ending = endingOf(exploration, state, saga);
  if (ending.is === "end") {
    for (const { name } of ending.ends) judging.ends.set(name, (judging.ends.get(name) ?? 0) + 1);
    return;
  }
  if (ending.is === "none") {
    const key = combination(exploration, state, saga).join();
    if (!judging.strange.has(key)) judging.strange.set(key, { state, saga });
    return;
  }
  const { end, tally, value } = ending;
  once(judging, JSON.stringify(["P6", end.name, tally]), () => {
    const message = `the end ${end.name} is reached with ${tally} ${value} where it should be ${end.tally?.[tally]}`;
    const at = pointer("/ends", choreography.ends.indexOf(end), "tally", tally);
    return finding("P6", { message, at, path: pathTo(exploration, state) });
  });
}

/** A life that goes on rests between its deadlines: an end that fits is reached. One that does not fit is none yet, and no finding. */
function judgePause(judging: Judging, state: number, saga: number): void {
  const ending = endingOf(judging.exploration, state, saga);
  for (const { name } of ending.is === "end" ? ending.ends : [])
    judging.ends.set(name, (judging.ends.get(name) ?? 0) + 1);
}

/** The states of a saga's participants, each as in "Order in PENDING". */
function combination(exploration: Exploration, state: number, saga: number): string[] {
  const { world } = exploration.program;
  return Object.keys(world.choreography.participants).flatMap((participant) => {
    const instance = instanceIn(world, participant, saga);
    return instance === undefined
      ? []
      : [`${instance.name} in ${fullStateName(exploration, state, instance)}`];
  });
}

/** P4: one finding for all combinations that are no end. Mending the first usually mends the others. */
function strangeFinding({ exploration, strange }: Judging): Finding[] {
  const [first] = strange.values();
  if (first === undefined) return [];
  const words = listedBriefly(combination(exploration, first.state, first.saga));
  const path = pathTo(exploration, first.state);
  const more = strange.size === 1 ? "" : ` (one of ${strange.size} such combinations)`;
  if (!isBeginning(exploration, first, path)) {
    const message = `everything is at rest with ${words}, which is no declared end${more}`;
    return [finding("P4", { message, at: "/ends", path })];
  }
  const message = `nothing has happened yet, everything is at rest with ${words}, and no end is declared for that${more}`;
  const repair = { kind: "end" as const, change: endOfBeginning(exploration) };
  return [finding("P4", { message, at: "/ends", path, repair })];
}

/** Whether nobody has done anything. States in flight have no path, either. */
function isBeginning(exploration: Exploration, { state, saga }: Strange, path: readonly PathStep[]): boolean {
  const { instances } = exploration.program.world;
  const own = instances.filter((one) => one.saga === saga || one.saga === 0);
  return path.length === 0 && own.every((one) => localOf(exploration, state, one) === one.initial);
}

/** The end that is missing for the beginning: that nothing happens is an end of every choreography that waits. */
function endOfBeginning({ program }: Exploration): Omit<Patch, "leaves"> {
  const { participants, ends } = program.world.choreography;
  const states = Object.entries(participants).map(([name, { initial }]) => [name, initial] as const);
  const names = ["nothing", "untouched", "not begun"];
  const name = names.find((one) => !ends.some((end) => end.name === one)) ?? `nothing ${ends.length + 1}`;
  const key = (word: string): string => (/^[A-Za-z_$][\w$]*$/.test(word) ? word : JSON.stringify(word));
  const fields = states.map(([participant, initial]) => `${key(participant)}: ${JSON.stringify(initial)}`);
  const more = fields.length <= LISTED_MAX ? [] : [`and ${fields.length - LISTED_MAX} more`];
  const written = [...fields.slice(0, LISTED_MAX), ...more].join(", ");
  return {
    why: `an end for the beginning; in TypeScript ${key(name)}: { ${written} }`,
    operations: [{ op: "add", path: "/ends/-", value: { name, states: Object.fromEntries(states) } }],
  };
}

/** P4, second half: every declared end can be reached. */
export function checkEndsReached(ends: readonly EndReached[]): Finding[] {
  return ends.flatMap(({ name, states }, index) =>
    states > 0
      ? []
      : [finding("P4", { message: `the end ${name} is never reached`, at: `/ends/${index}`, path: [] })],
  );
}

function nameOf({ channel }: Overflow): string {
  return isQueue(channel) ? channel.instance.name : channel.name;
}

/** P6: a tally that would fall below zero; the step is not taken. */
function belowZero(exploration: Exploration): Finding[] {
  const { overflows, program } = exploration;
  return overflows.flatMap((overflow) => {
    const step = program.steps[overflow.step];
    if (step === undefined || !isBelowZero(overflow, program)) return [];
    const where = `${step.instance.participant} in ${stateName(step.instance, step.from)}`;
    const message = `${step.trigger} at ${where} would bring ${nameOf(overflow)} below zero`;
    return [
      finding("P6", { message, at: placeOf(step), path: pathTo(exploration, overflow.state, overflow.step) }),
    ];
  });
}
