// Commands for the owner of their lane, left by other processes.
import assert from "node:assert/strict";
import type { RequestRecord } from "../store/records.ts";
import type { StoreCase } from "./store-case.ts";
import { answerOf, flushOf, journalFrom } from "./store-samples.ts";

const some = { rows: 9, bytes: 9_999 };

function requestOf(id: string, part: Partial<RequestRecord> = {}): RequestRecord {
  return { id, lane: 0, time: 1_790_000_000_000, content: { command: "createOrder", data: null }, ...part };
}

/** The promises of `Requests`. */
export const requestCases: readonly StoreCase[] = [
  {
    name: "gives the open requests of lanes in their order, once each, within rows and bytes",
    run: async ({ open }) => {
      const { requests } = await open();
      await requests.leave([requestOf("b"), requestOf("x", { lane: 1 })]);
      await requests.leave([requestOf("b", { content: "another" }), requestOf("a")]);
      assert.deepEqual(await requests.open([0], some), [requestOf("b"), requestOf("a")]);
      assert.deepEqual(await requests.open([0], { ...some, rows: 1 }), [requestOf("b")]);
      assert.deepEqual(await requests.open([0], { ...some, bytes: 1 }), [requestOf("b")]);
      const ofBoth = [requestOf("b"), requestOf("x", { lane: 1 }), requestOf("a")];
      assert.deepEqual(await requests.open([1, 0], some), ofBoth);
      assert.deepEqual(await requests.open([1, 0], { ...some, rows: 2 }), ofBoth.slice(0, 2));
    },
  },
  {
    name: "answers a request with the flush that decides it, once",
    run: async ({ open, flush }) => {
      const store = await open();
      const { requests } = store;
      await requests.leave([requestOf("a"), requestOf("b")]);
      const requested = [{ id: "a", answer: { status: "accepted" } }];
      const first = flushOf({ head: 1, journal: journalFrom(1, 1), requests: requested });
      assert.equal(await flush({ ...first, turn: 7 }), "overtaken");
      assert.deepEqual(await requests.answers(["a"]), new Map([["a", undefined]]));
      assert.equal(await flush(first), "committed");
      assert.deepEqual(
        await requests.answers(["a", "b", "c"]),
        new Map([
          ["a", { status: "accepted" }],
          ["b", undefined],
        ]),
      );
      assert.deepEqual(await requests.open([0], some), [requestOf("b")]);
      // Another process that has taken the lane meanwhile, and read the request before.
      assert.equal(await flush(flushOf({ turn: 1, head: 1, requests: requested })), "overtaken");
    },
  },
  {
    name: "does not write a flush for a request that was withdrawn",
    run: async ({ open, flush }) => {
      const store = await open();
      await store.requests.leave([requestOf("a"), requestOf("b")]);
      assert.deepEqual(await store.requests.withdraw(["a", "c"]), ["a"]);
      const answers = [answerOf("key")];
      const requests = ["a", "b"].map((id) => ({ id, answer: { status: "refused" } }));
      assert.equal(await flush(flushOf({ requests, answers })), "overtaken");
      assert.deepEqual(await store.answers(["key"]), new Map());
      assert.equal(await flush(flushOf({ requests: requests.slice(1) })), "committed");
      assert.deepEqual(await store.requests.withdraw(["b"]), []);
      assert.deepEqual(await store.requests.answers(["b"]), new Map());
    },
  },
  {
    name: "sweeps a lane's answered requests that are old",
    run: async ({ open, flush }) => {
      const store = await open();
      const { requests } = store;
      const ids = ["old", "open", "new", "other"];
      await requests.leave(
        ids.map((id) => requestOf(id, { time: id === "new" ? 9 : 1, lane: Number(id === "other") })),
      );
      const answered = ["old", "new"].map((id) => ({ id, answer: { status: "refused" } }));
      await flush(flushOf({ requests: answered }));
      await requests.sweep(0, 9);
      assert.deepEqual([...(await requests.answers(ids)).keys()].toSorted(), ["new", "open", "other"]);
    },
  },
];
