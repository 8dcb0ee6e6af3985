// A round commits the flushes of several participants together, or none of them, and reports which one was
// overtaken.
import assert from "node:assert/strict";
import type { RoundFlushes } from "../store/database.ts";
import type { Flush, Store } from "../store/store.ts";
import type { StoreCase, StoreSubject } from "./store-case.ts";
import { answerOf, entityOf, flushOf, journalOf } from "./store-samples.ts";

/** Statements are prepared the first time and only named from then on: each promise is tried both ways. */
const times = [0, 1, 2];

/** The promises of `Database.flush`. */
export const roundCases: readonly StoreCase[] = [
  {
    name: "commits the flushes of a round together",
    run: async (subject) => {
      const { names, stores } = await openTwo(subject);
      for (const turn of times) {
        const round = roundOf(names, oneRow(turn, "a"), oneRow(turn, "a"));
        assert.deepEqual(await subject.database.flush(round), { result: "committed" });
      }
      for (const store of stores) assert.deepEqual(await seen(store), { turn: 3, head: 3, entities: 3 });
    },
  },
  {
    name: "writes nothing of a round when one flush is overtaken, and says whose",
    run: async (subject) => {
      const { database } = subject;
      const { names, stores } = await openTwo(subject);
      await database.flush(roundOf(names, oneRow(0, "a"), oneRow(0, "a")));
      for (const _ of times) {
        const late = await database.flush(roundOf(names, oneRow(1, "b"), oneRow(0, "b")));
        assert.deepEqual(late, { result: "overtaken", participant: names[1], lanes: [0] });
        const early = await database.flush(roundOf(names, oneRow(0, "b"), oneRow(1, "b")));
        assert.deepEqual(early, { result: "overtaken", participant: names[0], lanes: [0] });
      }
      for (const store of stores) assert.deepEqual(await seen(store), { turn: 1, head: 1, entities: 1 });
      await database.flush(roundOf(names, oneRow(1, "b"), oneRow(1, "b")));
      for (const store of stores) assert.deepEqual(await seen(store), { turn: 2, head: 2, entities: 2 });
    },
  },
  {
    name: "writes nothing of a round when a command was answered before, and says by whom",
    run: async (subject) => {
      const { database } = subject;
      const { names, stores } = await openTwo(subject);
      const answered = (turn: number): Flush => ({ ...oneRow(turn, "a"), answers: [answerOf("k1")] });
      await database.flush(roundOf(names, oneRow(0, "a"), answered(0)));
      for (const _ of times) {
        const again = await database.flush(roundOf(names, oneRow(1, "b"), answered(1)));
        assert.deepEqual(again, { result: "repeated", participant: names[1], lanes: [0] });
      }
      for (const store of stores) assert.deepEqual(await seen(store), { turn: 1, head: 1, entities: 1 });
    },
  },
  {
    name: "commits exactly one of two rounds that know the same turns, whatever the order of their flushes",
    run: async (subject) => {
      const { database } = subject;
      const { names, stores } = await openTwo(subject);
      for (let turn = 0; turn < 20; turn += 1) {
        const results = await Promise.all([
          database.flush(roundOf(names, oneRow(turn, "a"), oneRow(turn, "a"))),
          database.flush(roundOf(names.toReversed(), oneRow(turn, "b"), oneRow(turn, "b"))),
        ]);
        assert.deepEqual(results.map(({ result }) => result).toSorted(), ["committed", "overtaken"]);
      }
      for (const store of stores) assert.deepEqual(await seen(store), { turn: 20, head: 20, entities: 20 });
    },
  },
  {
    name: "commits the flushes of several lanes of a participant together, each under its own lane",
    run: async (subject) => {
      const { names, stores } = await openTwo(subject);
      for (const turn of times) {
        const lanes = [oneRowOf(1, turn), oneRowOf(0, turn)].map((flush) => ({
          ...flush,
          inbox: new Map([["order", 10 * turn + flush.lane]]),
        }));
        const round = new Map(names.map((name) => [name, lanes]));
        assert.deepEqual(await subject.database.flush(round), { result: "committed" });
      }
      for (const store of stores) {
        for (const lane of [0, 1]) {
          const { turn, head, inbox } = await store.recover(lane);
          assert.deepEqual([turn, head, inbox.get("order")], [3, 3, 20 + lane]);
          const keys = (await store.read(lane, 0, 10)).map(({ key }) => key);
          assert.deepEqual(keys, [`${lane}-0`, `${lane}-1`, `${lane}-2`]);
        }
      }
    },
  },
  {
    name: "names the lanes that were overtaken, and writes nothing of the others",
    run: async (subject) => {
      const { names, stores } = await openTwo(subject);
      const [name = ""] = names;
      const flush = (...flushes: readonly Flush[]) => subject.database.flush(new Map([[name, flushes]]));
      await stores[0]?.skipTurn(1);
      for (const _ of times) {
        const late = { result: "overtaken", participant: name, lanes: [1] };
        assert.deepEqual(await flush(oneRowOf(0, 0), oneRowOf(1, 0)), late);
      }
      assert.deepEqual(await flush(oneRowOf(0, 0)), { result: "committed" });
      assert.deepEqual(await flush(oneRowOf(0, 0), oneRowOf(1, 0)), {
        result: "overtaken",
        participant: name,
        lanes: [0, 1],
      });
    },
  },
  {
    name: "names every lane of a participant where one has an entity that has changed",
    run: async (subject) => {
      const { names, stores } = await openTwo(subject);
      const [name = ""] = names;
      await subject.flush(flushOf({ created: [entityOf("there")] }));
      const again = { ...flushOf({ turn: 1 }), created: [entityOf("there")] };
      const result = await subject.database.flush(new Map([[name, [again, oneRowOf(1, 0)]]]));
      assert.ok(result.result === "overtaken" && result.lanes.includes(0));
      assert.deepEqual((await stores[0]?.recover(1))?.head, 0);
    },
  },
  {
    name: "writes nothing where two lanes of a round answer the same command",
    run: async (subject) => {
      const { names, stores } = await openTwo(subject);
      const [name = ""] = names;
      const answered = [0, 1].map((lane) => ({ ...oneRowOf(lane, 0), answers: [answerOf("k1")] }));
      for (const _ of times) {
        const result = await subject.database.flush(new Map([[name, answered]]));
        assert.deepEqual(result, { result: "repeated", participant: name, lanes: [0, 1] });
      }
      assert.equal((await stores[0]?.answers(["k1"]))?.size, 0);
    },
  },
  {
    name: "commits exactly one of two flushes of the same lanes, whatever their order",
    run: async (subject) => {
      const { names, stores } = await openTwo(subject);
      const [name = ""] = names;
      for (let turn = 0; turn < 20; turn += 1) {
        const flushes = [oneRowOf(0, turn), oneRowOf(1, turn)];
        const results = await Promise.all(
          [flushes, flushes.toReversed()].map((one) => subject.database.flush(new Map([[name, one]]))),
        );
        assert.deepEqual(results.map(({ result }) => result).toSorted(), ["committed", "overtaken"]);
      }
      assert.equal((await stores[0]?.recover(1))?.head, 20);
    },
  },
  {
    name: "stops at two flushes of one lane",
    run: async (subject) => {
      const { names } = await openTwo(subject);
      const round = new Map([[names[0] ?? "", [oneRow(0, "a"), oneRow(0, "b")]]]);
      await assert.rejects(
        Promise.resolve().then(() => subject.database.flush(round)),
        /2 flushes are of 1 lanes/,
      );
    },
  },
  {
    name: "commits the flush of a participant that was opened once more, without its sources",
    run: async (subject) => {
      const { names, stores } = await openTwo(subject);
      for (const name of names) await subject.open({ name });
      const inbox = new Map([["order", 7]]);
      const round = roundOf(names, { ...oneRow(0, "a"), inbox }, { ...oneRow(0, "a"), inbox });
      assert.deepEqual(await subject.database.flush(round), { result: "committed" });
      for (const store of stores) assert.equal((await store.recover(0)).inbox.get("order"), 7);
    },
  },
  {
    name: "stops at a round with a participant that was not opened",
    run: async (subject) => {
      const { names, stores } = await openTwo(subject);
      const round = new Map([
        ...roundOf(names, oneRow(0, "a"), oneRow(0, "a")),
        ["stranger", [oneRow(0, "a")]],
      ]);
      await assert.rejects(
        Promise.resolve().then(() => subject.database.flush(round)),
        /stranger was not opened/,
      );
      for (const store of stores) assert.deepEqual(await seen(store), { turn: 0, head: 0, entities: 0 });
    },
  },
];

