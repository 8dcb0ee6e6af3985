// The plain function for tests throws a story, or gives the report.
import { expect, it } from "vitest";
import { asPublished, reference } from "../../test/reference-choreographies.ts";
import { assertHolds } from "./holds.ts";

it("gives the report of a choreography that holds", () => {
  expect(assertHolds(reference("order-lifecycle"), asPublished)).toMatchObject({
    states: 161,
    exhausted: true,
  });
});

it("throws what was found, with the story and the patch", () => {
  expect(() => assertHolds(reference("create-order-1-as-published"), asPublished)).toThrow(
    /^Create Order: as published does not hold within its bound\n\nP1 error: TicketCreated may reach Accounting in ABSENT, which does not handle it\n {2}at \/participants\/Accounting\/states\/ABSENT\/on\/TicketCreated\n {2}1\. Order receives createOrder[^]*\n {2}to fix it, defer: keep TicketCreated/,
  );
});

it("lets warnings pass on request", () => {
  expect(() => assertHolds(reference("create-order-5-tombstones"), asPublished)).toThrow("P7 warning");
  expect(assertHolds(reference("create-order-5-tombstones"), asPublished, { warnings: true }).states).toBe(
    114,
  );
});

it("does not hold when it was not explored whole, unless that is accepted", () => {
  const bound = { states: 50 };
  expect(() => assertHolds(reference("order-lifecycle"), { ...asPublished, bound })).toThrow(
    "the bound of states was hit",
  );
  expect(
    assertHolds(reference("order-lifecycle"), { ...asPublished, bound }, { unexhausted: true }).exhausted,
  ).toBe(false);
});
