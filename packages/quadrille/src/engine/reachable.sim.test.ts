// The engine at work passes through no state that the checker does not know: after every commit, of the
// shipped contracts and of random ones that are clean of P1 and P2, in batches of any size and in one or two
// processes.
import { describe, expect, it } from "vitest";
import { swept } from "../../../../test/sweep.ts";
import { World } from "../../test/engine-world.ts";
import { randomChoreography } from "../../test/random-choreography.ts";
import { randomExchange } from "../../test/random-exchanges.ts";
import { randomJoin } from "../../test/random-joins.ts";
import { realistic } from "../../test/realistic-choreographies.ts";
import { reference, referenceCounts } from "../../test/reference-choreographies.ts";
import { watchCommits } from "../../test/watched-commits.ts";
import { withDelays } from "../../test/with-delays.ts";
import { mulberry32 } from "../ambient/virtual.ts";
import { check } from "../check/check.ts";
import { type ReachableSet, reachableSet } from "../check/explore/reachable.ts";
import type { ChoreographyJson } from "../contract/json-form.ts";
import { fromJson } from "../contract/json/from-json.ts";
import { parseChoreography } from "../contract/json/parse-json.ts";
import { wellFormed } from "../contract/rules/well-formed.ts";
import { command } from "../contract/trigger.ts";
import { memoryDatabase } from "../store/memory/memory-database.ts";
import type { Database } from "../store/database.ts";
import type { Flush } from "../store/store.ts";
import { scriptedServices } from "../testing/scripted.ts";

/** How a run differs from others, drawn from its seed. */
interface Draw {
  readonly below: (count: number) => number;
  readonly pick: <T>(from: readonly [T, ...T[]]) => T;
}

function drawFrom(seed: number): Draw {
  const random = mulberry32(seed);
  const below = (count: number): number => Math.floor(random() * count);
  return { below, pick: (from) => from[below(from.length)] ?? from[0] };
}

const sagaIds = ["a", "b", "c"];
const commandsOfUnbounded = 3;

/** Every command of every saga, as often as its budget says, in any order. */
function wishes({ commands }: ChoreographyJson, { below }: Draw): readonly (readonly [string, string])[] {
  const all = Object.entries(commands).flatMap(([name, budget]) =>
    Array.from({ length: budget === "unbounded" ? commandsOfUnbounded : budget }).flatMap(() =>
      sagaIds.map((sagaId) => [name, sagaId, below(1_000)] as const),
    ),
  );
  return all.toSorted((a, b) => a[2] - b[2]).map(([name, sagaId]) => [name, sagaId]);
}

function lost(participant: string, flushes: readonly Flush[]): readonly Flush[] {
  if (participant !== "Kitchen") return flushes;
  return flushes.map((flush) => ({
    ...flush,
    journal: flush.journal.map((row) => ({ ...row, emitted: [] })),
  }));
}

const sets = new WeakMap<ChoreographyJson, ReachableSet>();

function reachableOf(contract: ChoreographyJson): ReachableSet {
  const known = sets.get(contract) ?? reachableSet(contract);
  sets.set(contract, known);
  return known;
}

/** Runs a contract; says which states of sagas the checker does not know, and how many were compared. */
async function run(
  contract: ChoreographyJson,
  seed: number,
  between: (database: Database) => Database = (database) => database,
): Promise<{ readonly strange: readonly string[]; readonly seen: number }> {
  const draw = drawFrom(seed);
  const choreography = withDelays(fromJson(contract), () => draw.pick([1, 50, 400]));
  const services = scriptedServices(choreography, {
    choose: ({ outcomes: [first = "", ...others] }) => draw.pick([first, ...others]),
  });
  const watched = watchCommits(memoryDatabase(), contract, reachableOf(contract));
  const limits = {
    batchMessagesMax: draw.pick([1, 1, 2, 512]),
    readRowsMax: draw.pick([1, 3, 1_024]),
    handoverRowsMax: draw.pick([0, 2, 4_096]),
    pollMs: 100,
  };
  await using here = new World({ choreography, services, seed, limits, database: between(watched.database) });
  const all = await here.start();
  if (draw.below(2) === 0) await here.start({ services: services.filter(() => draw.below(2) === 0) });
  for (const [name, sagaId] of wishes(contract, draw)) {
    void all.send(command(name), { sagaId }).catch(() => undefined);
    if (draw.below(2) === 0) await here.pass(draw.pick([0, 1, 20, 200]));
  }
  await here.pass(1_000);
  return { strange: watched.strange, seen: watched.seen.size };
}

