// The direct transport and its unreliable form keep every promise of a transport.
import { describe, expect, it } from "vitest";
import { memoryDatabase } from "../store/memory/memory-database.ts";
import { flushOf, flushOne, journalFrom } from "../testing/store-samples.ts";
import { transportConformance, type TransportSubject } from "../testing/transport-conformance.ts";
import { type DirectTransport, directTransport } from "./direct.ts";
import type { Transport } from "./transport.ts";
import { unreliableTransport } from "./unreliable.ts";

const faults = { repeat: 0.5, repeatRowsMax: 9, delay: 0.4, shorten: 0.4, loseWake: 0.5, repeatWake: 0.5 };

describe("the direct transport", () => {
  for (const { name, run } of transportConformance) {
    it(name, async () => run(await subject((direct) => direct)));
  }

  it("wakes each of two watches by the same function, and ends them one by one", () => {
    const transport = directTransport(new Map());
    let woken = 0;
    const wake = () => (woken += 1);
    const stop = transport.watch("kitchen", wake);
    transport.watch("kitchen", wake);
    transport.announce("kitchen");
    expect(woken).toBe(2);
    stop();
    transport.announce("kitchen");
    expect(woken).toBe(3);
  });

  it("stops when asked for a journal it was not given", async () => {
    const reading = { source: "kitchen", lane: 0, after: 0, limit: 1 };
    await expect(directTransport(new Map()).read(reading)).rejects.toThrow("no journal of kitchen");
  });
});

describe("the unreliable transport", () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    for (const { name, run } of transportConformance) {
      it(`${name} (seed ${seed})`, async () => {
        const random = sequence(seed);
        const unreliable = await subject((direct) => unreliableTransport(direct, faults, random));
        await run({ ...unreliable, wakes: false });
      });
    }
  }

  it.each([
    [
      "repeats",
      { repeat: 1 },
      [
        [6, 7, 8],
        [5, 6, 7, 8],
        [4, 5, 6, 7, 8],
        [3, 4, 5, 6, 7, 8],
      ],
    ],
    ["shortens", { shorten: 1 }, [[], [6], [6, 7], [6, 7, 8]]],
    ["delays", { delay: 0.5 }, [[], [6, 7, 8]]],
    ["does nothing", {}, [[6, 7, 8]]],
  ])("%s", async (_name, chosen, expected) => {
    const none = { repeat: 0, delay: 0, shorten: 0, loseWake: 0, repeatWake: 0, repeatRowsMax: 3 };
    const { transport, flush } = await subject((direct) =>
      unreliableTransport(direct, { ...none, ...chosen }, sequence(1)),
    );
    await flush(flushOf({ head: 8, journal: journalFrom(1, 8) }));
    const seen = new Map<string, readonly number[]>();
    for (let reads = 0; reads < 100; reads += 1) {
      const { rows } = await transport.read({ source: "kitchen", lane: 0, after: 5, limit: 5 });
      const positions = rows.map(({ position }) => position);
      seen.set(positions.join(), positions);
    }
    const byText = (a: readonly number[], b: readonly number[]): number => (a.join() < b.join() ? -1 : 1);
    expect([...seen.values()].toSorted(byText)).toEqual(expected.toSorted(byText));
  });

  it("loses and repeats wake-ups", async () => {
    const { transport, committed } = await subject((direct) =>
      unreliableTransport(direct, faults, sequence(1)),
    );
    let woken = 0;
    transport.watch("kitchen", () => (woken += 1));
    const wakesPerAnnouncement = new Set(
      Array.from({ length: 50 }, () => {
        woken = 0;
        committed();
        return woken;
      }),
    );
    expect(wakesPerAnnouncement).toEqual(new Set([0, 1, 2]));
  });
});

async function subject(decorate: (direct: DirectTransport) => Transport): Promise<TransportSubject> {
  const database = memoryDatabase();
  const store = await database.open({ name: "kitchen", lanes: 2 });
  const direct = directTransport(new Map([["kitchen", store]]));
  return {
    transport: decorate(direct),
    source: "kitchen",
    store,
    flush: (flush) => flushOne({ database, participant: "kitchen" }, flush),
    committed: () => direct.announce("kitchen"),
    pause: () => Promise.resolve(),
    wakes: true,
  };
}

/** A linear congruential generator (Numerical Recipes): the same numbers for the same seed. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
