// What candidates for patches are made with, and what they ask of the contract.
import type { DispositionJson, StateJson } from "../../contract/json-form.ts";
import type { Patch } from "../model/finding.ts";

/** A change that may help, not tried yet. */
export type Candidate = Omit<Patch, "leaves">;

/** A candidate that says something about the event, and perhaps more elsewhere. */
export type Say = (why: string, value: DispositionJson, more?: Patch["operations"]) => Candidate;

/** The operation that gives a state a sentence about an event. */
export function opOf(state: StateJson | undefined, event: string): "add" | "replace" {
  return state?.on?.[event] === undefined ? "add" : "replace";
}

/** The states that react to an event, or in which it is a fact of a join. */
export function actingStates(states: Readonly<Record<string, StateJson>>, event: string): string[] {
  return Object.entries(states).flatMap(([state, { on, join }]) => {
    const disposition = on?.[event];
    const acts =
      (disposition !== undefined && typeof disposition !== "string") || join?.facts.includes(event) === true;
    return acts ? [state] : [];
  });
}
