// Parked messages are read in pieces: for the keys of a batch, by the time of the next attempt, payload by
// payload.
import assert from "node:assert/strict";
import type { ParkedHead, ParkedRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { StoreCase } from "./store-case.ts";
import { entityOf, flushOf, parkedOf, parkedWithoutTime } from "./store-samples.ts";

/** The promises of `parkedFor`, `parkedDue`, `payloads` and of parked messages in a flush. */
export const parkedCases: readonly StoreCase[] = [
  {
    name: "knows the last ordinal of what is parked, lane by lane, without the discarded",
    run: async ({ open, flush }) => {
      const store = await open();
      assert.equal((await store.recover(0)).lastOrdinal, undefined);
      const parked = [
        parkedOf("a", { ordinal: 5_000_000_001, reason: "dead" }),
        parkedOf("x", { ordinal: 6_000_000_000, reason: "discarded", note: "known fraud" }),
      ];
      await flush(flushOf({ parked }));
      assert.equal((await store.recover(0)).lastOrdinal, 5_000_000_001);
      assert.equal((await store.recover(1)).lastOrdinal, undefined);
    },
  },
  {
    name: "gives the first in line of each key, and all that is deferred, by ordinal, without payloads",
    run: async ({ open, flush }) => {
      const store = await open();
      const line = [5, 3, 4, 1].map((ordinal) => parkedOf(`a${ordinal}`, { ...waiting, key: "a", ordinal }));
      const aside = [
        parkedOf("d6", { ...waiting, key: "a", ordinal: 6, reason: "deferred" }),
        parkedOf("d2", { ...waiting, key: "a", ordinal: 2, reason: "deferred" }),
        parkedOf("call", {
          key: "a",
          ordinal: 7,
          kind: "activity",
          cause: callOf("activity", 3),
          data: undefined,
        }),
        parkedOf("x", { key: "a", ordinal: 0, reason: "discarded", note: "no" }),
        parkedOf("b", { key: "b", ordinal: 8 }),
        parkedOf("c", { key: "c", ordinal: 9 }),
      ];
      await flush(flushOf({ parked: [...line, ...aside] }));
      const found = await store.parkedFor(0, ["a", "b", "missing"], 2);
      assert.deepEqual(idsOf(found), ["a1", "d2", "a3", "d6", "call", "b"]);
      assert.deepEqual(found[0], headOf(line[3], 11));
      assert.equal(found[4]?.bytes, 0);
      assert.deepEqual(await store.parkedFor(1, ["a"], 2), []);
    },
  },
  {
    name: "knows when the earliest cause of a key's line took place, whatever is aside of it",
    run: async ({ open, flush }) => {
      const store = await open();
      const line = [70, 50, 60].map((causeTime, nth) =>
        parkedOf(`a${nth}`, { ...waiting, key: "a", ordinal: nth + 1, causeTime }),
      );
      const aside = [
        parkedOf("d", { ...waiting, key: "a", ordinal: 4, reason: "deferred", causeTime: 10 }),
        parkedOf("x", { key: "a", ordinal: 5, reason: "discarded", note: "no", causeTime: 20 }),
        parkedOf("call", { key: "a", ordinal: 6, kind: "activity", cause: callOf("activity", 3) }),
        parkedWithoutTime("b", { ...waiting, key: "b", ordinal: 7 }),
      ];
      await flush(flushOf({ parked: [...line, ...aside] }));
      assert.equal(await store.earliestCause(0, "a"), 50);
      assert.equal(await store.earliestCause(0, "b"), 0);
      assert.equal(await store.earliestCause(0, "c"), undefined);
      assert.equal(await store.earliestCause(1, "a"), undefined);
    },
  },
  {
    name: "offers dead and retrying messages that fit again, page by page, and counts a turn of their lane",
    run: async ({ open, flush }) => {
      const store = await open();
      const failed = { attempts: 8, error: { code: "Q_ACTIVITY_FAILED", message: "503" } };
      const parked = [
        parkedOf("a", { ...failed, ordinal: 1, reason: "dead", trigger: "charge" }),
        parkedOf("b", { ...failed, ordinal: 2, reason: "retrying", trigger: "charge", nextAt: 9e12 }),
        parkedOf("c", { ...failed, ordinal: 3, reason: "dead", trigger: "refund" }),
        parkedOf("d", { ordinal: 4, reason: "deferred", trigger: "charge" }),
        parkedOf("e", { ordinal: 5, reason: "discarded", trigger: "charge", note: "no" }),
        parkedOf("f", { ...failed, ordinal: 6, reason: "dead", trigger: "charge" }),
      ];
      await flush(flushOf({ parked }));
      const { turn } = await store.recover(0);
      const which = { lane: 0, after: 0, until: 5, limit: 1, trigger: "charge", callAgain: false };
      assert.deepEqual(await store.offer({ ...which, code: "Q_HANDLER_THREW" }), { count: 0, last: 0 });
      assert.deepEqual(await store.offer({ ...which, lane: 1 }), { count: 0, last: 0 });
      assert.equal((await store.recover(0)).turn, turn);
      assert.deepEqual(await store.offer({ ...which, code: "Q_ACTIVITY_FAILED" }), { count: 1, last: 1 });
      assert.deepEqual(await store.offer({ ...which, after: 1, reason: "retrying" }), { count: 1, last: 2 });
      assert.deepEqual(await store.offer({ ...which, after: 2 }), { count: 0, last: 2 });
      assert.equal((await store.recover(0)).turn, turn + 2);
      assert.deepEqual(idsOf(await store.parkedDue(0, 0, 10)), ["a", "b"]);
      const [a] = await store.parked({ id: "a", limit: 1 });
      assert.deepEqual(
        { reason: a?.reason, attempts: a?.attempts, data: a?.data },
        { reason: "waiting", attempts: 0, data: parked[0]?.data },
      );
    },
  },
  {
    name: "forgets what calls came back with, and nothing else, where they are to be made again",
    run: async ({ open, flush }) => {
      const store = await open();
      const parked = [
        parkedOf("event", { ordinal: 1, reason: "dead" }),
        parkedOf("call", { ordinal: 2, reason: "dead", kind: "activity", cause: callOf("activity", 3) }),
      ];
      await flush(flushOf({ parked }));
      const all = { lane: 0, after: 0, until: 9, limit: 9, callAgain: true };
      assert.deepEqual(await store.offer(all), { count: 2, last: 2 });
      const kept = await store.payloads(["event", "call"]);
      assert.deepEqual(kept.get("event"), parked[0]?.data);
      assert.equal(kept.get("call"), undefined);
    },
  },
  {
    name: "finds what is to be offered again, earliest first, and when more will be",
    run: async ({ open, flush }) => {
      const store = await open();
      const at = (id: string, nextAt: number | undefined): ParkedRecord => parkedOf(id, { nextAt });
      const parked = [at("later", 300), at("now", 200), at("zero", 0), at("never", undefined)];
      await flush(flushOf({ parked: [...parked, parkedOf("gone", { nextAt: 5, reason: "discarded" })] }));
      await flush(flushOf({ lane: 1, parked: [parkedOf("elsewhere", { lane: 1, nextAt: 50 })] }));
      assert.deepEqual(idsOf(await store.parkedDue(0, 200, 9)), ["zero", "now"]);
      assert.deepEqual(idsOf(await store.parkedDue(0, 200, 1)), ["zero"]);
      assert.equal(await store.nextParkedDue(0, Number.NEGATIVE_INFINITY), 0);
      assert.equal(await store.nextParkedDue(0, 200), 300);
      assert.equal(await store.nextParkedDue(0, 300), undefined);
      assert.equal(await store.nextParkedDue(1, 0), 50);
    },
  },
  {
    name: "gives payloads by id",
    run: async ({ open, flush }) => {
      const store = await open();
      await flush(flushOf({ parked: [parkedOf("a"), parkedOf("b", { data: undefined }), parkedOf("c")] }));
      const payloads = await store.payloads(["a", "b", "gone"]);
      assert.equal(payloads.size, 2);
      assert.deepEqual([payloads.get("a"), payloads.get("b")], [{ id: "a" }, undefined]);
    },
  },
  {
    name: "counts what is parked, by reason",
    run: async ({ open, flush }) => {
      const store = await open();
      const reasons = ["dead", "retrying", "dead", "discarded"] as const;
      await flush(flushOf({ parked: reasons.map((reason, index) => parkedOf(`${index}`, { reason })) }));
      assert.deepEqual(Object.fromEntries(await store.parkedCensus(0)), { dead: 2, retrying: 1 });
    },
  },
  {
    name: "changes how a message is parked, and never what it is",
    run: async ({ open, flush }) => {
      const store = await open();
      await flush(flushOf({ parked: [parkedOf("a", { ordinal: 1 }), parkedOf("b", { ordinal: 2 })] }));
      const change = {
        reason: "dead",
        attempts: 4,
        nextAt: undefined,
        version: 9,
        error: { code: "Q_NOT_HANDLED", message: "still no ticket" },
        note: "looked at",
      } as const;
      // Its payload may not be in memory when it is parked again.
      const again = parkedOf("a", { ...change, ordinal: 1, data: undefined });
      await flush(flushOf({ turn: 1, parked: [again] }));
      assert.deepEqual(await parkedIn(store), [
        parkedOf("a", { ...change, ordinal: 1 }),
        parkedOf("b", { ordinal: 2 }),
      ]);
    },
  },
  {
    name: "replaces what is kept of a call",
    run: async ({ open, flush }) => {
      const store = await open();
      const call = parkedOf("a", {
        kind: "activity",
        cause: callOf("activity", 1),
        data: { cameBack: "raw" },
      });
      await flush(flushOf({ parked: [call] }));
      await flush(flushOf({ turn: 1, parked: [{ ...call, data: undefined }] }));
      assert.deepEqual(await parkedIn(store), [{ ...call, data: undefined }]);
      assert.equal((await store.parkedFor(0, [call.key], 1))[0]?.bytes, 0);
    },
  },
  {
    name: "keeps an error that belongs to the reason, and drops it with another one",
    run: async ({ open, flush }) => {
      const store = await open();
      await flush(flushOf({ parked: [parkedOf("a", { ordinal: 1 }), parkedOf("b", { ordinal: 2 })] }));
      const again = [
        parkedOf("a", { ordinal: 1, error: undefined }),
        parkedOf("b", { ordinal: 2, error: undefined, reason: "deferred" }),
      ];
      await flush(flushOf({ turn: 1, parked: again }));
      assert.deepEqual(
        (await parkedIn(store)).map(({ error }) => error?.message),
        ["no such ticket", undefined],
      );
    },
  },
  {
    name: "removes parked messages that were taken after all",
    run: async ({ open, flush }) => {
      const store = await open();
      await flush(flushOf({ parked: ["a", "b", "c"].map((id, ordinal) => parkedOf(id, { ordinal })) }));
      await flush(flushOf({ turn: 1, unparked: ["a", "c", "missing"] }));
      assert.deepEqual(idsOf(await store.parked({ limit: 9 })), ["b"]);
    },
  },
  {
    name: "finds what is parked for a saga",
    run: async ({ open, flush }) => {
      const store = await open();
      await flush(flushOf({ parked: [parkedOf("a"), parkedOf("b", { reason: "dead" })] }));
      assert.deepEqual(idsOf(await store.parked({ sagaId: "saga-b", limit: 9 })), ["b"]);
      assert.deepEqual(await store.parked({ sagaId: "saga-b", reason: "waiting", limit: 9 }), []);
      assert.deepEqual(idsOf(await store.parked({ sagaId: "saga-b", reason: ["dead"], limit: 9 })), ["b"]);
      assert.deepEqual(await store.parked({ sagaId: "saga-b", id: "a", limit: 9 }), []);
    },
  },
  {
    name: "does not offer a deadline that is parked, until its state was entered again",
    run: async ({ open, flush }) => {
      const store = await open();
      const deadline = { name: "15m", at: 100 };
      const cause = callOf("deadline", 1);
      const parked = [
        parkedOf("a", { key: "a", kind: "deadline", cause, reason: "dead", nextAt: undefined }),
      ];
      const created = [entityOf("a", { deadline }), entityOf("b", { deadline: { name: "15m", at: 200 } })];
      await flush(flushOf({ created, parked }));
      assert.deepEqual(await store.due(0, 150, 9), []);
      assert.equal(await store.nextDue(0), 200);
      const record = entityOf("a", { version: 2, since: 2, deadline });
      await flush(flushOf({ turn: 1, changed: [{ record, known: 1, dataChanged: false }] }));
      assert.equal((await store.due(0, 150, 9)).length, 1);
    },
  },
  {
    name: "holds a deadline back for a message that was there before it, while that is offered again",
    run: async ({ open, flush }) => {
      const store = await open();
      const later = { key: "b", ordinal: 2, causeTime: 99, reason: "waiting", nextAt: undefined } as const;
      const parked: readonly ParkedRecord[] = [
        parkedOf("before", { key: "a", causeTime: 100 }),
        parkedOf("its line goes on", { key: "b", ordinal: 1, causeTime: 101 }),
        parkedOf("behind it", later),
        parkedOf("a result", { key: "c", kind: "activity", cause: callOf("activity", 1), causeTime: 100 }),
        parkedOf("from before the column", { key: "d" }),
      ];
      const keys = ["a", "b", "c", "d"];
      await flush(flushOf({ created: keys.map((key) => entityOf(key, { deadline: hundred })), parked }));
      assert.deepEqual(await store.due(0, 150, 9), []);
      assert.equal(await store.nextDue(0), undefined);
      const dead = parked.map((row): ParkedRecord => ({ ...row, reason: "dead", nextAt: undefined }));
      await flush(flushOf({ turn: 1, parked: dead }));
      assert.deepEqual(
        (await store.due(0, 150, 9)).map(({ key }) => key),
        keys,
      );
      assert.equal(await store.nextDue(0), 100);
    },
  },
  {
    name: "holds no deadline back for a later message, a call that is to be made, or one of another key",
    run: async ({ open, flush }) => {
      const store = await open();
      const call = { kind: "activity", cause: callOf("activity", 1), data: undefined } as const;
      const parked = [
        parkedOf("later", { key: "a", causeTime: 101 }),
        parkedOf("to be made", { key: "b", ...call }),
        parkedOf("deferred", { key: "c", reason: "deferred", nextAt: undefined, causeTime: 99 }),
        parkedOf("of another key", { key: "z", causeTime: 99 }),
      ];
      const keys = ["a", "b", "c", "d"];
      await flush(flushOf({ created: keys.map((key) => entityOf(key, { deadline: hundred })), parked }));
      assert.deepEqual(
        (await store.due(0, 150, 9)).map(({ key }) => key),
        keys,
      );
      assert.equal(await store.nextDue(0), 100);
    },
  },
  {
    name: "keeps when the cause of a parked message took place",
    run: async ({ open, flush }) => {
      const store = await open();
      const record = parkedOf("a", { causeTime: 77 });
      await flush(flushOf({ parked: [record] }));
      await flush(flushOf({ turn: 1, parked: [parkedWithoutTime("a", { attempts: 4 })] }));
      assert.deepEqual(await parkedIn(store), [{ ...record, attempts: 4 }]);
      assert.equal((await store.parkedFor(0, ["key-a"], 1))[0]?.causeTime, 77);
    },
  },
];

const hundred = { name: "15m", at: 100 };

const waiting = { reason: "waiting", nextAt: undefined, error: undefined } as const;

function callOf(source: "activity" | "deadline", since: number): ParkedRecord["cause"] {
  return { source, lane: 0, position: since };
}

function idsOf(records: readonly { readonly id: string }[]): readonly string[] {
  return records.map(({ id }) => id);
}

function headOf(record: ParkedRecord | undefined, bytes: number): ParkedHead | undefined {
  if (record === undefined) return undefined;
  const { data: _data, error: _error, note: _note, ...head } = record;
  return { ...head, bytes };
}

async function parkedIn(store: Store): Promise<readonly ParkedRecord[]> {
  return (await store.parked({ limit: 99 })).toSorted((a, b) => a.ordinal - b.ordinal);
}
