// The rows that stores are tried with fill every column: one that a store would lose is noticed.
import { expect, it } from "vitest";
import { answerOf, entityOf, journalOf, parkedOf } from "../../../testing/store-samples.ts";
import { answerTable } from "./answer.ts";
import { entityTable } from "./entity.ts";
import { journalTable } from "./journal.ts";
import { parkedTable } from "./parked.ts";
import type { SqlTable } from "./table.ts";

function empty<Row>({ columns }: SqlTable<Row>, row: Row): readonly string[] {
  return Object.entries(columns).flatMap(([name, [, of]]) => ((of(row) ?? null) === null ? [name] : []));
}

it("fill every column of the tables", () => {
  expect({
    answer: empty(answerTable, answerOf("a")),
    entity: empty(entityTable, entityOf("a")),
    journal: empty(journalTable, journalOf(1)),
    parked: empty(parkedTable, parkedOf("a")),
  }).toEqual({ answer: [], entity: [], journal: [], parked: [] });
});
