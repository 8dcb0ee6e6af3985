// Joins found in the JSON form: whole, whatever the partial states are called, and nothing else taken for
// one.
import { describe, expect, it } from "vitest";
import { references } from "../../test/references.ts";
import { joinsOf } from "./joins.ts";
import type { StateJson } from "./json-form.ts";
import { to } from "./outcome.ts";
import { participant } from "./participant.ts";
import { never, on } from "./reaction.ts";
import { participantJson } from "./json/to-json.ts";
import { all, event } from "./trigger.ts";

const facts = ["A", "B", "C", "D"].map((name) => event(name));
const [A = event("A"), B = event("B"), C = event("C"), D = event("D")] = facts;

describe("joinsOf", () => {
  it("finds what was written as a join", () => {
    const four = participant("Joiner", {
      entity: "E",
      initial: "NONE",
      states: { NONE: [on(all(A, B, C, D), to("DONE"))], DONE: [never(A)] },
    });
    expect(joinsOf(participantJson(four))).toMatchObject([
      { state: "NONE", facts: ["A", "B", "C", "D"], outcomes: [{ to: "DONE" }] },
    ]);
  });

  it.each(
    [...references].map(
      ([name, { participants }]) => [name, Object.values(participants).flatMap(joinsOf)] as const,
    ),
  )("finds the one join of %s", (name, joins) => {
    const published = name === "create-order-1-as-published";
    expect(joins.map(({ state }) => state)).toEqual([published ? "PENDING" : "ABSENT"]);
    const wanted = ["ConsumerVerified", "OrderCreated", "TicketCreated"].filter(
      (fact) => !published || fact !== "OrderCreated",
    );
    expect(joins.map((join) => join.facts.toSorted())).toEqual([wanted]);
    expect(joins[0]?.partial).toHaveLength(published ? 2 : 6);
  });

  const state = (on: NonNullable<StateJson["on"]>): StateJson => ({ on });
  it("does not take two roads to different ends for a join", () => {
    const states = {
      S: state({ A: [{ to: "T" }], B: [{ to: "U" }] }),
      T: state({ B: [{ to: "X" }] }),
      U: state({ A: [{ to: "Y" }] }),
      X: state({}),
      Y: state({}),
    };
    expect(joinsOf({ initial: "S", states })).toEqual([]);
    expect(joinsOf({ initial: "S", states: { ...states, U: state({ A: [{ to: "X" }] }) } })).toHaveLength(1);
  });

  it("does not take an answer on the way for a join", () => {
    const states = {
      S: state({ A: [{ to: "T", emit: ["E"] }], B: [{ to: "U" }] }),
      T: state({ B: [{ to: "X" }] }),
      U: state({ A: [{ to: "X" }] }),
      X: state({}),
    };
    expect(joinsOf({ initial: "S", states })).toEqual([]);
  });
});
