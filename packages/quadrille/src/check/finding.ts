// What a check says: findings as values, each with its code, one sentence, the place in the contract and the shortest path to it.
import type { Fault } from "./bound.ts";

/** How much a finding weighs: an error must be mended, a warning is worth a look, a report is for information. */
export type Severity = "error" | "warning" | "report";

/** The codes, as in {@link CATALOG}; they never change their meaning. */
export type Code =
  | "P1"
  | "P2"
  | "P3a"
  | "P3b"
  | "P3c"
  | "P4"
  | "P5"
  | "P6"
  | "P7"
  | "P8"
  | "P9"
  | "P10"
  | "P11"
  | "P12"
  | "P13"
  | "P14"
  | "P15"
  | "P16";

/** One thing found. */
export interface Finding {
  readonly code: Code;
  readonly severity: Severity;
  /** One sentence in the choreography's own words. */
  readonly message: string;
  /** The place in the contract, as a JSON pointer; it may be a place where something is missing. */
  readonly at: string;
  /** The shortest path from the beginning to what was found; empty where no path is needed. */
  readonly path: readonly PathStep[];
  /** A change that mends the contract, tried by a run of its own. */
  readonly patch?: Patch;
}

/** One step of a path: plain data, enough to tell its story and to replay it. */
export interface PathStep {
  /** What happened: a message was taken, taken where it may not come, set aside; or the entity acted on its own. */
  readonly kind: "deliver" | "stuck" | "setAside" | "timer" | "effect" | "command";
  readonly saga: number;
  readonly participant: string;
  /** The participant's name, with the number of its saga where there are several: `Kitchen#2`. */
  readonly entity: string;
  /** The event, command, timer or effect. */
  readonly trigger: string;
  readonly from: string;
  readonly to: string;
  /** The outcome's name, where it has one. */
  readonly choice?: string;
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
  readonly operations: readonly {
    readonly op: "add" | "replace";
    readonly path: string;
    readonly value: unknown;
  }[];
}

/** What a code means. */
export interface Entry {
  readonly name: string;
  readonly severity: Severity;
  /** The property that holds where nothing is found. */
  readonly holds: string;
}

function entry(name: string, severity: Severity, holds: string): Entry {
  return { name, severity, holds };
}

/** Every code, its name, its usual severity and what holds where it is not found. */
export const CATALOG: Readonly<Record<Code, Entry>> = {
  P1: entry(
    "every event has a disposition",
    "error",
    "no reachable delivery meets a state in which nothing is said about the event",
  ),
  P2: entry(
    "never is true",
    "error",
    "no reachable delivery meets a state in which the event should never come",
  ),
  P3a: entry("nothing deferred for ever", "error", "when everything is at rest, no message is left waiting"),
  P3b: entry(
    "ends without fairness",
    "warning",
    "no cycle of steps goes round without a command from outside",
  ),
  P3c: entry("can always finish", "error", "from every reachable state a state of rest can be reached"),
  P4: entry(
    "ends",
    "error",
    "whenever everything is at rest a declared end is reached, and every declared end can be",
  ),
  P5: entry("locks released", "error", "when everything is at rest, nobody holds a lock"),
  P6: entry(
    "compensation complete",
    "error",
    "tallies fit the end and never fall below zero, a compensation cannot refuse in silence, and an aborted lock returns to where it was taken",
  ),
  P7: entry(
    "nothing dead",
    "warning",
    "every event has a publisher and a subscriber, every state and reaction can be reached",
  ),
  P8: entry("bounded", "error", "no channel and no tally grows past its cap"),
  P9: entry("inbox dependence", "report", "no reaction breaks when its message is taken twice"),
  P10: entry("races", "report", "the business choices decide the end, whatever the order of messages"),
  P11: entry("final is final", "error", "a state with no way out waits for nothing"),
  P12: entry("lock without a clock", "report", "every lock that waits for another party has a deadline"),
  P13: entry("invariants", "error", "no forbidden combination of states is reachable, at any time"),
  P14: entry(
    "no need of a clock",
    "error",
    "without its timers the choreography is as sound: a timeout hides no bug",
  ),
  P15: entry("assumptions", "report", "the properties survive the fault or the channel"),
  P16: entry("effects isolated", "error", "nothing else can move an entity while it calls the outside"),
};

/** The order in which codes are listed. */
const RANK: readonly string[] = Object.keys(CATALOG);

const WEIGHT: Readonly<Record<Severity, number>> = { error: 0, warning: 1, report: 2 };

/** A finding of the code's usual severity. */
export function finding(code: Code, rest: Omit<Finding, "code" | "severity">): Finding {
  return { code, severity: CATALOG[code].severity, ...rest };
}

/** Errors first, then by code, then by the length of the path. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      WEIGHT[a.severity] - WEIGHT[b.severity] ||
      RANK.indexOf(a.code) - RANK.indexOf(b.code) ||
      a.path.length - b.path.length,
  );
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
