// Compares the checker with SPIN on one contract: how many states and transitions, and where P1 and P2 break.
import { check, type Channel, type CheckOptions, type Report, toPromela } from "quadrille/check";
import type { ChoreographyJson } from "../../packages/quadrille/src/contract/json-form.ts";
import { runSpin } from "./spin.ts";

/** What is compared: a contract in a channel mode. */
export interface Case {
  readonly name: string;
  /** Of a random contract. */
  readonly seed?: number;
  /** Whether it takes an event from another choreography. */
  readonly isFromElsewhere?: boolean;
  readonly channel: Channel;
  /**
   * Messages in one channel, and the value of one tally, at most; the checker's default where it is absent.
   */
  readonly cap?: number;
  readonly choreography: ChoreographyJson;
}

/** Where something breaks, as JSON pointers into the contract. */
export interface Places {
  /** Where a message may meet a state that says nothing about it. */
  readonly P1: readonly string[];
  /** Where a message may meet a `never`. */
  readonly P2: readonly string[];
}

/** One verdict. */
export interface Verdict extends Places {
  readonly states: number;
  readonly transitions: number;
}

/** Both verdicts, with the initial transition that only SPIN counts already taken off. */
export interface Comparison {
  readonly name: string;
  readonly seed?: number;
  readonly isFromElsewhere?: boolean;
  readonly channel: Channel;
  readonly cap?: number;
  readonly checker: Verdict;
  readonly spin: Verdict;
  /** The checker's verdict with stubborn sets; absent if a cap is hit, because then they give no counts. */
  readonly reduced?: Places;
  readonly agrees: boolean;
}

/** The bounds of both: a cap is a limit of the model itself. */
export function optionsOf({ channel, cap }: Case): CheckOptions {
  return { channel, ...(cap === undefined ? {} : { bound: { cap } }) };
}

/** Runs both. Throws if the checker did not explore everything: then there is nothing to compare. */
export async function compare(one: Case): Promise<Comparison> {
  const { choreography, ...named } = one;
  const quick: CheckOptions = { ...optionsOf(one), races: false, patches: false };
  const report = check(choreography, quick);
  if (!report.exhausted && report.limit !== "cap") {
    throw new Error(
      `${one.name} (${one.channel}) was not explored whole: its ${report.limit ?? "bound"} was reached`,
    );
  }
  const { states, transitions } = report;
  const checker: Verdict = { states, transitions, ...placesOf(report) };
  const counted = await runSpin(toPromela(choreography, optionsOf(one)));
  const spin: Verdict = {
    states: counted.states,
    transitions: counted.transitions - 1,
    P1: counted.unsaid.map((place) => placeOf(choreography, place)).toSorted(),
    P2: counted.never.map((place) => placeOf(choreography, place)).toSorted(),
  };
  const isSame = JSON.stringify(checker) === JSON.stringify(spin);
  if (!report.exhausted) return { ...named, checker, spin, agrees: isSame };
  const reduced = placesOf(check(choreography, { ...quick, reduce: "always" }));
  const agrees = isSame && JSON.stringify(reduced) === JSON.stringify(placesOf(report));
  return { ...named, checker, spin, reduced, agrees };
}

function placesOf({ findings }: Report): Places {
  const at = (code: string): string[] =>
    findings.flatMap((one) => (one.code === code ? [one.at] : [])).toSorted();
  return { P1: at("P1"), P2: at("P2") };
}

/**
 * The JSON pointer of `participant.state.event` in numbers: read from the contract, as the model's numbers
 * were.
 */
function placeOf({ participants }: ChoreographyJson, place: string): string {
  const [participant = -1, state = -1, event = -1] = place.split(".").map(Number);
  const [name, value] = Object.entries(participants)[participant] ?? [];
  const states = Object.entries(value?.states ?? {});
  const events = [...new Set(states.flatMap(([, { on }]) => Object.keys(on ?? {})))];
  return ["/participants", name, "states", states[state]?.[0], "on", events[event]].join("/");
}