/**
 * The contract as an engine takes it: no event twice at once, and whatever would stop an entity is ignored.
 */
function withoutStops(given: ChoreographyJson): ChoreographyJson {
  const contract = withoutRepeats(given);
  const participants = Object.entries(contract.participants).map(([name, participant]) => {
    const events = Object.values(participant.states).flatMap(({ on = {}, join }) => [
      ...Object.keys(on),
      ...(join?.facts ?? []),
    ]);
    const states = Object.entries(participant.states).map(([state, row]) => {
      const { on = {}, join } = row;
      const left = events.filter(
        (event) => (on[event] ?? "never") === "never" && join?.facts.includes(event) !== true,
      );
      const ignored = Object.fromEntries(left.map((event) => [event, "ignore" as const]));
      return [state, { ...row, on: { ...on, ...ignored } }] as const;
    });
    return [name, { ...participant, states: Object.fromEntries(states) }] as const;
  });
  return { ...contract, participants: Object.fromEntries(participants) };
}

function withoutRepeats(contract: ChoreographyJson): ChoreographyJson {
  const text = JSON.stringify(contract, (key, value: unknown) =>
    key === "emit" && Array.isArray(value) ? [...new Set<unknown>(value)] : value,
  );
  const parsed = parseChoreography(JSON.parse(text));
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  return parsed.choreography;
}

/**
 * What the engine does not run as the checker explores it: what stops an entity there is a dead letter here,
 * and a cycle without time never comes to rest.
 */
const leftOut: ReadonlySet<string> = new Set(["P1", "P2", "P3b", "P3c", "P6"]);

/** Whether the engine takes it, and does with it what the checker explores. */
function isRunnable(contract: ChoreographyJson): boolean {
  // How a payload brings a key is not in the JSON form.
  if (Object.values(contract.participants).some(({ keyed }) => keyed === true)) return false;
  if (wellFormed(fromJson(contract)).some(({ severity }) => severity === "error")) return false;
  const { findings, exhausted } = check(contract, {
    patches: false,
    races: false,
    bound: { states: 20_000 },
  });
  return exhausted && !findings.some(({ code }) => leftOut.has(code));
}

describe("after every commit the checker knows where the sagas are", () => {
  const seeds = swept(
    Array.from({ length: 30 }, (_, index) => index + 1),
    30,
  );

  const shipped = [
    ...Object.keys(referenceCounts).map((name) => [name, reference(name)] as const),
    ...realistic("final"),
  ].filter(([, contract]) => isRunnable(contract));

  it.each(shipped)("of %s", async (_, contract) => {
    for (const seed of seeds) {
      const { strange, seen } = await run(contract, seed);
      expect([seed, strange]).toEqual([seed, []]);
      expect(seen).toBeGreaterThan(1);
    }
  });

  const kinds = {
    "random contracts": randomChoreography,
    "random joins": randomJoin,
    exchanges: randomExchange,
  };
  it.each(Object.entries(kinds))("of %s", async (_, draw) => {
    const drawn = swept(
      Array.from({ length: 200 }, (_one, index) => index + 1),
      20,
    );
    const runnable = drawn
      .map((seed) => [seed, withoutStops(draw(seed))] as const)
      .filter(([, one]) => isRunnable(one));
    const found: string[] = [];
    for (const [seed, contract] of runnable) {
      const { strange } = await run(contract, seed);
      found.push(...strange.map((one) => `${seed} ${one}`));
    }
    expect(found).toEqual([]);
    expect(runnable.length).toBeGreaterThan(2);
  });

  it("or says where they are, when an event is lost on its way into the journal", async () => {
    const contract = reference("create-order");
    const loses = (database: Database): Database => ({
      ...database,
      flush: (round) => database.flush(new Map([...round].map(([name, one]) => [name, lost(name, one)]))),
    });
    const { strange } = await run(contract, 1, loses);
    expect(strange).not.toEqual([]);
  });
});
