// What every transport promises, as cases that run against any of them; see store-conformance.ts for how.
import assert from "node:assert/strict";
import { carriedOf, type CarriedRow } from "../store/records.ts";
import type { Flush, FlushResult, Store } from "../store/store.ts";
import type { Transport } from "../transport/transport.ts";
import { flushOf, journalOf } from "./store-samples.ts";

/** The transport under test, carrying the journal of `source` (two lanes, empty) that `store` keeps. */
export interface TransportSubject {
  readonly transport: Transport;
  readonly source: string;
  readonly store: Store;
  /** Commits a flush of the source. */
  readonly flush: (flush: Flush) => Promise<FlushResult>;
  /** Reports a commit to the transport, if it does not notice by itself. */
  readonly committed: () => void;
  /** Lets time pass; the suite calls it between two looks. */
  readonly pause: () => Promise<void>;
  /** Whether every wake-up comes. */
  readonly wakes: boolean;
}

/** One promise and how it is tried. */
export interface TransportCase {
  readonly name: string;
  readonly run: (subject: TransportSubject) => Promise<void>;
}

/** Every promise of a transport. */
export const transportConformance: readonly TransportCase[] = [
  {
    name: "delivers every row, whole and in order, from the beginning",
    run: async (subject) => {
      await append(subject, { lane: 0, first: 1, last: 30 });
      const rows = await take(subject, { lane: 0, after: 0, last: 30 });
      assert.deepEqual(rows[0], carriedOf(journalOf(1)));
      assert.deepEqual(positionsOf(rows), range(1, 30));
    },
  },
  {
    name: "delivers from a given position, and again from an earlier one",
    run: async (subject) => {
      await append(subject, { lane: 0, first: 1, last: 20 });
      assert.deepEqual(positionsOf(await take(subject, { lane: 0, after: 15, last: 20 })), range(16, 20));
      assert.deepEqual(positionsOf(await take(subject, { lane: 0, after: 3, last: 20 })), range(4, 20));
    },
  },
  {
    name: "keeps lanes apart",
    run: async (subject) => {
      await append(subject, { lane: 0, first: 1, last: 3 });
      await append(subject, { lane: 1, first: 1, last: 5 });
      const rows = await take(subject, { lane: 1, after: 0, last: 5 });
      assert.deepEqual(positionsOf(rows), range(1, 5));
      assert.ok(rows.every(({ lane }) => lane === 1));
    },
  },
  {
    name: "delivers rows that were committed after it was first asked",
    run: async (subject) => {
      const none = await subject.transport.read({ source: subject.source, lane: 0, after: 0, limit: 10 });
      assert.deepEqual(none.rows, []);
      await append(subject, { lane: 0, first: 1, last: 4 });
      assert.deepEqual(positionsOf(await take(subject, { lane: 0, after: 0, last: 4 })), range(1, 4));
      await append(subject, { lane: 0, first: 5, last: 9 });
      assert.deepEqual(positionsOf(await take(subject, { lane: 0, after: 4, last: 9 })), range(5, 9));
    },
  },
  {
    name: "wakes who watches the source, until the watch ends",
    run: async (subject) => {
      const { transport, source, wakes } = subject;
      const bell = { rung: 0 };
      const stop = transport.watch(source, () => (bell.rung += 1));
      const other = transport.watch(`not ${source}`, () => assert.fail("woken for another source"));
      await append(subject, { lane: 0, first: 1, last: 1 });
      const looks = wakes ? looksMax : 0;
      for (let look = 0; bell.rung === 0 && look < looks; look += 1) await subject.pause();
      assert.ok(!wakes || bell.rung > 0, "no reader was woken");
      stop();
      stop();
      const before = bell.rung;
      await append(subject, { lane: 0, first: 2, last: 2 });
      for (let look = 0; look < 3; look += 1) await subject.pause();
      assert.equal(bell.rung, before);
      other();
    },
  },
];

/** Looks without progress after which a transport is considered stuck. */
const looksMax = 2_000;

interface Rows {
  readonly lane: number;
  readonly first: number;
  readonly last: number;
}

async function append(
  { store, flush, committed }: TransportSubject,
  { lane, first, last }: Rows,
): Promise<void> {
  const journal = range(first, last).map((position) => journalOf(position, { lane }));
  const { turn } = await store.recover(lane);
  assert.equal(await flush(flushOf({ lane, turn, head: last, journal })), "committed");
  committed();
}

/** Takes rows as a consumer does: drops repeats, insists on no gap, asks again until `last` has come. */
async function take(
  { transport, source, pause }: TransportSubject,
  from: { readonly lane: number; readonly after: number; readonly last: number },
): Promise<readonly CarriedRow[]> {
  const taken: CarriedRow[] = [];
  for (let looks = 0; looks < looksMax; looks += 1) {
    const after = from.after + taken.length;
    if (after === from.last) return taken;
    const { rows, isPartial } = await transport.read({ source, lane: from.lane, after, limit: 7 });
    const isWhole = rows.length >= 7 || (rows.at(-1)?.position ?? after) >= from.last;
    assert.ok(isPartial || isWhole, `rows after ${after} are missing, and the read does not say so`);
    const start = rows[0]?.position ?? after + 1;
    assert.ok(start <= after + 1, `position ${after + 1} was passed over; ${start} came`);
    assert.deepEqual(positionsOf(rows), range(start, start + rows.length - 1));
    taken.push(...rows.filter(({ position }) => position > after));
    await pause();
  }
  return assert.fail(`position ${from.after + taken.length + 1} never came`);
}

function positionsOf(rows: readonly CarriedRow[]): readonly number[] {
  return rows.map(({ position }) => position);
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
