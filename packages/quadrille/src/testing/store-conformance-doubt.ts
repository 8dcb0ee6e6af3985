// The result of a flush whose answer was lost can be determined.
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { reactionOf, type ReactionRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { StoreCase } from "./store-case.ts";
import { flushOf, journalFrom } from "./store-samples.ts";

const threeRows = flushOf({ head: 3, journal: journalFrom(1, 3) });

/** The promises of `skipTurn` and `reactions`. */
export const doubtCases: readonly StoreCase[] = [
  {
    name: "lets no flush commit that was sealed before a turn was skipped",
    run: async ({ open, flush }) => {
      const store = await open();
      await (await open()).skipTurn(0);
      assert.equal(await flush(threeRows), "overtaken");
      assert.deepEqual(await store.reactions(0, 0, 9), []);
      assert.deepEqual((await store.recover(0)).turn, 1);
      assert.deepEqual((await store.recover(1)).turn, 0);
      assert.equal(await flush({ ...threeRows, turn: 1 }), "committed");
    },
  },
  {
    name: "settles a flush that is being written: it is seen after the skipped turn, or never",
    run: async ({ open }) => {
      const [writer, doubter] = [await open(), await open()];
      let seen: Promise<readonly ReactionRecord[]> | undefined;
      await writer.transact(async ({ flush }) => {
        const result = await flush(threeRows);
        seen = skipAndLook(doubter);
        for (let turns = 0; turns < 20; turns += 1) await setImmediate();
        return result;
      });
      assert.deepEqual(await seen, await doubter.reactions(0, 0, 9));
    },
  },
  {
    name: "gives reactions in order after a position, without their payloads",
    run: async ({ open, flush }) => {
      const store = await open();
      await flush(threeRows);
      const expected = threeRows.journal.map(reactionOf);
      assert.deepEqual(await store.reactions(0, 0, 9), expected);
      assert.deepEqual(await store.reactions(0, 1, 1), expected.slice(1, 2));
    },
  },
];

async function skipAndLook(store: Store): Promise<readonly ReactionRecord[]> {
  await store.skipTurn(0);
  return store.reactions(0, 0, 9);
}
