// Findings as values: code, one sentence, the place in the contract, and the shortest path to it.
import type { TriggerKind } from "../../contract/trigger-kind.ts";
import type { Fault } from "./bound.ts";

/**
 * How much a finding weighs: an error must be fixed, a warning is worth a look, a report is for information.
 */
export type Severity = "error" | "warning" | "report";

/** The codes, in the order in which they are listed; they never change their meaning. */
export const findingCodes = [
  "P1",
  "P2",
  "P3a",
  "P3b",
  "P3c",
  "P4",
  "P5",
  "P6",
  "P7",
  "P8",
  "P9",
  "P10",
  "P11",
  "P12",
  "P13",
  "P14",
  "P15",
  "P16",
  "P17",
] as const;

/** A code, as in {@link findingCatalog}. */
export type FindingCode = (typeof findingCodes)[number];

/** One thing found. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** One sentence in the choreography's own words. */
  readonly message: string;
  /** The place in the contract, as a JSON pointer; where something is missing, the place where it belongs. */
  readonly at: string;
  /** The shortest path from the beginning to what was found; empty where no path is needed. */
  readonly path: readonly PathStep[];
  /**
   * A change that fixes the contract. It was tried by a run of its own, unless there is no alternative to it.
   */
  readonly patch?: Patch;
  /** What the contract may lack here, as the starting point for patches. Not part of a report. */
  readonly repair?: Repair;
}

/**
 * What a contract may lack: a sentence about an event in a state, a subscription to a refusal in a locked
 * state, or the declaration of an event as public.
 */
export type Repair =
  | { readonly kind: "say"; readonly participant: string; readonly state: string; readonly event: string }
  | { readonly kind: "hear"; readonly participant: string; readonly state: string }
  | { readonly kind: "publish"; readonly event: string };

/** One step of a path: plain data, enough to write its story and to replay it. */
export interface PathStep {
  /**
   * What happened: a message was taken, taken where it may not come, deferred; or the entity acted on its
   * own.
   */
  readonly kind: TriggerKind | "stuck" | "deferred";
  readonly saga: number;
  readonly participant: string;
  /** The participant's name, with the number of its saga where there are several: `Kitchen#2`. */
  readonly entity: string;
  /** The event, command, deadline or activity. */
  readonly trigger: string;
  readonly from: string;
  readonly to: string;
  /** The outcome's name, where it has one. */
  readonly choice?: string;
  /** Whether it is an activity's call that was given up. */
  readonly gaveUp?: true;
  /** Whether the message left its channel; a fault may leave it there. */
  readonly takes: boolean;
  readonly publishes: readonly { readonly event: string; readonly to: readonly string[] }[];
  readonly tally?: Readonly<Record<string, number>>;
  readonly fault?: Fault;
  /** The place of the reaction in the contract. */
  readonly at: string;
}

/** A change of the contract, as operations of JSON Patch (RFC 6902), and why. */
export interface Patch {
  readonly why: string;
  /**
   * Whether it ignores a message on which the participant acts in another state, or in none. No error may be
   * left, and something that was waited for may be lost.
   */
  readonly loses?: true;
  /**
   * The result of trying it: how many errors are left, and the sentences of new ones. Absent if it was not
   * tried.
   */
  readonly leaves?: { readonly errors: number; readonly fresh: readonly string[] };
  readonly operations: readonly {
    readonly op: "add" | "replace";
    readonly path: string;
    readonly value: unknown;
  }[];
}

/** What all suggested patches come to. */
export interface PatchSummary {
  /**
   * How many errors are left with all of them applied, and the sentences of new ones. One patch was tried
   * beside errors that stand there; only without those does it show what they hid. Absent where there are
   * fewer than two, or no time was left.
   */
  readonly together?: NonNullable<Patch["leaves"]>;
  /** Of how many findings not every candidate was tried: the steps for patches were used up. */
  readonly untried: number;
}

