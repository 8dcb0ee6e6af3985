// P9 and P15: what breaks when an assumption about the engine is taken away, each in a run of its own.
import type { ChoreographyJson } from "../../contract/json-form.ts";
import { type Bound, type Channel, type DeferMode, type Fault, faultTexts } from "../model/bound.ts";
import { findingCodes, finding, type Finding, listed } from "../model/finding.ts";
import { pointer } from "../../contract/pointer.ts";

/** The errors of a choreography within a bound. */
export type Judge = (choreography: ChoreographyJson, bound: Bound) => readonly Finding[];

const assumedChannels: readonly (readonly [Channel, DeferMode, string])[] = [
  ["bag", "stash", "messages in any order"],
  ["fifo", "stash", "messages in order from each producer, deferred ones stashed"],
  ["fifo", "block", "messages in order from each producer, deferred ones holding up the others"],
  ["partition", "stash", "messages in one order, deferred ones stashed"],
  ["partition", "block", "messages in one order, deferred ones holding up the others"],
];

/**
 * One report for every fault and channel mode (P15), and for every subscription that depends on its inbox
 * (P9).
 */
export function checkAssumptions(choreography: ChoreographyJson, bound: Bound, judge: Judge): Finding[] {
  const none = { duplicate: 0, lost: 0, early: 0, effect: 0 };
  const expected = new Set(judge(choreography, { ...bound, faults: none }).map(({ code }) => code));
  const broken = (other: Partial<Bound>): Finding[] =>
    judge(choreography, { ...bound, ...other }).filter(({ code }) => !expected.has(code));
  return [
    ...inboxes(choreography, broken),
    ...Object.entries(faultTexts).map(([name, what]) =>
      survives(`one ${name}: ${what}`, broken({ faults: { ...none, [name]: 1 } })),
    ),
    ...assumedChannels
      .filter(([channel, defer]) => channel !== bound.channel || (channel !== "bag" && defer !== bound.defer))
      .map(([channel, defer, what]) => survives(what, broken({ channel, defer, faults: none }))),
  ];
}

function survives(assumption: string, findings: readonly Finding[]): Finding {
  const found = new Set(findings.map(({ code }) => code));
  const codes = findingCodes.filter((code) => found.has(code));
  const [shortest] = findings.toSorted((a, b) => a.path.length - b.path.length);
  const verdict =
    shortest === undefined
      ? "everything holds"
      : `${listed(codes)} ${codes.length === 1 ? "breaks" : "break"}: ${shortest.message}`;
  return finding("P15", {
    message: `with ${assumption}, ${verdict}`,
    at: shortest?.at ?? "",
    path: shortest?.path ?? [],
  });
}

/** P9: one run with every delivery twice; each subscription whose duplicate breaks something is named. */
function inboxes(
  choreography: ChoreographyJson,
  broken: (other: Partial<Bound>) => readonly Finding[],
): Finding[] {
  const pairs = Object.entries(choreography.participants).flatMap(([participant, { states }]) => {
    const events = new Set(Object.values(states).flatMap((state) => Object.keys(state.on ?? {})));
    return [...events].map((event) => ({ participant, event }));
  });
  const duplicate: Readonly<Record<Fault, number>> = { duplicate: 1, lost: 0, early: 0, effect: 0 };
  return pairs.flatMap((faultsOnly) => {
    const [first] = broken({ faults: duplicate, faultsOnly }).toSorted(
      (a, b) => a.path.length - b.path.length,
    );
    if (first === undefined) return [];
    const { participant, event } = faultsOnly;
    const states = choreography.participants[participant]?.states ?? {};
    const [state = ""] = Object.keys(states).filter((name) => Array.isArray(states[name]?.on?.[event]));
    const message = `${participant} depends on its inbox for ${event}: taken twice, ${first.message} (${first.code})`;
    return [
      finding("P9", {
        message,
        at: pointer("/participants", participant, "states", state, "on", event),
        path: first.path,
      }),
    ];
  });
}
