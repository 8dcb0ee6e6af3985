// Suggests patches for the four common causes: a missing ignore, tombstone, deferral or subscriber. Each is tried before it is suggested.
import type { ChoreographyJson, DispositionJson, StateJson } from "../contract/json-form.ts";
import { pointer } from "../contract/json-references.ts";
import { saidIn } from "../contract/trigger-kind.ts";
import { applyPatch } from "./apply-patch.ts";
import type { Bound } from "./bound.ts";
import type { Finding, Patch } from "./finding.ts";

/** How many errors a choreography has within a bound. */
export type CountErrors = (choreography: ChoreographyJson, bound: Bound) => number;

/** Patches tried in one check at most: each costs an exploration. */
const TRIES_MAX = 40;

/** A contract that takes more states than this is not patched: trying would take longer than a user waits. */
const STATES_MAX = 20_000;

/** Adds to each error the patch that leaves the fewest errors, where one leaves fewer than before. */
export function suggestPatches(
  choreography: ChoreographyJson,
  bound: Bound,
  {
    findings,
    count,
    states,
  }: { readonly findings: readonly Finding[]; readonly count: CountErrors; readonly states: number },
): readonly Finding[] {
  const hasErrors = findings.some(({ severity, code }) => severity === "error" || code === "P7");
  if (!hasErrors || states > STATES_MAX) return findings;
  const small: Bound = { ...bound, states: Math.min(bound.states, STATES_MAX * 2) };
  const before = count(choreography, small);
  let tries = 0;
  return findings.map((one) => {
    let best: { readonly patch: Patch; readonly errors: number } | undefined;
    for (const patch of candidates(choreography, one)) {
      if (one.code === "P7") return { ...one, patch };
      const patched = tries++ < TRIES_MAX ? applyPatch(choreography, patch) : undefined;
      const errors = patched === undefined ? before : count(patched, small);
      if (errors < (best?.errors ?? before)) best = { patch, errors };
    }
    return best === undefined ? one : { ...one, patch: best.patch };
  });
}

function candidates(choreography: ChoreographyJson, one: Finding): Patch[] {
  // Where `never` was said of all that is not listed, it is an omission as well.
  if (one.code === "P1" || one.code === "P2") return missingDisposition(choreography, one);
  if (one.code === "P5") return missingSubscriber(choreography, one);
  const last =
    one.code === "P7" && one.message.endsWith("nobody subscribes to it")
      ? one.message.split(" ")[0]
      : undefined;
  return last === undefined
    ? []
    : [
        {
          why: `say that ${last} is for others`,
          operations: [{ op: "add", path: "/publicEvents/-", value: last }],
        },
      ];
}

/** The keys of the place of a finding: participant, state and trigger. */
function placeOf(at: string): { participant: string; state: string; trigger: string } {
  const [, , participant = "", , state = "", , trigger = ""] = at
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  return { participant, state, trigger };
}

function missingDisposition(choreography: ChoreographyJson, { at }: Finding): Patch[] {
  const { participant, state, trigger } = placeOf(at);
  const states = choreography.participants[participant]?.states ?? {};
  const isInitial = choreography.participants[participant]?.initial === state;
  const add = (why: string, value: DispositionJson, more: Patch["operations"] = []): Patch => {
    return { why, operations: [{ op: opOf(states[state], trigger), path: at, value }, ...more] };
  };
  const ignore = add(`ignore: ${trigger} changes nothing in ${state}`, "ignore");
  const defer = add(`defer: keep ${trigger} until ${participant} has left ${state}`, "defer");
  const asElsewhere = reactionsTo(states, trigger).map((outcome) => {
    const lateOnes = lateEvents(states, state, outcome.to).map((event) => ({
      op: opOf(states[outcome.to], event),
      path: pointer("/participants", participant, "states", outcome.to, "on", event),
      value: "ignore",
    }));
    const tombstone = `tombstone: ${trigger} overtook what it undoes, so go to ${outcome.to} at once and ignore the late one`;
    const same = `react to ${trigger} as elsewhere: go to ${outcome.to}`;
    return add(isInitial ? tombstone : same, [outcome], isInitial ? lateOnes : []);
  });
  return isFinal(states[state]) ? [ignore, ...asElsewhere] : [...asElsewhere, defer, ignore];
}