/** What a code means. */
export interface Entry {
  readonly name: string;
  readonly severity: Severity;
  /** The property that holds where nothing is found. */
  readonly holds: string;
  /** What to do where it is found. */
  readonly fix: string;
}

/** Every code, its name, its usual severity, what holds where it is not found, and how to fix it. */
export const findingCatalog: Readonly<Record<FindingCode, Entry>> = {
  P1: {
    name: "every event has a disposition",
    severity: "error",
    holds: "no reachable delivery meets a state that does not handle the event",
    fix: "Say what the state does with the event: a reaction, `ignore`, `defer` or `never`. Often the path shows a message that overtakes another one: `defer` keeps it for later, and a compensation that comes first leaves a tombstone.",
  },
  P2: {
    name: "never is true",
    severity: "error",
    holds: "no reachable delivery meets a state in which the event should never come",
    fix: "The path shows how the event comes there. Say what the state does with it, or change the steps before, so that it cannot come.",
  },
  P3a: {
    name: "nothing deferred for ever",
    severity: "error",
    holds: "when everything is at rest, no message is left waiting",
    fix: "Let something that is sure to come move the entity to a state that takes the message, or say `ignore` where the message is of no use any more.",
  },
  P3b: {
    name: "ends without fairness",
    severity: "warning",
    holds: "no cycle of steps repeats without a command from outside or a business deadline",
    fix: "Break the cycle: remove one of its steps, or let a command from outside or a deadline start each repetition. A repeated call to the outside may stay: it ends as soon as another outcome is chosen.",
  },
  P3c: {
    name: "can always finish",
    severity: "error",
    holds: "from every reachable state a state of rest can be reached",
    fix: "Give the cycle an outcome that leads out of it, to a state where nothing is left to do.",
  },
  P4: {
    name: "ends",
    severity: "error",
    holds: "whenever everything is at rest a declared end is reached, and every declared end can be",
    fix: "Where the combination is a good end, declare it; where it is not, the path shows who was forgotten. That nothing has happened is an end of every choreography, and need not be declared. For an end that is never reached, correct its states or the reactions that should lead there.",
  },
  P5: {
    name: "locks released",
    severity: "error",
    holds: "when everything is at rest, no lock is held",
    fix: "See that every outcome of the party that is waited for publishes an event that releases the lock, refusals and compensations too. A command may never come: where only a person's command leads on, give the state a deadline with `after`, or, where it may be let lie, take the lock away and declare an end that has the state. Where another saga moved a shared entity, see which outcomes are for the saga that entered the state alone: `ifOwn()`.",
  },
  P6: {
    name: "compensation complete",
    severity: "error",
    holds:
      "tallies fit the end and never fall below zero, a compensation cannot refuse in silence, and a lock that is undone returns to where it was taken",
    fix: "Correct the tally of the outcome or of the end. Give a compensation one outcome, or let its refusal publish an event. A lock is taken within another's round, and the other is back where it was: let this one return to where it was taken, too. Where it leads on, as a renewal does, give the new state an end of its own. That part is a warning, because a contract does not say which event undoes and which confirms.",
  },
  P7: {
    name: "nothing dead",
    severity: "warning",
    holds: "every event has a publisher and a subscriber, every state and reaction can be reached",
    fix: "Remove the dead part, or add what it needs: a publisher, a subscriber, a budget for the command. An event meant for others belongs in `publicEvents`. Where sagas share an entity, check with as many of them as the part needs: `--sagas 3`. Where an event cannot come any more once some facts of a join are there, `never(Event, { once: [Facts] })` says so.",
  },
  P8: {
    name: "bounded",
    severity: "error",
    holds: "no channel and no tally grows past its cap",
    fix: "Give the command a budget, or let the publisher wait for an answer before it publishes again. Where the growth is meant and small, check with a larger cap.",
  },
  P9: {
    name: "inbox dependence",
    severity: "report",
    holds: "no reaction breaks when its message is taken twice",
    fix: "Nothing, as long as messages come through the inbox of the engine: it drops the second copy. To do without it, say in the states behind the reaction what a second copy does there, usually `ignore`.",
  },
  P10: {
    name: "races",
    severity: "report",
    holds: "the business choices decide the end, whatever comes first",
    fix: "See whether each of the ends is right. Where the order must not decide, react to both events with a join, or let one party alone decide.",
  },
  P11: {
    name: "final is final",
    severity: "error",
    holds: "a state with no way out waits for nothing",
    fix: "Say `ignore` or `never` in the final state, or give it a way out.",
  },
  P12: {
    name: "lock without a clock",
    severity: "report",
    holds: "every lock that waits for another party has a deadline",
    fix: "Give the lock a deadline with `after`, or accept that it waits as long as the other party is away.",
  },
  P13: {
    name: "forbidden combinations",
    severity: "error",
    holds: "no forbidden combination of states is reachable, at any time",
    fix: "Follow the path to the first step that comes too early, and let it wait for the event that makes it right. Where the combination does no harm, remove the rule.",
  },
  P14: {
    name: "sound without timeouts",
    severity: "error",
    holds:
      "the choreography is sound without its timeouts too: none of them hides a partner that never answers",
    fix: "See that every party answers by itself: a timeout is for an answer that is late. Where time itself is the business, such as an offer that expires or a person who decides until a day, declare a deadline with `after` (in JSON `deadlines`): it stays in this run.",
  },
  P15: {
    name: "assumptions",
    severity: "report",
    holds: "the properties survive the fault or the channel",
    fix: "Read it as the list of what the engine does for this choreography. Fix only what has to hold without that part of the engine.",
  },
  P16: {
    name: "effects isolated",
    severity: "error",
    holds: "nothing else can move an entity while it calls the outside",
    fix: "Write the intent down first: make the call from a state in which everything else is deferred, so that only the call's result leads out of it. A tally stands for such a call, unless the choreography says that it is kept inside: `tallies: { seats: { inside: true } }`.",
  },
  P17: {
    name: "calls that are given up",
    severity: "report",
    holds: "wherever a call is made, the contract says what happens when it is given up",
    fix: "Say it with `gaveUp`, beside the reaction to the call's results: an outcome that compensates what went before. Or accept that the call waits for an operator as a dead letter.",
  },
};

