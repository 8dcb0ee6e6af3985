// The journal is read in order and without gaps, whoever writes; what was set aside keeps its order within a key.
import assert from "node:assert/strict";
import type { Store } from "../store/store.ts";
import type { StoreCase } from "./store-case.ts";
import { flushOf, journalFrom, journalOf, parkedOf } from "./store-samples.ts";

/** The promises of `read`, and of parked messages in `recover`. */
export const orderCases: readonly StoreCase[] = [
  {
    name: "reads the journal in order, after a position, up to a limit",
    run: async ({ open }) => {
      const store = await open();
      await store.flush(flushOf({ head: 10, journal: journalFrom(1, 10) }));
      await store.flush(flushOf({ turn: 1, head: 15, journal: journalFrom(11, 15) }));
      assert.deepEqual(await positions(store, 0, 100), range(1, 15));
      assert.deepEqual(await positions(store, 8, 4), range(9, 12));
      assert.deepEqual(await positions(store, 15, 4), []);
      assert.deepEqual(await store.read(1, 0, 100), []);
      const { lane, position, sagaId, key, emitted, time, trace } = journalOf(1);
      assert.deepEqual((await store.read(0, 0, 1))[0], { lane, position, sagaId, key, emitted, time, trace });
    },
  },
  {
    name: "shows a reader every row in order while two writers race for the lane",
    run: async ({ open }) => {
      const [one, other, reader] = [await open(), await open(), await open()];
      const rowsPerWriter = 40;
      const writers = [write(one, "one", rowsPerWriter), write(other, "other", rowsPerWriter)];
      const taken: number[] = [];
      const reading = (async () => {
        for (let reads = 0; taken.length < 2 * rowsPerWriter && reads < readsMax; reads += 1) {
          taken.push(...(await positions(reader, taken.at(-1) ?? 0, 7)));
        }
      })();
      await Promise.all([...writers, reading]);
      assert.deepEqual(taken, range(1, 2 * rowsPerWriter));
    },
  },
  {
    name: "writes nothing when the rows do not follow the last one",
    run: async ({ open }) => {
      const store = await open();
      await store.flush(flushOf({ head: 2, journal: journalFrom(1, 2) }));
      assert.equal(await store.flush(flushOf({ turn: 1, head: 5, journal: journalFrom(4, 5) })), "overtaken");
      assert.deepEqual(await positions(store, 0, 9), [1, 2]);
    },
  },
  {
    name: "recovers parked messages in the order of their ordinals, lane by lane, without the discarded",
    run: async ({ open }) => {
      const store = await open();
      const parked = [
        parkedOf("b", { ordinal: 5_000_000_003, reason: "waiting", nextAt: undefined, error: undefined }),
        parkedOf("a", { ordinal: 5_000_000_001, reason: "dead" }),
        parkedOf("x", { ordinal: 4, reason: "discarded", note: "known fraud" }),
        parkedOf("c", { ordinal: 5_000_000_002, reason: "deferred" }),
      ];
      await store.flush(flushOf({ parked }));
      await store.flush(flushOf({ lane: 1, parked: [parkedOf("z", { lane: 1 })] }));
      const [last, first, , second] = parked;
      assert.deepEqual((await store.recover(0)).parked, [first, second, last]);
      assert.deepEqual(
        (await store.recover(1)).parked.map(({ id }) => id),
        ["z"],
      );
    },
  },
  {
    name: "replaces a parked message by its id",
    run: async ({ open }) => {
      const store = await open();
      await store.flush(flushOf({ parked: [parkedOf("a", { ordinal: 1 }), parkedOf("b", { ordinal: 2 })] }));
      const again = parkedOf("a", {
        ordinal: 1,
        reason: "dead",
        attempts: 4,
        nextAt: undefined,
        version: 9,
        data: { other: true },
        error: { code: "Q_NOT_HANDLED", message: "still no ticket" },
        note: "looked at",
      });
      await store.flush(flushOf({ turn: 1, parked: [again, parkedOf("c", { ordinal: 3 })] }));
      const { parked } = await store.recover(0);
      assert.deepEqual(parked, [again, parkedOf("b", { ordinal: 2 }), parkedOf("c", { ordinal: 3 })]);
    },
  },
  {
    name: "removes parked messages that were taken after all",
    run: async ({ open }) => {
      const store = await open();
      await store.flush(flushOf({ parked: ["a", "b", "c"].map((id, ordinal) => parkedOf(id, { ordinal })) }));
      await store.flush(flushOf({ turn: 1, unparked: ["a", "c", "nobody"] }));
      assert.deepEqual(
        (await store.recover(0)).parked.map(({ id }) => id),
        ["b"],
      );
    },
  },
];

/** Reads after which writers are considered stuck. */
const readsMax = 100_000;

/** Writes one row after another, as an engine does: overtaken, it recovers and tries again. */
async function write(store: Store, writer: string, rows: number): Promise<void> {
  for (let written = 0; written < rows; ) {
    const { turn, head } = await store.recover(0);
    const result = await store.flush(
      flushOf({ turn, head: head + 1, journal: [journalOf(head + 1, { key: writer })] }),
    );
    if (result === "committed") written += 1;
  }
}

async function positions(store: Store, after: number, limit: number): Promise<readonly number[]> {
  return (await store.read(0, after, limit)).map(({ position }) => position);
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
