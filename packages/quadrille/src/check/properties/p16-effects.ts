// P16: while an entity calls the outside, nothing else may move it: the intent is recorded first, the call
// comes after.
import type { ChoreographyJson } from "../../contract/json-form.ts";
import { countsOutside } from "../../contract/json/sentences.ts";
import type { Exploration } from "../explore/explore.ts";
import { finding, type Finding, listed } from "../model/finding.ts";
import type { Step } from "../explore/step.ts";
import { pathTo, placeOf, stateName } from "../explore/view.ts";

/**
 * Looks in every state for an entity that calls the outside (an activity runs, or a reaction changes a tally)
 * while another message could move it. Deferring or ignoring that message isolates the call.
 */
export function checkEffects(exploration: Exploration): Finding[] {
  const { program } = exploration;
  const callsOutside = caller(program.world.choreography);
  const kinds = new Uint8Array(program.steps.length);
  let isCalled = false;
  for (const [index, step] of program.steps.entries()) {
    const calls = callsOutside(step);
    isCalled ||= calls;
    kinds[index] = (calls ? 2 : 0) + (moves(step) ? 1 : 0);
  }
  if (!isCalled) return [];
  const found = new Map<string, Finding>();
  for (let state = 0; state < exploration.space.states; state++) raceIn(exploration, { state, kinds, found });
  return [...found.values()];
}

/**
 * An activity calls by itself; a reaction that changes a tally of something outside makes its call within its
 * transaction.
 */
function caller(choreography: ChoreographyJson): (step: Step) => boolean {
  return ({ kind, outcome, fault }) => {
    if (fault !== undefined || outcome === undefined) return false;
    return kind === "activity" || countsOutside(choreography, outcome);
  };
}

function moves({ from, to, fault, outcome, kind, fact, forgets }: Step): boolean {
  const isMove = from !== to || fact !== undefined || forgets !== undefined;
  const changes = isMove || outcome?.tally !== undefined;
  return fault === undefined && kind !== "stuck" && changes;
}

interface EffectSearch {
  readonly state: number;
  /** By step: 2 when it calls the outside, 1 when it moves its entity, 3 when both. */
  readonly kinds: Uint8Array;
  readonly found: Map<string, Finding>;
}

function raceIn(exploration: Exploration, { state, kinds, found }: EffectSearch): void {
  const { edgeStart, edgeStep } = exploration.space;
  const end = edgeStart[state + 1] ?? 0;
  for (let edge = edgeStart[state] ?? 0; edge < end; edge++) {
    const caller = edgeStep[edge] ?? 0;
    if ((kinds[caller] ?? 0) < 2) continue;
    for (let other = edgeStart[state] ?? 0; other < end; other++) {
      if ((kinds[edgeStep[other] ?? 0] ?? 0) % 2 === 1)
        note(exploration, { state, caller, other: edgeStep[other] ?? 0 }, found);
    }
  }
}

interface Race {
  readonly state: number;
  readonly caller: number;
  readonly other: number;
}

function note(exploration: Exploration, { state, caller, other }: Race, found: Map<string, Finding>): void {
  const call = exploration.program.steps[caller];
  const rival = exploration.program.steps[other];
  if (call === undefined || rival === undefined || call.instance !== rival.instance) return;
  if (call.trigger === rival.trigger && call.kind === rival.kind) return;
  const at = placeOf(call);
  if (found.has(at)) return;
  const where = `${call.instance.participant} in ${stateName(call.instance, call.from)}`;
  const message =
    call.kind === "activity"
      ? `while ${call.trigger} runs at ${where}, ${rival.trigger} can move it away from its result`
      : `${call.trigger} calls the outside at ${where}, and ${rival.trigger} may come between: record the intent first, or declare ${listed(Object.keys(call.outcome?.tally ?? {}))} "inside": true if it is no call`;
  found.set(at, finding("P16", { message, at, path: pathTo(exploration, state, other) }));
}
