// The work of `transact` handlers commits with its flush, or is undone with it.
import assert from "node:assert/strict";
import type { Transaction } from "../contract/handler.ts";
import type { Store } from "../store/store.ts";
import type { StoreCase, StoreSubject } from "./store-case.ts";
import { answerOf, entityOf, flushOf, journalOf } from "./store-samples.ts";

/** The promises of `transact`. */
export const transactCases: readonly StoreCase[] = [
  {
    name: "commits a transaction whose flush was committed",
    run: async (subject) => {
      const store = await subject.open();
      const table = await tableOf(subject, store);
      const result = await store.transact(async ({ transaction, savepoint, flush }) => {
        await savepoint(() => table.insert(transaction, "kept"));
        return flush(flushOf({ head: 1, journal: [journalOf(1)], created: [entityOf("a")] }));
      });
      assert.equal(result, "committed");
      assert.equal((await store.recover(0)).head, 1);
      assert.equal((await store.load(["a"])).size, 1);
      assert.deepEqual(await table.rows(), subject.sql ? ["kept"] : []);
    },
  },
  {
    name: "rolls a transaction back when its work throws, also after the flush",
    run: async (subject) => {
      const store = await subject.open();
      const table = await tableOf(subject, store);
      const work = store.transact(async ({ transaction, flush }) => {
        await table.insert(transaction, "undone");
        await flush(flushOf({ head: 1, journal: [journalOf(1)] }));
        throw new Error("on second thoughts");
      });
      await assert.rejects(work, { message: "on second thoughts" });
      assert.equal((await store.recover(0)).turn, 0);
      assert.deepEqual(await table.rows(), []);
    },
  },
  {
    name: "rolls a transaction back when its flush is overtaken or repeated",
    run: async (subject) => {
      const store = await subject.open();
      const table = await tableOf(subject, store);
      await subject.flush(flushOf({ answers: [answerOf("k")] }));
      for (const [flushed, expected] of [
        [flushOf({ turn: 0 }), "overtaken"],
        [flushOf({ turn: 1, answers: [answerOf("k")] }), "repeated"],
      ] as const) {
        const result = await store.transact(async ({ transaction, flush }) => {
          await table.insert(transaction, expected);
          return flush(flushed);
        });
        assert.equal(result, expected);
      }
      assert.deepEqual(await table.rows(), []);
      assert.equal((await store.recover(0)).turn, 1);
    },
  },
  {
    name: "rolls a transaction back when its work says so after the flush",
    run: async (subject) => {
      const store = await subject.open();
      const table = await tableOf(subject, store);
      const result = await store.transact(async ({ transaction, flush }) => {
        await table.insert(transaction, "undone");
        assert.equal(await flush(flushOf({ head: 1, journal: [journalOf(1)] })), "committed");
        return "overtaken";
      });
      assert.equal(result, "overtaken");
      assert.equal((await store.recover(0)).turn, 0);
      assert.deepEqual(await table.rows(), []);
    },
  },
  {
    name: "undoes a part that fails alone, and keeps the rest",
    run: async (subject) => {
      const store = await subject.open();
      const table = await tableOf(subject, store);
      const result = await store.transact(async ({ transaction, savepoint, flush }) => {
        await savepoint(() => table.insert(transaction, "before"));
        const failing = savepoint(async () => {
          await table.insert(transaction, "undone");
          await table.fail(transaction);
        });
        await assert.rejects(failing);
        await savepoint(() => table.insert(transaction, "after"));
        return flush(flushOf({ head: 1, journal: [journalOf(1)] }));
      });
      assert.equal(result, "committed");
      assert.deepEqual(await table.rows(), subject.sql ? ["after", "before"] : []);
    },
  },
  {
    name: "commits one of two transactions that know the same turn",
    run: async (subject) => {
      const [one, other] = [await subject.open(), await subject.open()];
      const results = await Promise.all(
        [one, other].map((store) =>
          store.transact(({ flush }) => flush(flushOf({ head: 1, journal: [journalOf(1)] }))),
        ),
      );
      assert.deepEqual(results.toSorted(), ["committed", "overtaken"]);
    },
  },
];

/** A service's own table; without SQL it does nothing, and fails where it should. */
interface ServiceTable {
  readonly insert: (transaction: Transaction, text: string) => Promise<void>;
  readonly fail: (transaction: Transaction) => Promise<void>;
  readonly rows: () => Promise<readonly unknown[]>;
}

async function tableOf({ sql, participant }: StoreSubject, store: Store): Promise<ServiceTable> {
  if (!sql) {
    const fail = async (): Promise<void> => {
      throw new Error("this part fails");
    };
    return { insert: async () => {}, fail, rows: async () => [] };
  }
  const table = `public."service_${participant}"`;
  await store.transact(async ({ transaction, flush }) => {
    // The database may have it from an earlier run.
    await transaction.query(`drop table if exists ${table}`);
    await transaction.query(`create table ${table} (text text primary key)`);
    return flush(flushOf({ lane: 1 }));
  });
  return {
    insert: async (transaction, text) => {
      await transaction.query(`insert into ${table} (text) values ($1)`, [text]);
    },
    fail: async (transaction) => {
      await transaction.query(`insert into ${table} (text) values ($1)`, [null]);
    },
    rows: async () => {
      let rows: readonly unknown[] = [];
      await store.transact(async ({ transaction }) => {
        rows = (await transaction.query(`select text from ${table} order by text`)).rows.map(
          ({ text }) => text,
        );
        return "overtaken";
      });
      return rows;
    },
  };
}
