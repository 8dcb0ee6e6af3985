// A flush commits as a whole or not at all, and only if everything is as its writer knew it.
import assert from "node:assert/strict";
import type { Flush, FlushResult, Store } from "../store/store.ts";
import type { StoreCase, StoreSubject } from "./store-case.ts";
import { answerOf, entityOf, flushOf, flushOne, journalOf, parkedOf } from "./store-samples.ts";

/** The promises of `flush`, `load`, `answers` and `recover`. */
export const flushCases: readonly StoreCase[] = [
  {
    name: "commits all parts of a flush together",
    run: async ({ open, flush }) => {
      const store = await open();
      assert.equal(await flush(first), "committed");
      await assertHolds(store, first);
      await assertHolds(await open(), first);
    },
  },
  {
    name: "starts empty, with every source at position 0",
    run: async ({ open }) => {
      const recovery = await (await open()).recover(1);
      assert.deepEqual(recovery, {
        turn: 0,
        head: 0,
        generation: 0,
        inbox: new Map([
          ["order", 0],
          ["kitchen", 0],
        ]),
        subscriptions: [],
        lastOrdinal: undefined,
      });
    },
  },
  {
    name: "writes nothing when another flush has taken the turn",
    run: async ({ open, flush }) => {
      const store = await open();
      await flush(first);
      await assertRefused({ store, flush }, "overtaken", { ...second, turn: 0 });
    },
  },
  {
    name: "fences a flush that writes no journal row as well",
    run: async ({ open, flush }) => {
      const store = await open();
      await flush(first);
      await assertRefused(
        { store, flush },
        "overtaken",
        flushOf({ turn: 0, head: 2, inbox: new Map([["order", 99]]) }),
      );
      await assertRefused({ store, flush }, "overtaken", flushOf({ turn: 0, head: 2, unparked: ["p1"] }));
      assert.equal(await flush(flushOf({ turn: 1, head: 2, unparked: ["p1"] })), "committed");
    },
  },
  {
    name: "commits exactly one of two flushes that know the same turn",
    run: async ({ open, flush }) => {
      const one = await open();
      for (let turn = 0; turn < 20; turn += 1) {
        const results = await Promise.all([flush(oneRow(turn, "a")), flush(oneRow(turn, "b"))]);
        assert.deepEqual(results.toSorted(), ["committed", "overtaken"]);
      }
      assert.equal((await one.read(0, 0, 100)).length, 20);
    },
  },
  {
    name: "keeps what a row has twice, and what differs, in one flush",
    run: async ({ open, flush }) => {
      const store = await open();
      const created = [
        entityOf("a", { sagaId: "a", version: 2, since: 2, beganAt: 7, enteredAt: 7 }),
        entityOf("b", { sagaId: "c", version: 3, since: 2, beganAt: 7, enteredAt: 8 }),
      ];
      const journal = [
        journalOf(1, { key: "a", sagaId: "a", cause: { source: "order", lane: 0, position: 4 } }),
        journalOf(2, { key: "b", sagaId: "c", cause: { source: "order", lane: 1, position: 5 } }),
      ];
      assert.equal(await flush(flushOf({ head: 2, created, journal })), "committed");
      assert.deepEqual([...(await store.load(["a", "b"])).values()], created);
      assert.deepEqual(await store.timeline("a"), journal.slice(0, 1));
      assert.deepEqual(await store.timeline("c"), journal.slice(1));
      const changed = created.map((record) => ({
        record: { ...record, version: 5, since: record.key === "a" ? 5 : 4 },
        known: record.version,
        dataChanged: false,
      }));
      assert.equal(await flush(flushOf({ turn: 1, head: 2, changed })), "committed");
      const now = await store.load(["a", "b"]);
      assert.deepEqual([now.get("a")?.since, now.get("b")?.since], [5, 4]);
    },
  },
  {
    name: "lets two lanes commit side by side",
    run: async ({ open, flush }) => {
      const store = await open();
      const laneOne = flushOf({
        lane: 1,
        head: 1,
        journal: [journalOf(1, { lane: 1 })],
        created: [entityOf("x", { lane: 1 })],
      });
      assert.deepEqual(await Promise.all([flush(first), flush(laneOne)]), ["committed", "committed"]);
      assert.deepEqual(
        await store.read(1, 0, 9),
        (await store.read(1, 0, 9)).filter(({ lane }) => lane === 1),
      );
    },
  },
  {
    name: "writes nothing when an entity has another version than was read",
    run: async ({ open, flush }) => {
      const store = await open();
      await flush(first);
      await assertRefused({ store, flush }, "overtaken", {
        ...second,
        changed: [change("a", 2), change("b", 1)],
      });
    },
  },
  {
    name: "writes nothing when an entity that was read is gone",
    run: async ({ open, flush }) => {
      const store = await open();
      await flush(first);
      await assertRefused({ store, flush }, "overtaken", {
        ...second,
        changed: [change("a", 1), change("missing", 1)],
      });
    },
  },
  {
    name: "writes nothing when an entity to be created exists",
    run: async ({ open, flush }) => {
      const store = await open();
      await flush(first);
      await assertRefused({ store, flush }, "overtaken", {
        ...second,
        created: [entityOf("new"), entityOf("b")],
      });
    },
  },
  {
    name: "writes nothing when a command was answered before",
    run: async ({ open, flush }) => {
      const store = await open();
      await flush(first);
      await assertRefused({ store, flush }, "repeated", {
        ...second,
        answers: [answerOf("k2"), answerOf("k1")],
      });
      assert.deepEqual([...(await store.answers(["k1", "k2"])).keys()], ["k1"]);
    },
  },
  {
    name: "changes entities, and their data only when it changed",
    run: async ({ open, flush }) => {
      const store = await open();
      await flush(first);
      const bare = {
        state: "DONE",
        version: 2,
        since: 2,
        facts: undefined,
        activity: undefined,
        deadline: undefined,
      };
      const { factVersions: _, ...a } = entityOf("a", { ...bare, data: "is not looked at" });
      const facts = { OrderCreated: { total: 10 }, TicketCreated: {} };
      const factVersions = { OrderCreated: 2, TicketCreated: 3 };
      const b = entityOf("b", { ...bare, facts, factVersions, data: { changed: true } });
      const changed = [
        { record: a, known: 1, dataChanged: false },
        { record: b, known: 1, dataChanged: true },
      ];
      assert.equal(await flush({ ...second, changed }), "committed");
      const loaded = await store.load(["a", "b"]);
      assert.deepEqual(loaded.get("a"), { ...a, data: entityOf("a").data });
      assert.deepEqual(loaded.get("b"), b);
    },
  },
  {
    name: "writes the saga for which a changed entity acts from now on",
    run: async ({ open, flush }) => {
      const store = await open();
      await flush(first);
      const a = entityOf("a", { sagaId: "another saga", version: 2 });
      const changed = [{ record: a, known: 1, dataChanged: false, sagaChanged: true }];
      assert.equal(await flush({ ...second, changed }), "committed");
      assert.equal((await store.load(["a"])).get("a")?.sagaId, "another saga");
    },
  },
  {
    name: "loads the entities that exist, and no others",
    run: async ({ open, flush }) => {
      const store = await open();
      await flush(first);
      assert.deepEqual([...(await store.load(["b", "missing"])).keys()], ["b"]);
      assert.equal((await store.load([])).size, 0);
    },
  },
  {
    name: "hands out copies",
    run: async ({ open, flush }) => {
      const store = await open();
      const data = { items: [1] };
      const journal = [journalOf(1, { emitted: [{ event: "Packed", data }] })];
      await flush(flushOf({ head: 1, created: [entityOf("a", { data })], journal }));
      data.items.push(2);
      const looks = async (): Promise<readonly unknown[]> => [
        (await store.load(["a"])).get("a")?.data,
        (await store.read(0, 0, 1))[0]?.emitted[0]?.data,
      ];
      const [one, other] = [await looks(), await looks()];
      assert.deepEqual(one, [{ items: [1] }, { items: [1] }]);
      one.forEach((look, index) => assert.notEqual(look, other[index]));
    },
  },
  {
    name: "keeps the inbox when a source joins and when one is no longer read",
    run: async ({ open, flush }) => {
      await open();
      await flush(first);
      const { inbox } = await (await open({ sources: ["order", "accounting"] })).recover(0);
      assert.equal(inbox.get("order"), 5_000_000_000);
      assert.equal(inbox.get("accounting"), 0);
      assert.equal((await (await open()).recover(0)).inbox.get("kitchen"), 6);
    },
  },
  {
    name: "keeps two participants of one database apart",
    run: async ({ open, flush, database, participant }) => {
      const otherName = `${participant}_other`;
      await open();
      const other = await open({ name: otherName });
      await flush(first);
      assert.deepEqual((await other.recover(0)).turn, 0);
      assert.equal((await other.load(["a"])).size, 0);
      assert.equal(await flushOne({ database, participant: otherName }, first), "committed");
    },
  },
  {
    name: "refuses to open with another number of lanes, and says with which",
    run: async ({ open }) => {
      await open({ lanes: 2 });
      await assert.rejects(open({ lanes: 3 }), {
        code: "Q_LANES_CHANGED",
        message: /2 lanes.*3.*Start it with 2/s,
      });
    },
  },
  {
    name: "keeps any text and any JSON as it was given",
    run: async ({ open, flush }) => {
      const store = await open();
      const texts = [
        "żółć 🍕 \u{10ffff}",
        "quote \" ' \\ {a,b} NULL",
        "new\nline\ttab",
        "",
        "nul \u0000 inside",
        "\ud83c alone",
      ];
      const data = {
        texts,
        none: null,
        deep: [[[{ a: 1.5e-7, b: -0.1, c: 9_007_199_254_740_991 }]]],
        yes: true,
      };
      const keys = texts.slice(0, 4).map((text) => `key ${text}`);
      const created = keys.map((key) => entityOf(key, { data, facts: { "🍕": data } }));
      const journal = [
        journalOf(1, {
          emitted: [
            { event: "Ünïcode", data },
            { event: "Empty", data: undefined },
          ],
        }),
      ];
      await flush(flushOf({ head: 1, created, journal }));
      const loaded = await store.load(keys);
      assert.deepEqual(
        keys.map((key) => loaded.get(key)),
        created,
      );
      const [row] = await store.read(0, 0, 1);
      assert.deepEqual(row?.emitted[0], { event: "Ünïcode", data });
      assert.equal(row?.emitted[1]?.data, undefined);
    },
  },
  {
    name: "keeps data that is absent, null or not an object",
    run: async ({ open, flush }) => {
      const store = await open();
      const values = [undefined, null, 0, false, "", "text", [1]];
      const created = values.map((data, index) => entityOf(`v${index}`, { data }));
      await flush(flushOf({ created }));
      const loaded = await store.load(created.map(({ key }) => key));
      assert.deepEqual(
        created.map(({ key }) => loaded.get(key)?.data),
        values,
      );
    },
  },
  {
    name: "keeps a payload of a megabyte",
    run: async ({ open, flush }) => {
      const store = await open();
      const data = { text: "0123456789abcdef".repeat(65_536) };
      await flush(
        flushOf({
          head: 1,
          created: [entityOf("a", { data })],
          journal: [journalOf(1, { emitted: [{ event: "Big", data }] })],
        }),
      );
      assert.deepEqual((await store.load(["a"])).get("a")?.data, data);
      assert.deepEqual((await store.read(0, 0, 1))[0]?.emitted[0]?.data, data);
    },
  },
];

