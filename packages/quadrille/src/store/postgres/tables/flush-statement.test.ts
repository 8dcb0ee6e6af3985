// What is sent with a flush.
import { expect, it } from "vitest";
import { entityOf, flushOf, journalOf } from "../../../testing/store-samples.ts";
import { flushStatements } from "./flush-statement.ts";

it("does not send a value that the row has already in another column", () => {
  const [mine, other] = ["1f7c0a", "93be54"];
  const times = (key: string): number => {
    const created = [entityOf(key, { sagaId: mine, data: undefined })];
    const journal = [journalOf(1, { key, sagaId: mine })];
    const { values } = flushStatements('"kitchen"', "kitchen.")([flushOf({ head: 1, created, journal })]);
    return values.join("").split(mine).length - 1;
  };
  expect(times(mine)).toBe(2);
  expect(times(other)).toBe(2);
});
