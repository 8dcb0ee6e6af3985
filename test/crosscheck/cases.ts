// What the cross-check compares: the nine reference choreographies with bag channels, and random contracts with bags and with queues.
import type { Channel } from "quadrille/check";
import { REFERENCE_COUNTS, reference } from "../../packages/quadrille/test/reference-choreographies.ts";
import { randomChoreography } from "../../packages/quadrille/test/random-choreography.ts";
import type { Case, Comparison } from "./compare.ts";

/** The channel modes in which random contracts are compared. */
const RANDOM_CHANNELS: readonly Channel[] = ["bag", "fifo"];

/** The nine reference choreographies. */
export function referenceCases(): Case[] {
  return Object.keys(REFERENCE_COUNTS).map((name) => ({
    name,
    channel: "bag",
    choreography: reference(name),
  }));
}

/** Contracts of consecutive seeds, each in both modes. */
export function randomCases(firstSeed: number, contracts: number): Case[] {
  return Array.from({ length: contracts }, (_, index) => firstSeed + index).flatMap((seed) => {
    const choreography = randomChoreography(seed);
    return RANDOM_CHANNELS.map((channel) => ({ name: choreography.name, seed, channel, choreography }));
  });
}

/** Two at a time: each runs a compiler and a verifier. */
const AT_ONCE = 2;

/** Runs every case through `work`, two at a time; results in the order of the cases. */
export async function inTurn(
  cases: readonly Case[],
  work: (one: Case) => Promise<Comparison>,
): Promise<Comparison[]> {
  const results: Comparison[] = [];
  const left = cases.entries();
  const takeUntilNone = async (): Promise<void> => {
    for (const [index, one] of left) results[index] = await work(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, takeUntilNone));
  return results;
}