const first: Flush = flushOf({
  head: 2,
  created: [entityOf("a"), entityOf("b")],
  journal: [journalOf(1), journalOf(2)],
  inbox: new Map([
    ["order", 5_000_000_000],
    ["kitchen", 6],
  ]),
  parked: [parkedOf("p1")],
  answers: [answerOf("k1")],
});

/** What may follow `first`. */
const second: Flush = flushOf({
  turn: 1,
  head: 3,
  created: [entityOf("c")],
  journal: [journalOf(3)],
  inbox: new Map([["order", 5_000_000_001]]),
  parked: [parkedOf("p2")],
  unparked: ["p1"],
});

function change(key: string, known: number): Flush["changed"][number] {
  return { record: entityOf(key, { state: "DONE", version: known + 1 }), known, dataChanged: true };
}

function oneRow(turn: number, writer: string): Flush {
  return flushOf({ turn, head: turn + 1, journal: [journalOf(turn + 1, { key: writer })] });
}

async function assertHolds(store: Store, flush: Flush): Promise<void> {
  assert.deepEqual(await store.recover(0), {
    turn: 1,
    head: 2,
    generation: 0,
    inbox: flush.inbox,
    subscriptions: [],
    lastOrdinal: 1,
  });
  assert.deepEqual(await store.parked({ limit: 9 }), flush.parked);
  const loaded = await store.load(["a", "b"]);
  assert.deepEqual([loaded.get("a"), loaded.get("b")], flush.created);
  assert.deepEqual(await store.timeline("saga-1"), flush.journal.slice(0, 1));
  assert.deepEqual((await store.answers(["k1", "k9"])).get("k1"), flush.answers[0]);
}

/** The flush is refused, and nothing of `first` has changed, whatever part of the flush one looks at. */
async function assertRefused(
  { store, flush }: Pick<StoreSubject, "flush"> & { readonly store: Store },
  expected: FlushResult,
  refused: Flush,
): Promise<void> {
  assert.equal(await flush(refused), expected);
  await assertHolds(store, first);
  assert.equal((await store.load(["c", "new"])).size, 0);
  assert.equal((await store.read(0, 2, 9)).length, 0);
}
