// A contract takes over data only of one all of whose ends are its own: a finished order stays finished.
import type { Choreography } from "quadrille";
import { expect, it } from "vitest";
import { type ContractName, contractNames } from "../shared/contract-name.ts";
import { choreographyOf } from "./contracts.ts";
import { takesOver } from "./whose-contract.ts";

type States = Choreography["ends"][string]["states"];

/** The ends of the one contract in which an order may be at none of the other. */
function unknownEnds(known: ContractName, wanted: ContractName): readonly string[] {
  const after = Object.values(choreographyOf(wanted).ends);
  return Object.entries(choreographyOf(known).ends).flatMap(([name, { states }]) =>
    after.some((end) => isWithin(states, end.states)) ? [] : [name],
  );
}

function isWithin(states: States, end: States): boolean {
  return Object.entries(end).every(([participant, allowed]) => {
    const are = states[participant];
    return are !== undefined && [are].flat().every((state) => [allowed].flat().includes(state));
  });
}

it("takes over data only where every end is an end", () => {
  const pairs = contractNames.flatMap((wanted) => takesOver[wanted].map((known) => ({ known, wanted })));
  expect(pairs).toHaveLength(5);
  for (const { known, wanted } of pairs)
    expect(unknownEnds(known, wanted), `${known} to ${wanted}`).toEqual([]);
});

it("knows no end of a careful order that was made without credit", () => {
  expect(unknownEnds("life", "careful")).toEqual(["rejected", "cancelled"]);
});