/** The single outcomes with which a participant reacts to an event in its other states, each target once. */
function reactionsTo(
  states: Readonly<Record<string, StateJson>>,
  trigger: string,
): { readonly to: string }[] {
  const targets = Object.values(states).flatMap((state) => {
    const disposition = state.on?.[trigger];
    if (disposition === undefined || typeof disposition === "string" || disposition.length !== 1) return [];
    return disposition
      .filter((outcome) => (outcome.emit ?? []).length === 0 && outcome.tally === undefined)
      .map(({ to }) => to);
  });
  return [...new Set(targets)].map((to) => ({ to }));
}

function opOf(state: StateJson | undefined, trigger: string): "add" | "replace" {
  return state?.on?.[trigger] === undefined ? "add" : "replace";
}

/** Events that a state handles and about which the target says nothing, or never: after a tombstone they come late. */
function lateEvents(states: Readonly<Record<string, StateJson>>, state: string, target: string): string[] {
  const handled = Object.entries(states[state]?.on ?? {}).filter(
    ([, disposition]) => typeof disposition !== "string",
  );
  const isOpen = (event: string): boolean => (states[target]?.on?.[event] ?? "never") === "never";
  return handled.map(([event]) => event).filter(isOpen);
}

function isFinal(state: StateJson | undefined): boolean {
  return saidIn(state ?? {}).every(({ disposition }) => typeof disposition === "string");
}

/**
 * Events on the path that nobody hears, heard by the one that waits, with the outcome of one of its other reactions; of two refusals the
 * second meets the target state, which ignores it.
 */
function missingSubscriber(choreography: ChoreographyJson, { at, path }: Finding): Patch[] {
  const { participant, state } = placeOf(at);
  const unheard = path.flatMap(({ publishes }) =>
    publishes.filter(({ to }) => to.length === 0).map(({ event }) => event),
  );
  const events = [...new Set(unheard)].filter((event) => !choreography.publicEvents.includes(event));
  const states = choreography.participants[participant]?.states ?? {};
  const { participants } = choreography;
  const isUnheard = (event: string): boolean =>
    Object.values(participants).every((one) =>
      Object.values(one.states).every(({ on }) => on?.[event] === undefined),
    );
  const missed = events.filter(isUnheard);
  if (missed.length === 0) return [];
  const refusers = path.filter(({ publishes }) => publishes.some(({ event }) => missed.includes(event)));
  return Object.values(states[state]?.on ?? {}).flatMap((disposition) => {
    const [outcome] = typeof disposition === "string" ? [] : disposition;
    if (outcome === undefined || disposition.length !== 1) return [];
    if (!isSomeEnd(choreography, [{ participant, to: outcome.to }, ...refusers])) return [];
    const why = `subscriber: let ${participant} hear ${missed.join(" and ")} in ${state}, and go to ${outcome.to}`;
    const later = pointer("/participants", participant, "states", outcome.to, "on");
    return [
      {
        why,
        operations: missed.flatMap((event) => [
          add(pointer(at, "on", event), disposition),
          add(pointer(later, event), "ignore"),
        ]),
      },
    ];
  });
}

/** Whether one end allows all these participants in these states: who hears of a refusal must not approve. */
function isSomeEnd(
  { ends }: ChoreographyJson,
  wanted: readonly { readonly participant: string; readonly to: string }[],
): boolean {
  return ends.some(({ states }) =>
    wanted.every(
      ({ participant, to }) => states[participant] === undefined || [states[participant]].flat().includes(to),
    ),
  );
}

function add(path: string, value: unknown): Patch["operations"][number] {
  return { op: "add", path, value };
}
