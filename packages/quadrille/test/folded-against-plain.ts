// Compares a folded exploration with the plain one: the same states up to exchanges, the same verdict, and
// paths that are real.
import { check } from "../src/check/check.ts";
import { standsFor } from "../src/check/explore/exchange-places.ts";
import { exchangesOf } from "../src/check/explore/exchange.ts";
import { successorOf } from "../src/check/explore/expand.ts";
import { explore, type Exploration } from "../src/check/explore/explore.ts";
import { foldingOf, foldState } from "../src/check/explore/folding.ts";
import { unfold } from "../src/check/explore/unfold.ts";
import type { CheckOptions } from "../src/check/model/bound.ts";
import type { ChoreographyJson } from "../src/contract/json-form.ts";

const quick: CheckOptions = { patches: false, races: false, bound: { states: 20_000 } };

/**
 * How a folded exploration differs from the plain one, in words; undefined where there is nothing to compare.
 */
export function foldingDifferences(
  contract: ChoreographyJson,
  options: CheckOptions,
): readonly string[] | undefined {
  const plain = explore(contract, { ...quick, ...options, reduce: "never" });
  const folded = explore(contract, { ...quick, ...options, reduce: "never", fold: "always" });
  const both = explore(contract, { ...quick, ...options, reduce: "always", fold: "always" });
  if (plain.limit !== undefined || folded.exchanges.length === 0) return undefined;
  return [
    ...differingStates(plain, folded),
    ...unrealPaths(folded),
    ...differingVerdicts(contract, options, folded),
    ...(both.isReduced && both.exchanges.length > 0
      ? [...unrealPaths(both), ...differingVerdicts(contract, { ...options, reduce: "always" }, both)]
      : []),
  ];
}

/** The states of the plain exploration, folded afterwards, are those of the folded one. */
function differingStates({ space, program }: Exploration, folded: Exploration): readonly string[] {
  const folding = foldingOf(program, exchangesOf(program.world.choreography));
  // Channels may have been made wider one by one: then the states cannot be compared as they are packed.
  if (folding === undefined || program.words !== folded.program.words) return [];
  const seen = new Set<string>();
  for (let state = 0; state < space.states; state++) {
    const words = space.arena.slice(state * space.words, (state + 1) * space.words);
    foldState(folding, words, 0);
    seen.add(words.join());
  }
  return seen.size === folded.space.states
    ? []
    : [`${seen.size} states up to exchanges, and ${folded.space.states} folded`];
}

/**
 * Each step of an unfolded path leads from one state of it to the next, and the last one is the state asked
 * for.
 */
function unrealPaths(exploration: Exploration): readonly string[] {
  const { states } = exploration.space;
  const unreal: string[] = [];
  for (let state = 0; state < states; state += 1 + Math.trunc(states / 20)) {
    const path = unfold(exploration, state)?.exploration.space;
    if (path === undefined) return ["not folded"];
    const { words, arena } = path;
    const at = (one: number, of: Int32Array): string => of.slice(one * words, (one + 1) * words).join();
    for (let one = 1; one < path.states; one++)
      if (successorOf(path, one - 1, path.via[one] ?? -1).join() !== at(one, arena))
        unreal.push(`step ${one} to state ${state}`);
    if (at(path.states - 1, arena) !== at(state, exploration.space.arena))
      unreal.push(`the end is not state ${state}`);
  }
  return unreal;
}

function differingVerdicts(
  contract: ChoreographyJson,
  options: CheckOptions,
  folded: Exploration,
): readonly string[] {
  const place = standsFor(folded);
  const verdict = (more: CheckOptions): ReadonlySet<string> =>
    new Set(
      check(contract, { ...quick, ...options, ...more }).findings.map(({ code, severity, at, message }) =>
        // Of a tally below zero, and of an activity's rival, one step of several is named.
        code === "P10"
          ? code
          : `${code} ${severity} ${code === "P6" && message.includes("below zero") ? "" : place(at).at}`,
      ),
    );
  const [wanted, got] = [verdict({ reduce: "never" }), verdict({ fold: "always" })];
  return [
    ...[...wanted].filter((one) => !got.has(one)).map((one) => `missing ${one}`),
    ...[...got].filter((one) => !wanted.has(one)).map((one) => `unfounded ${one}`),
  ];
}
