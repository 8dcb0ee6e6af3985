// The journal is read in order and without gaps, whichever process writes.
import assert from "node:assert/strict";
import { yieldToEventLoop } from "../ambient/system.ts";
import { carriedOf } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { StoreCase, StoreSubject } from "./store-case.ts";
import { flushOf, journalFrom, journalOf } from "./store-samples.ts";

/** The promises of `read`. */
export const orderCases: readonly StoreCase[] = [
  {
    name: "reads the journal in order, after a position, up to a limit",
    run: async ({ open, flush }) => {
      const store = await open();
      await flush(flushOf({ head: 10, journal: journalFrom(1, 10) }));
      await flush(flushOf({ turn: 1, head: 15, journal: journalFrom(11, 15) }));
      assert.deepEqual(await positions(store, 0, 100), range(1, 15));
      assert.deepEqual(await positions(store, 8, 4), range(9, 12));
      assert.deepEqual(await positions(store, 15, 4), []);
      assert.deepEqual(await store.read(1, 0, 100), []);
      assert.deepEqual(await store.read(0, 0, 1), [carriedOf(journalOf(1))]);
    },
  },
  {
    name: "gives the latest time of a lane's journal, wherever its row stands",
    run: async ({ open, flush }) => {
      const store = await open();
      assert.equal(await store.latestTime(0), undefined);
      const journal = [300, 900, 600].map((time, index) => journalOf(index + 1, { time }));
      await flush(flushOf({ head: 3, journal }));
      assert.equal(await store.latestTime(0), 900);
      assert.equal(await store.latestTime(1), undefined);
    },
  },
  {
    name: "reads the journal up to a number of bytes, over it by one row at most",
    run: async ({ open, flush }) => {
      const store = await open();
      const large = { emitted: [{ event: "Scanned", data: "x".repeat(1_000) }] };
      await flush(flushOf({ head: 6, journal: journalFrom(1, 6).map((row) => ({ ...row, ...large })) }));
      const read = async (after: number, rows: number, bytes: number): Promise<readonly number[]> =>
        (await store.read(0, after, { rows, bytes })).map(({ position }) => position);
      assert.deepEqual(await read(0, 9, 2_500), [1, 2, 3]);
      assert.deepEqual(await read(3, 2, 99_999), [4, 5]);
      assert.deepEqual(await read(5, 9, 1), [6]);
      assert.deepEqual(await read(6, 9, 2_500), []);
    },
  },
  {
    name: "shows a reader every row in order while two writers race for the lane",
    run: async ({ open, flush }) => {
      const [one, other, reader] = [await open(), await open(), await open()];
      const rowsPerWriter = 40;
      const writers = [
        write({ store: one, flush }, "one", rowsPerWriter),
        write({ store: other, flush }, "other", rowsPerWriter),
      ];
      const taken: number[] = [];
      const reading = (async () => {
        for (let reads = 0; taken.length < 2 * rowsPerWriter && reads < readsMax; reads += 1) {
          taken.push(...(await positions(reader, taken.at(-1) ?? 0, 7)));
          // A database in this process answers before the event loop turns, and its writers wait for that.
          await yieldToEventLoop();
        }
      })();
      await Promise.all([...writers, reading]);
      assert.deepEqual(taken, range(1, 2 * rowsPerWriter));
    },
  },
  {
    name: "writes nothing when the rows do not follow the last one",
    run: async ({ open, flush }) => {
      const store = await open();
      await flush(flushOf({ head: 2, journal: journalFrom(1, 2) }));
      assert.equal(await flush(flushOf({ turn: 1, head: 5, journal: journalFrom(4, 5) })), "overtaken");
      assert.deepEqual(await positions(store, 0, 9), [1, 2]);
    },
  },
];

/** Reads after which writers are considered stuck. */
const readsMax = 100_000;

interface Writer extends Pick<StoreSubject, "flush"> {
  readonly store: Store;
}

/** Writes one row after another, as an engine does: overtaken, it recovers and tries again. */
async function write({ store, flush }: Writer, writer: string, rows: number): Promise<void> {
  for (let written = 0; written < rows; ) {
    const { turn, head } = await store.recover(0);
    const result = await flush(
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