interface Two {
  readonly names: readonly string[];
  readonly stores: readonly Store[];
}

async function openTwo({ open, participant }: StoreSubject): Promise<Two> {
  const names = [participant, `${participant}_partner`];
  return { names, stores: [await open(), await open({ name: names[1] ?? "" })] };
}

function roundOf(names: readonly string[], ...flushes: readonly Flush[]): RoundFlushes {
  return new Map(flushes.map((flush, index) => [names[index] ?? "", [flush]]));
}

function oneRow(turn: number, key: string): Flush {
  const row = journalOf(turn + 1, { key });
  return flushOf({ turn, head: turn + 1, journal: [row], created: [entityOf(`${key}-${turn}`)] });
}

function oneRowOf(lane: number, turn: number): Flush {
  const row = journalOf(turn + 1, { lane, key: `${lane}-${turn}` });
  return flushOf({
    lane,
    turn,
    head: turn + 1,
    journal: [row],
    created: [entityOf(`${lane}-${turn}`, { lane })],
  });
}

async function seen(store: Store): Promise<{ turn: number; head: number; entities: number }> {
  const { turn, head } = await store.recover(0);
  const entities = (await store.entities({ limit: 100 })).length;
  assert.equal((await store.read(0, 0, 100)).length, head);
  return { turn, head, entities };
}
