// Slips of an author: which are caught, and which survive.
import { describe, expect, it } from "vitest";
import { reference } from "../../test/reference-choreographies.ts";
import { listMutants } from "./mutants.ts";
import { mutate } from "./mutate.ts";

describe("mutation", () => {
  it("of create order leaves no survivor", () => {
    const report = mutate(reference("create-order"));
    expect([report.mutants, report.survivors.map(({ description }) => description)]).toEqual([303, []]);
  });

  it("of the lifecycle with a deadline catches 737 of 738", { timeout: 60_000 }, () => {
    const report = mutate(reference("order-lifecycle-with-deadline"));
    expect([report.mutants, report.caught]).toEqual([738, 737]);
    // Released money is released money: the end "rejected" allows both states, with nothing held.
    expect(report.survivors.map(({ description }) => description)).toEqual([
      "OrderRejected at Accounting in AUTHORIZED leads to FAILED instead of REVERSED",
    ]);
  });

  it("makes each of the five slips, one place at a time", () => {
    const mutants = listMutants(reference("order-lifecycle-with-deadline"));
    expect(
      Object.fromEntries(
        Map.groupBy(mutants, ({ kind }) => kind)
          .entries()
          .map(([kind, list]) => [kind, list.length]),
      ),
    ).toEqual({
      "drop reaction": 79,
      "drop emission": 30,
      "duplicate emission": 30,
      "retarget outcome": 578,
      "swap ignore and defer": 21,
    });
  });

  it("shows that an end that allows everything is blunt", () => {
    const blunt = { ...reference("create-order"), ends: [{ name: "any", states: {} }], invariants: [] };
    expect(mutate(blunt).survivors.map(({ description }) => description)).toContain(
      "CreditCardAuthorizationFailed at Order in APPROVAL_PENDING leads to APPROVED instead of REJECTED",
    );
  });
});
