// What operators and pages see of a participant.
import assert from "node:assert/strict";
import { reactionOf } from "../store/records.ts";
import type { StoreCase } from "./store-case.ts";
import { entityOf, flushOf, journalOf, parkedOf } from "./store-samples.ts";

/** The promises of `Database.inspect`, and of `timeline`, `sagaIds`, `parked`, `entities` and `census`. */
export const inspectionCases: readonly StoreCase[] = [
  {
    name: "shows its tables to those who do not run it, and makes none for them",
    run: async ({ open, flush, database, participant }) => {
      const missing = database.inspect({ name: `${participant}_none` });
      await assert.rejects(missing, {
        code: "Q_SCHEMA_MISSING",
        message: new RegExp(`of ${participant}_none`),
      });
      await open();
      const early = await database.inspect({ name: participant });
      await flush(flushOf({ created: [entityOf("a")] }));
      const inspection = await database.inspect({ name: participant });
      assert.deepEqual((await inspection.load(["a"])).get("a"), entityOf("a"));
      assert.deepEqual(await early.entities({ limit: 9 }), [entityOf("a")]);
      // Looking at a participant takes nothing from the process that runs it.
      assert.equal(await flush(flushOf({ turn: 1, inbox: new Map([["order", 1]]) })), "committed");
      assert.equal((await inspection.recover(0)).inbox.get("order"), 1);
    },
  },
  {
    name: "gives a saga's reactions by time and position",
    run: async ({ open, flush }) => {
      const store = await open();
      const mine = { sagaId: "mine", outcome: "", trace: undefined, time: 1_790_000_000_000 };
      const journal = [
        journalOf(1, { ...mine, time: mine.time + 5 }),
        journalOf(2),
        journalOf(3, mine),
        journalOf(4, mine),
      ];
      await flush(flushOf({ head: 4, journal }));
      assert.deepEqual(await store.timeline("mine"), [journal[2], journal[3], journal[0]]);
      assert.deepEqual(await store.timeline("missing"), []);
    },
  },
  {
    name: "gives the reactions of sagas with the names of their events, and which sagas have parked messages",
    run: async ({ open, flush }) => {
      const store = await open();
      const emitted = ["Second", "First"].map((event) => ({ event, data: { event } }));
      const journal = [
        journalOf(1, { sagaId: "a", emitted }),
        journalOf(2, { sagaId: "b" }),
        journalOf(3, { sagaId: "a", emitted: [] }),
      ];
      const parked = [
        parkedOf("1", { sagaId: "a", reason: "discarded" }),
        parkedOf("2", { sagaId: "b", reason: "discarded" }),
        parkedOf("3", { sagaId: "b", reason: "waiting" }),
        parkedOf("4", { sagaId: "c", reason: "dead" }),
      ];
      await flush(flushOf({ head: 3, journal, parked }));
      const withEvents = journal.map((row) => ({
        ...reactionOf(row),
        events: row.emitted.map(({ event }) => event),
      }));
      assert.deepEqual(await store.reactionsOf(["a", "nobody's"]), [withEvents[0], withEvents[2]]);
      assert.deepEqual(await store.reactionsOf(["b", "a"]), withEvents);
      assert.deepEqual(await store.reactionsOf([]), []);
      assert.deepEqual(await store.withParked(["a", "b", "nobody's"]), new Set(["b"]));
      assert.deepEqual(await store.withParked([]), new Set());
    },
  },
  {
    name: "gives the ids of sagas that begin so, in their order",
    run: async ({ open, flush }) => {
      const store = await open();
      const created = ["ab1", "ab", "ab2", "aa", "ac", "Ab3"].map((key) => entityOf(key, { sagaId: key }));
      // An entity that sagas share has a key that is no saga's id; the journal has the saga.
      const shared = entityOf("ab-shared", { sagaId: "zz" });
      const journal = [journalOf(1, { sagaId: "ab4" }), journalOf(2, { sagaId: "ab1" })];
      await flush(flushOf({ head: 2, created: [...created, shared], journal }));
      assert.deepEqual(await store.sagaIds("ab", 9), ["ab", "ab1", "ab2", "ab4"]);
      assert.deepEqual(await store.sagaIds("ab", 2), ["ab", "ab1"]);
      assert.deepEqual(await store.sagaIds("ab3", 9), []);
      assert.deepEqual(await store.sagaIds("a_", 9), []);
      assert.deepEqual(await store.sagaIds("a%", 9), []);
    },
  },
  {
    name: "gives the state in which each saga's last reaction left its entity",
    run: async ({ open, flush }) => {
      const store = await open();
      const journal = [
        journalOf(1, { sagaId: "a", to: "HELD" }),
        journalOf(2, { sagaId: "b", to: "REFUSED" }),
        journalOf(3, { sagaId: "a", to: "FREE" }),
      ];
      await flush(flushOf({ head: 3, journal }));
      assert.deepEqual(
        await store.lastStates(["a", "b", "missing"]),
        new Map([
          ["a", "FREE"],
          ["b", "REFUSED"],
        ]),
      );
      assert.deepEqual(await store.lastStates([]), new Map());
    },
  },
  {
    name: "gives what caused a saga and what a saga has caused; what is there already stays",
    run: async ({ open, flush }) => {
      const store = await open();
      const causedBy = { choreography: "Orders", sagaId: "order 1" };
      const cause = { source: "Order", lane: 0, position: 7 };
      const first = { sagaId: "points 1", event: "Approved", cause, causedBy };
      const later = {
        ...first,
        cause: { ...cause, position: 12 },
        causedBy: { ...causedBy, sagaId: "order 2" },
      };
      const other = { ...first, sagaId: "points 2", cause: { ...cause, position: 9 } };
      await flush(flushOf({ origins: [first, other] }));
      await flush(flushOf({ turn: 1, origins: [first, later] }));
      assert.deepEqual(await store.origins({ sagaId: "points 1" }), [first, later]);
      assert.deepEqual(await store.origins({ causedBy: "order 1" }), [first, other]);
      assert.deepEqual(await store.origins({ sagaId: "order 1" }), []);
      const lost = { turn: 7, origins: [{ ...first, sagaId: "points 3" }] };
      assert.equal(await flush(flushOf(lost)), "overtaken");
      assert.deepEqual(await store.origins({ sagaId: "points 3" }), []);
    },
  },
  {
    name: "lists parked messages, oldest first, by reason or by id",
    run: async ({ open, flush }) => {
      const store = await open();
      const parked = [
        parkedOf("new", { parkedAt: 1_790_000_000_300, reason: "dead" }),
        parkedOf("old", { parkedAt: 1_790_000_000_100, reason: "dead" }),
        parkedOf("mid", { parkedAt: 1_790_000_000_200, reason: "discarded", note: "twice" }),
      ];
      await flush(flushOf({ parked }));
      assert.deepEqual(await store.parked({ limit: 10 }), [parked[1], parked[2], parked[0]]);
      assert.deepEqual(await store.parked({ reason: "dead", limit: 1 }), [parked[1]]);
      assert.deepEqual(await store.parked({ reason: "waiting", limit: 10 }), []);
      assert.deepEqual(await store.parked({ reason: ["discarded", "waiting"], limit: 1 }), [parked[2]]);
      assert.deepEqual(await store.parked({ id: "mid", limit: 10 }), [parked[2]]);
      assert.deepEqual(await store.parked({ id: "mid", reason: "dead", limit: 10 }), []);
    },
  },
  {
    name: "counts parked events by their names, without discarded ones and without calls",
    run: async ({ open, flush }) => {
      const store = await open();
      assert.deepEqual(await store.parkedEvents(), new Map());
      const parked = [
        parkedOf("1", { trigger: "Paid", reason: "dead" }),
        parkedOf("2", { trigger: "Paid", reason: "deferred" }),
        parkedOf("3", { trigger: "Paid", reason: "discarded" }),
        parkedOf("4", { trigger: "Sent", reason: "waiting" }),
        parkedOf("5", { trigger: "charge", kind: "activity", reason: "dead" }),
      ];
      await flush(flushOf({ parked }));
      const counts = { Paid: 2, Sent: 1 };
      assert.deepEqual(await store.parkedEvents(), new Map(Object.entries(counts)));
    },
  },
  {
    name: "lists entities, newest saga first, page by page",
    run: async ({ open, flush }) => {
      const store = await open();
      // The ids fall while time goes on.
      const created = [1, 2, 3].map((saga) =>
        entityOf(`e${saga}`, { sagaId: `saga-${9 - saga}`, beganAt: saga * 10, enteredAt: saga * 100 }),
      );
      const other = entityOf("d3", { sagaId: "saga-6", beganAt: 30, enteredAt: 500, state: "OTHER" });
      await flush(flushOf({ created: [...created, other] }));
      assert.deepEqual(await keys({ limit: 2 }), ["d3", "e3"]);
      assert.deepEqual(await keys({ limit: 2, before: { beganAt: 30, sagaId: "saga-6" } }), ["e2", "e1"]);
      assert.deepEqual(await keys({ limit: 9, before: { beganAt: 30, sagaId: "saga-9" } }), [
        "d3",
        "e3",
        "e2",
        "e1",
      ]);
      assert.deepEqual(await keys({ limit: 9, states: ["OTHER"] }), ["d3"]);
      assert.deepEqual(await keys({ limit: 9, enteredUntil: 200 }), ["e2", "e1"]);
      assert.deepEqual(
        await keys({ limit: 9, states: ["OTHER"], before: { beganAt: 30, sagaId: "saga-6" } }),
        [],
      );
      assert.deepEqual(await keys({ limit: 9, sagaId: "saga-6" }), ["d3", "e3"]);
      assert.deepEqual(await keys({ limit: 9, sagaId: "saga-9" }), []);
      assert.deepEqual((await store.entities({ limit: 1, sagaId: "saga-7" }))[0], created[1]);

      async function keys(query: Parameters<typeof store.entities>[0]): Promise<readonly string[]> {
        return (await store.entities(query)).map(({ key }) => key);
      }
    },
  },
  {
    name: "counts the entities in each state",
    run: async ({ open, flush }) => {
      const store = await open();
      assert.deepEqual(await store.census(), new Map());
      const states = ["PENDING", "DONE", "PENDING"];
      await flush(flushOf({ created: states.map((state, index) => entityOf(`k${index}`, { state })) }));
      assert.deepEqual(
        await store.census(),
        new Map([
          ["PENDING", 2],
          ["DONE", 1],
        ]),
      );
    },
  },
];
