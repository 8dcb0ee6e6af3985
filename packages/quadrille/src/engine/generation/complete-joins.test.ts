// The facts that are offered again where a join is complete: those of its own, with what is known of them.
import { expect, it } from "vitest";
import { collecting, first } from "../../../test/collected-facts.ts";
import { compile } from "../../contract/table.ts";
import { memoryDatabase } from "../../store/memory/memory-database.ts";
import { entityOf, journalOf } from "../../testing/store-samples.ts";
import type { EntityRecord, JournalRecord } from "../../store/records.ts";
import { factsOfComplete, type JoinsLookedAt } from "./complete-joins.ts";

const [, collector] = collecting(first(2), memoryDatabase()).choreography.participants;
const facts = { F0: "zero", F1: "one" };
const entity = entityOf("a", { state: "none+F1+F0", facts, factVersions: { F1: 3 } });

function looked(entities: readonly EntityRecord[], rows: readonly JournalRecord[]): JoinsLookedAt {
  if (collector === undefined) throw new Error("there is a collector");
  const { turn, head, generation } = { turn: 4, head: 9, generation: 1 };
  const none = { inbox: new Map<string, number>(), subscriptions: [] };
  return {
    table: compile(collector),
    now: 77,
    store: {
      census: async () => new Map([...entities.map(({ state }) => [state, 1] as const), ["DONE", 5]]),
      entities: async ({ states }) => entities.filter(({ state }) => states?.includes(state) === true),
      recover: async () => ({ turn, head, generation, ...none, lastOrdinal: 12 }),
      timeline: async () => rows,
    },
  };
}

it("the last fact is offered again, as it came", async () => {
  const cause = { source: "Teller", lane: 0, position: 8 };
  const row = journalOf(9, { key: "a", kind: "event", trigger: "F1", cause, time: 55 });
  const earlier = { ...row, position: 8, cause: { ...cause, position: 5 } };
  const found = await factsOfComplete(looked([entity], [earlier, row]));
  expect(found).toMatchObject([
    {
      id: "Teller/0/8/F1",
      trigger: "F1",
      data: "one",
      dataVersion: 3,
      cause,
      causeTime: 55,
      ordinal: 13,
      nextAt: 77,
    },
  ]);
  expect(found).toHaveLength(1);
});

it("also where its row was deleted by hand", async () => {
  expect(await factsOfComplete(looked([entity], []))).toMatchObject([
    { id: `join/0/${entity.version}/F1`, trigger: "F1", data: "one", causeTime: entity.enteredAt },
  ]);
});

it("none is offered of a join that waits, nor of one that has a fact of another contract", async () => {
  for (const state of ["none+F0", "none+F0+F7", "none", "DONE"])
    expect(await factsOfComplete(looked([{ ...entity, state }], []))).toEqual([]);
});