const severityWeights: Readonly<Record<Severity, number>> = { error: 0, warning: 1, report: 2 };

/** Whether the findings so far say all that is asked. */
export type IsEnough = (findings: readonly Finding[]) => boolean;

/** A finding of the code's usual severity. */
export function finding(code: FindingCode, rest: Omit<Finding, "code" | "severity">): Finding {
  return { code, severity: findingCatalog[code].severity, ...rest };
}

/** Errors first, then by code, then by the length of the path. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      severityWeights[a.severity] - severityWeights[b.severity] ||
      findingCodes.indexOf(a.code) - findingCodes.indexOf(b.code) ||
      a.path.length - b.path.length,
  );
}

/** `1 state`, `61,776 states`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

/** The longest list of names in a sentence. */
export const listedMax = 10;

/** Like {@link listed}, but with at most ten names: `a, b, …, j and 12 more`. */
export function listedBriefly(words: readonly string[], last: "and" | "or" = "and"): string {
  const more = words.length - listedMax;
  return listed(more <= 0 ? words : [...words.slice(0, listedMax), `${more} more`], last);
}

/** States by their names, at most ten; of a join's partial states one word: `OPEN, joining`. */
export function listedStates(states: readonly string[]): string {
  const words = states.flatMap((state) => {
    const [base = "", ...facts] = state.split("+");
    if (facts.length === 0) return [state];
    return states.includes(base) ? [] : [`${base}, joining`];
  });
  return listedBriefly([...new Set(words)]);
}

/** `a`, `a and b`, `a, b and c`; or with `or`. */
export function listed(words: readonly string[], last: "and" | "or" = "and"): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}
