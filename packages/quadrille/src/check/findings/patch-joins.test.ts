// Suggested patches in a state with a join: for a fact that comes again, and for what the join rules out.
import { describe, expect, it } from "vitest";
import { choreography, end } from "../../../test/small-choreography.ts";
import { writeOutJoins } from "../../contract/json/write-out-joins.ts";
import type { ChoreographyJson, JoinJson, ParticipantJson, StateJson } from "../../contract/json-form.ts";
import { check } from "../check.ts";
import { applyPatch } from "./apply-patch.ts";

const sender = (...events: readonly string[]): ParticipantJson => ({
  initial: "none",
  states: {
    none: { commands: { [`send${events.join("")}`]: [{ to: "sent0", emit: [events[0] ?? ""] }] } },
    ...Object.fromEntries(
      events.map((_, index): [string, StateJson] => {
        const next = events[index + 1];
        const more = { [`more${index}${events[0]}`]: [{ to: `sent${index + 1}`, emit: [next ?? ""] }] };
        return [`sent${index}`, next === undefined ? {} : { commands: more }];
      }),
    ),
  },
});

/** Q joins what A and B send; A may send more. */
function twice(
  sent: readonly string[],
  more: { readonly open?: StateJson; readonly join?: Partial<JoinJson>; readonly done?: StateJson } = {},
): ChoreographyJson {
  const join: JoinJson = { facts: ["Paid", "Packed"], rests: true, outcomes: [{ to: "done" }], ...more.join };
  const taker: ParticipantJson = {
    initial: "open",
    states: { open: { ...more.open, join }, done: more.done ?? {}, refunded: {} },
  };
  return choreography(
    { A: sender(...sent), B: sender("Packed"), Q: taker },
    { ends: [end("open", { Q: "open" }), end("done", { Q: ["done", "refunded"] })] },
  );
}

const errorsOf = (contract: ChoreographyJson) =>
  check(contract).findings.filter(({ severity }) => severity === "error");

describe("a fact that comes again", () => {
  const refunds: StateJson = { on: { Paid: [{ to: "refunded" }] } };

  it.each([
    ["as a join", "open", twice(["Paid", "Paid"], { done: refunds })],
    ["written out", "open+Paid", writeOutJoins(twice(["Paid", "Paid"], { done: refunds }))],
  ])("can be ignored beside the join, %s", (_, state, contract) => {
    const [one, ...others] = errorsOf(contract);
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      code: "P2",
      message: "Paid reaches Q in open+Paid, where it should never come",
      at: `/participants/Q/states/${state}/on/Paid`,
      patch: {
        why: "ignore, beside the join of open: Paid is lost where it comes again, though Q acts on it in done",
        loses: true,
        leaves: { errors: 0, fresh: [] },
      },
    });
    expect(errorsOf(applyPatch(contract, one?.patch ?? { operations: [] }) ?? contract)).toEqual([]);
  });

  it("is lost there without a word of other states where none acts on it", () => {
    const [one] = errorsOf(twice(["Paid", "Paid"], { done: { on: { Paid: "ignore" } } }));
    expect(one?.patch?.why).toBe("ignore, beside the join of open: Paid is lost where it comes again");
  });
});

it("what a join says can never come has no word as its patch", () => {
  const contract = twice(["Paid", "Cancelled"], {
    open: { on: { Cancelled: [{ to: "refunded" }] } },
    join: { never: { Cancelled: [["Paid"]] } },
    done: { on: { Cancelled: "ignore" } },
  });
  const [one] = errorsOf(contract);
  expect(one).toMatchObject({
    message: "Cancelled reaches Q in open+Paid, where it should never come",
    at: "/participants/Q/states/open/join/never/Cancelled",
  });
  expect(one?.patch).toBeUndefined();
});
