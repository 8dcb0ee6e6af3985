// Random choreographies from a seed, small enough to be explored whole: for comparing the checker with SPIN and with itself.
import type { ChoreographyJson, DispositionJson, OutcomeJson, StateJson } from "../src/contract/json-form.ts";

/** A generator of numbers from 0 (inclusive) to 1 (exclusive): mulberry32. */
function numbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Dice {
  readonly below: (count: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly some: <T>(list: readonly T[], most: number) => T[];
}

function dice(seed: number): Dice {
  const next = numbers(seed);
  const below = (count: number): number => Math.floor(next() * count);
  return {
    below,
    chance: (probability) => next() < probability,
    some: (list, most) =>
      Array.from({ length: below(most + 1) }, () => list[below(list.length)]).filter(
        (one) => one !== undefined,
      ),
  };
}

/** The choreography of a seed: two to four participants, events, commands, timers, effects and a tally. */
export function randomChoreography(seed: number): ChoreographyJson {
  const roll = dice(seed);
  const events = Array.from({ length: 3 + roll.below(4) }, (_, index) => `E${index}`);
  const names = ["A", "B", "C", "D"].slice(0, 2 + roll.below(3));
  const participants = Object.fromEntries(
    names.map((name) => {
      const states = Array.from({ length: 2 + roll.below(3) }, (_, index) => `s${index}`);
      return [
        name,
        {
          initial: "s0",
          states: Object.fromEntries(
            states.map((state) => [state, randomState(roll, { name, states, events })]),
          ),
        },
      ];
    }),
  );
  const commands = Object.values(participants).flatMap(({ states }) =>
    Object.values(states).flatMap((state) => Object.keys(state.commands ?? {})),
  );
  return {
    name: `random ${seed}`,
    participants,
    commands: Object.fromEntries(
      commands.map((command) => [command, roll.chance(0.2) ? ("unbounded" as const) : 1 + roll.below(2)]),
    ),
    publicEvents: [],
    ends: [],
    invariants: [],
  };
}

interface Place {
  readonly name: string;
  readonly states: readonly string[];
  readonly events: readonly string[];
}

function randomState(roll: Dice, place: Place): StateJson {
  const on: Record<string, DispositionJson> = {};
  for (const event of place.events) if (roll.chance(0.6)) on[event] = randomDisposition(roll, place);
  return {
    ...(roll.chance(0.2) ? { lock: true } : {}),
    on,
    ...(roll.chance(0.5) ? { commands: { [`go${place.name}`]: outcomes(roll, place) } } : {}),
    ...(roll.chance(0.15) ? { timers: { late: outcomes(roll, place) } } : {}),
    ...(roll.chance(0.15) ? { effects: { call: outcomes(roll, place) } } : {}),
  };
}

function randomDisposition(roll: Dice, place: Place): DispositionJson {
  const kind = roll.below(10);
  if (kind === 0) return "never";
  if (kind <= 2) return "ignore";
  return kind <= 4 ? "defer" : outcomes(roll, place);
}

function outcomes(roll: Dice, { states, events }: Place): readonly OutcomeJson[] {
  return Array.from({ length: 1 + roll.below(2) }, (_, index) => ({
    to: states[roll.below(states.length)] ?? "s0",
    choice: `c${index}`,
    emit: roll.some(events, 2),
    ...(roll.chance(0.2) ? { tally: { held: roll.below(4) - 2 } } : {}),
  }));
}
