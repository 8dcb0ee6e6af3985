// Explains an end or a forbidden combination: which participants are in which states there.
import { endsOfJson } from "../contract/implied-end.ts";
import { withWholeJoins } from "./shown-joins.ts";
import type { ChoreographyJson } from "../contract/json-form.ts";

/** An end, also the implied one, or a combination that must not be reachable. */
export interface CombinationExplanation {
  readonly kind: "end" | "forbidden";
  readonly name: string;
  readonly states: Readonly<Record<string, readonly string[]>>;
  readonly tally?: Readonly<Record<string, number>>;
}

/** Explains an end or a forbidden combination; undefined where there is none of that name. */
export function explainCombination(
  choreography: ChoreographyJson,
  name: string,
): CombinationExplanation | undefined {
  const shown = withWholeJoins(choreography);
  const end = endsOfJson(shown).find((one) => one.name === name);
  const found = end ?? shown.forbidden.find((one) => one.name === name);
  if (found === undefined) return undefined;
  // A state with a join stands for its partial states, too.
  const states = Object.entries(found.states).map(([participant, some]) => {
    const whole = shown.participants[participant]?.states ?? {};
    return [participant, [some].flat().filter((state) => Object.hasOwn(whole, state))] as const;
  });
  return {
    kind: end === undefined ? "forbidden" : "end",
    name,
    states: Object.fromEntries(states),
    ...(end?.tally === undefined ? {} : { tally: end.tally }),
  };
}

/** The explanation as text, for a terminal. */
export function combinationText({ kind, name, states, tally = {} }: CombinationExplanation): string {
  return [
    `${name} (${kind === "end" ? "an end" : "a forbidden combination"})`,
    ...Object.entries(states).map(([participant, some]) => `  ${participant} in ${some.join(" or ")}`),
    ...Object.entries(tally).map(([one, value]) => `  ${one} is ${value}`),
  ].join("\n");
}
