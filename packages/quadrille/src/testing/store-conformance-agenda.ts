// Deadlines and activities are found through the entities that hold them.
import assert from "node:assert/strict";
import type { Deadline } from "../store/records.ts";
import type { StoreCase } from "./store-case.ts";
import { entityOf, flushOf } from "./store-samples.ts";

/** The promises of `due`, `nextDue` and `unfinished`. */
export const agendaCases: readonly StoreCase[] = [
  {
    name: "finds deadlines that are due, earliest first, lane by lane",
    run: async ({ open, flush }) => {
      const store = await open();
      const created = [
        entityOf("later", { deadline: at(300) }),
        entityOf("now", { deadline: at(200) }),
        entityOf("zero", { deadline: at(100) }),
        entityOf("never", { deadline: undefined }),
      ];
      await flush(flushOf({ created }));
      await flush(flushOf({ lane: 1, created: [entityOf("elsewhere", { lane: 1, deadline: at(50) })] }));
      assert.deepEqual(await store.due(0, start + 200, 10), [created[2], created[1]]);
      assert.deepEqual(await store.due(0, start + 200, 1), [created[2]]);
      assert.deepEqual(await store.due(0, start + 99, 10), []);
      assert.equal(await store.nextDue(0), start + 100);
      assert.equal(await store.nextDue(1), start + 50);
    },
  },
  {
    name: "forgets a deadline when the state that held it is left",
    run: async ({ open, flush }) => {
      const store = await open();
      await flush(flushOf({ created: [entityOf("a", { deadline: at(100) })] }));
      const record = entityOf("a", { version: 2, deadline: undefined });
      await flush(flushOf({ turn: 1, changed: [{ record, known: 1, dataChanged: false }] }));
      assert.deepEqual(await store.due(0, start + 900, 10), []);
      assert.equal(await store.nextDue(0), undefined);
    },
  },
  {
    name: "finds entities with an activity to run, by key, page by page",
    run: async ({ open, flush }) => {
      const store = await open();
      const created = ["d", "a", "c", "b"].map((key) =>
        entityOf(key, { activity: key === "c" ? undefined : "call" }),
      );
      await flush(flushOf({ created }));
      await flush(flushOf({ lane: 1, created: [entityOf("aa", { lane: 1 })] }));
      assert.deepEqual(await keysAfter(""), ["a", "b"]);
      assert.deepEqual(await keysAfter("b"), ["d"]);
      assert.deepEqual(await keysAfter("d"), []);

      async function keysAfter(afterKey: string): Promise<readonly string[]> {
        return (await store.unfinished(0, afterKey, 2)).map(({ key }) => key);
      }
    },
  },
  {
    name: "sorts keys by code point, as the next page expects",
    run: async ({ open, flush }) => {
      const store = await open();
      await flush(flushOf({ created: ["b", "B", "a-1", "a1", "ä", "Z"].map((key) => entityOf(key)) }));
      const keys = (await store.unfinished(0, "", 10)).map(({ key }) => key);
      assert.deepEqual(keys, ["B", "Z", "a-1", "a1", "b", "ä"]);
    },
  },
];

const start = 1_800_000_000_000;

function at(delayMs: number): Deadline {
  return { name: "approval", at: start + delayMs };
}
