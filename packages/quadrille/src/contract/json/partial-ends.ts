// Ends with the partial states of joins that may rest.
import type { EndJson } from "../json-form.ts";

/** The ends, where a state stands for itself and for the partial states that `partialOf` gives. */
export function withPartialStates(
  ends: readonly EndJson[],
  partialOf: (participant: string, state: string) => readonly string[],
): readonly EndJson[] {
  return ends.map((end) => {
    const states = Object.entries(end.states).map(([participant, named]) => {
      const partial = [named].flat().flatMap((state) => partialOf(participant, state));
      return [participant, partial.length === 0 ? named : [named, partial].flat()] as const;
    });
    return { ...end, states: Object.fromEntries(states) };
  });
}
