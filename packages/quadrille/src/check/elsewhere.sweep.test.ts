// Two random choreographies reach the same states as a system and composed to one.
import { describe, expect, it } from "vitest";
import { randomChoreography } from "../../test/random-choreography.ts";
import type { ChoreographyJson, ParticipantJson } from "../contract/json-form.ts";
import { explore, type Exploration } from "./explore/explore.ts";
import { inFlightOf } from "./explore/in-flight.ts";
import { checkDeliveries } from "./properties/p01-p02-deliveries.ts";

/**
 * Random choreographies of which the second takes an event of the first: together as one, and the second
 * alone.
 */
interface RandomSystem {
  readonly first: ChoreographyJson;
  readonly second: ChoreographyJson;
  readonly plain: ChoreographyJson;
}

/** Nothing where the event comes too often, or no subscriber. */
function randomSystem(seed: number): RandomSystem | undefined {
  const first = { ...randomChoreography(seed), forbidden: [], ends: [] };
  const other = renamed(randomChoreography(seed + 10_000));
  const shared = "E0";
  const taken = "B_E0";
  const participants = mapped(other.participants, taken, shared);
  const second = { ...other, name: "second", participants, forbidden: [], ends: [] };
  const takes = Object.values(participants).some(({ states }) =>
    Object.values(states).some(({ on }) => on !== undefined && Object.hasOwn(on, shared)),
  );
  const budget = timesEmitted(first, shared);
  if (!takes || budget === undefined) return undefined;
  return {
    first,
    second: { ...second, takes: { [shared]: { from: "first", budget } } },
    plain: {
      ...first,
      name: "plain",
      participants: { ...first.participants, ...participants },
      commands: { ...first.commands, ...second.commands },
      publicEvents: [...first.publicEvents, ...second.publicEvents, shared],
    },
  };
}

/** With other names for everything. */
function renamed(choreography: ChoreographyJson): ChoreographyJson {
  const names = [
    ...Object.keys(choreography.participants),
    ...Object.keys(choreography.commands),
    ...events,
    "held",
  ];
  const text = names.reduce(
    (json, name) => json.replaceAll(`"${name}"`, `"B_${name}"`),
    JSON.stringify({ ...choreography, ends: [], forbidden: [] }),
  );
  return JSON.parse(text) as ChoreographyJson;
}

const events = ["E0", "E1", "E2", "E3", "E4"];

/** The participants with another event taken instead of one, which no participant emits any more. */
function mapped(
  participants: ChoreographyJson["participants"],
  taken: string,
  shared: string,
): Record<string, ParticipantJson> {
  const text = JSON.stringify(participants, (key, value: unknown) =>
    key === "emit" && Array.isArray(value) ? value.filter((event) => event !== taken) : value,
  );
  return JSON.parse(text.replaceAll(`"${taken}"`, `"${shared}"`)) as Record<string, ParticipantJson>;
}

const timesMax = 4;

/** How often a saga emits the event at most; nothing where it is too often to be compared, or never. */
function timesEmitted(choreography: ChoreographyJson, event: string): number | undefined {
  const states = Array.from({ length: timesMax + 1 }, (_, times) => [
    `c${times}`,
    { on: { [event]: times === timesMax ? "ignore" : [{ to: `c${times + 1}` }] } },
  ]);
  const counter = { initial: "c0", states: Object.fromEntries(states) as ParticipantJson["states"] };
  const participants = { ...choreography.participants, Counter: counter };
  const reached = statesOf(explored({ ...choreography, participants }), ["Counter"]);
  const times = [...reached].map((one) => Number(/c(\d)/.exec(one)?.[1] ?? 0));
  const most = Math.max(...times);
  return most === 0 || most === timesMax ? undefined : most;
}

function explored(choreography: ChoreographyJson): Exploration {
  return explore(choreography, { reduce: "never", sagas: 1, bound: { states: 20_000 } });
}

/** The combinations of states in which the participants can be. */
function statesOf(exploration: Exploration, participants: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (let state = 0; state < exploration.space.states; state++) {
    const { states } = inFlightOf(exploration, state);
    found.add(participants.map((name) => `${name} ${states[name]}`).join(", "));
  }
  return found;
}

/** A random system whose spaces were explored whole. */
interface Compared extends RandomSystem {
  readonly seed: number;
  readonly whole: Exploration;
  readonly alone: Exploration;
  readonly before: Exploration;
}

function comparable(seed: number): readonly Compared[] {
  const system = randomSystem(seed);
  if (system === undefined) return [];
  const [whole, alone, before] = [explored(system.plain), explored(system.second), explored(system.first)];
  return [whole, alone, before].every(({ exhausted }) => exhausted)
    ? [{ seed, ...system, whole, alone, before }]
    : [];
}

const systems = Array.from({ length: 60 }, (_, index) => index + 1).flatMap(comparable);

describe("two random choreographies, as a system and composed to one", () => {
  it("are many", () => {
    expect(systems.length).toBeGreaterThan(20);
  });

  it.each(systems)(
    "(seed $seed) come to the same states, and no finding of the whole is missed",
    (system) => {
      const [ours = [], theirs = []] = [system.first, system.second].map((one) =>
        Object.keys(one.participants),
      );
      // What is caused does not act back on its cause.
      expect(statesOf(system.whole, ours)).toEqual(statesOf(system.before, ours));
      // Alone, the second one is asked more than the first one asks of it.
      const possible = statesOf(system.alone, theirs);
      expect([...statesOf(system.whole, theirs)].filter((one) => !possible.has(one))).toEqual([]);
      const known = new Set(placesIn(system.alone));
      expect(placesIn(system.whole).filter((one) => !known.has(one))).toEqual([]);
    },
  );
});

/** Where in the second contract a delivery meets an omission or a `never`. */
function placesIn(exploration: Exploration): readonly string[] {
  return checkDeliveries(exploration)
    .filter(({ at }) => at.startsWith("/participants/B_"))
    .map(({ code, at }) => `${code} ${at}`);
}
