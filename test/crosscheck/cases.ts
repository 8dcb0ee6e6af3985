// What the cross-check compares: the nine reference choreographies with bag channels, and random contracts
// with bags and with queues, also such as take an event from elsewhere.
import { type Channel, check } from "quadrille/check";
import type { ChoreographyJson } from "../../packages/quadrille/src/contract/json-form.ts";
import { readForm } from "../../packages/quadrille/src/contract/json/parse-json.ts";
import { referenceCounts, reference } from "../../packages/quadrille/test/reference-choreographies.ts";
import { randomChoreography } from "../../packages/quadrille/test/random-choreography.ts";
import type { Case, Comparison } from "./compare.ts";

/** The channel modes in which random contracts are compared. */
const randomChannels: readonly Channel[] = ["bag", "fifo"];

/** The nine reference choreographies. */
export function referenceCases(): Case[] {
  return Object.keys(referenceCounts).map((name) => ({
    name,
    channel: "bag",
    choreography: reference(name),
  }));
}

/** Contracts of consecutive seeds, each in both modes. */
export function randomCases(firstSeed: number, contracts: number): Case[] {
  return Array.from({ length: contracts }, (_, index) => firstSeed + index).flatMap((seed) => {
    const choreography = randomChoreography(seed);
    return randomChannels.map((channel) => ({ name: choreography.name, seed, channel, choreography }));
  });
}

/**
 * Contracts with an event from elsewhere are left out beyond it: the event may come at any time, and a few of
 * them become huge.
 */
const statesMax = 5_000;

interface Taking {
  readonly events: number;
  readonly budget: number;
}

/** One event once or twice; or one of two that may start the saga. */
const takings = [
  { events: 1, budget: 1 },
  { events: 1, budget: 2 },
  { events: 2, budget: 1 },
] as const;

/**
 * Random contracts that take events from another choreography: none of their participants emits them. Each in
 * both modes, where it takes an event and is small enough.
 */
export function elsewhereCases(firstSeed: number, contracts: number): Case[] {
  return randomCases(firstSeed, contracts).flatMap((one) => {
    const taking = takings[(one.seed ?? 0) % takings.length] ?? takings[0];
    const choreography = takingFromElsewhere(one.choreography, taking);
    if (choreography === undefined) return [];
    const asked = { channel: one.channel, races: false, patches: false, bound: { states: statesMax } };
    return check(choreography, asked).exhausted ? [{ ...one, choreography, isFromElsewhere: true }] : [];
  });
}

function takingFromElsewhere(
  choreography: ChoreographyJson,
  { events, budget }: Taking,
): ChoreographyJson | undefined {
  const states = Object.values(choreography.participants).flatMap((one) => Object.values(one.states));
  const all = new Set(states.flatMap((state) => Object.keys(state.on ?? {})));
  const taken = [...all].toSorted().slice(0, events);
  if (taken.length === 0) return undefined;
  const withoutIt = JSON.stringify(choreography, (key, value: unknown) =>
    (key === "emit" || key === "publicEvents") && Array.isArray(value)
      ? value.filter((event) => !taken.includes(event as string))
      : value,
  );
  const rest = readForm({ value: JSON.parse(withoutIt), path: "", problems: [] });
  return { ...rest, takes: Object.fromEntries(taken.map((event) => [event, { from: "another", budget }])) };
}

/** Two at a time: each runs a compiler and a verifier. */
const atOnce = 2;

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
  await Promise.all(Array.from({ length: atOnce }, takeUntilNone));
  return results;
}
