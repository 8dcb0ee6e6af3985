// Slips of an author: which are caught, and which survive.
import { describe, expect, it } from "vitest";
import { isSweep } from "../../../../test/sweep.ts";
import { reference } from "../../test/reference-choreographies.ts";
import { choreography, end } from "../../test/small-choreography.ts";
import type { ParticipantJson } from "../contract/json-form.ts";
import { listMutants } from "./mutants.ts";
import { mutate, type MutationReport } from "./mutate.ts";

describe("mutation", () => {
  it("of create order leaves no survivor", () => {
    const report = mutate(reference("create-order"));
    expect([report.mutants, report.survivors.map(({ description }) => description)]).toEqual([303, []]);
  });

  it("of a contract that relies on the engine's order is in that order", () => {
    const ordered = reference("create-order-4-compensated");
    const report = mutate(ordered);
    expect([report.channel, report.errors]).toEqual(["fifo", []]);
    expect(mutate(ordered, { channel: "bag" }).errors).not.toEqual([]);
  });

  it.runIf(isSweep)("of the lifecycle with a deadline catches 737 of 738", () => {
    const report = mutate(reference("order-lifecycle-with-deadline"));
    expect([report.mutants, report.caught]).toEqual([738, 737]);
    // Released money is released money: the end "rejected" allows both states, with nothing held.
    expect(report.survivors.map(({ description }) => description)).toEqual([
      "OrderRejected at Accounting in AUTHORIZED leads to FAILED instead of REVERSED",
    ]);
  });

  it("explores every slip by stubborn sets where its original had to be", () => {
    const events = ["E1", "E2", "E3", "E4", "E5", "E6"];
    const takers = events.map((event) => {
      const taker: ParticipantJson = {
        initial: "s",
        states: { s: { on: { [event]: [{ to: "t" }] } }, t: {} },
      };
      return [`Takes${event}`, taker] as const;
    });
    const sender: ParticipantJson = {
      initial: "s",
      states: { s: { commands: { send: [{ to: "t", emit: events }] } }, t: {} },
    };
    const contract = choreography({ A: sender, ...Object.fromEntries(takers) }, { ends: [end("all", {})] });
    const caught = ({ results }: MutationReport): string[] =>
      results.map(({ mutant, caughtBy }) => `${mutant.description}: ${caughtBy.join(", ")}`);
    // Two sagas have 65 * 65 states; a slip may have fewer than 2,000, so that none is reduced for its own
    // size.
    const auto = mutate(contract, { sagas: 2, bound: { plain: 2_000 } });
    expect(caught(auto)).toEqual(caught(mutate(contract, { sagas: 2, reduce: "never" })));
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
    const blunt = { ...reference("create-order"), ends: [{ name: "any", states: {} }], forbidden: [] };
    expect(mutate(blunt).survivors.map(({ description }) => description)).toContain(
      "CreditCardAuthorizationFailed at Order in APPROVAL_PENDING leads to APPROVED instead of REJECTED",
    );
  });
});
