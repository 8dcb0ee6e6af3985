// Joins in the transition: any order and any gap give the same end, and any walk stays within the contract.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { defer, ignore, lock, never, on } from "../contract/reaction.ts";
import { compile, partialState } from "../contract/table.ts";
import { activity, all, event } from "../contract/trigger.ts";
import { sentenceFor, transition, type EntityState, type Message } from "./transition.ts";

const Text = z.object({ text: z.string() });
const A = event("A", Text);
const B = event("B", Text);
const C = event("C", Text);
const D = event("D", Text);
const Abort = event("Abort");
const Done = event("Done", Text);
const work = activity("work");
const facts = [A, B, C, D];

const table = compile(
  participant("Joiner", {
    entity: "Join",
    initial: "NONE",
    states: {
      NONE: [
        on(all(A, B, C, D), { good: to("WORKING"), bad: to("STOPPED").emits(Done) }),
        on(Abort, to("STOPPED")),
        never(Abort, { once: [B, C, D] }),
      ],
      WORKING: lock([on(work, to("STOPPED").emits(Done)), defer(Abort)]),
      STOPPED: [...facts.map((fact) => ignore(fact)), ignore(Abort)],
    },
  }),
);

const none: EntityState = Object.freeze({ state: "NONE", data: undefined, facts: undefined });
const message = (name: string): Message => ({ kind: "event", name, data: { text: name.toLowerCase() } });

function permutations<T>(list: readonly T[]): readonly (readonly T[])[] {
  if (list.length < 2) return [list];
  return list.flatMap((one, index) => permutations(list.toSpliced(index, 1)).map((rest) => [one, ...rest]));
}

function step(entity: EntityState, name: string, outcome = ""): EntityState {
  const result = transition(table, entity, {
    message: message(name),
    choice: () => ({ outcome, payloads: {} }),
  });
  if (result.kind !== "taken") throw new Error(`${name} in ${entity.state} is ${result.kind}`);
  return result.entity;
}

describe("a join of four", () => {
  const orders = permutations(facts.map(({ name }) => name));

  it.each(orders.map((order) => [order.join(" "), order] as const))("takes %s", (_, order) => {
    const [last = "", ...before] = order.toReversed();
    const waiting = before.toReversed().reduce((entity, name) => step(entity, name), none);
    expect(waiting.facts).toEqual(
      Object.fromEntries(before.map((name) => [name, { text: name.toLowerCase() }])),
    );
    expect(waiting.state).toBe(
      partialState(
        "NONE",
        facts.map(({ name }) => name).filter((name) => name !== last),
      ),
    );
    expect(sentenceFor(table, waiting, message(last))).toMatchObject({
      join: "completes",
      handler: { trigger: "A+B+C+D" },
    });
    expect(step(waiting, last, "good")).toEqual({ state: "WORKING", data: undefined, facts: undefined });
  });

  it("asks for a choice only with the last fact", () => {
    const asked: string[] = [];
    const choice = (name: string) => () => {
      asked.push(name);
      return { outcome: "bad", payloads: { Done: { text: "" } } };
    };
    let entity = none;
    for (const { name } of facts) {
      const result = transition(table, entity, { message: message(name), choice: choice(name) });
      entity = result.kind === "taken" ? result.entity : entity;
    }
    expect(asked).toEqual(["D"]);
    expect(entity.state).toBe("STOPPED");
  });

  it("refuses a fact that was seen before", () => {
    const waiting = step(step(none, "B"), "A");
    expect(transition(table, waiting, { message: message("B") })).toMatchObject({
      kind: "refused",
      refusal: "impossible",
    });
  });

  it("is cut short by another event in every partial state, but where it cannot come", () => {
    for (const row of table.states.values()) {
      if (row.base !== "NONE") continue;
      const impossible = ["B", "C", "D"].every((fact) => row.facts.includes(fact));
      const result = transition(table, { ...none, state: row.name }, { message: message("Abort") });
      expect([row.name, result.kind]).toEqual([row.name, impossible ? "refused" : "taken"]);
    }
  });

  it("forgets its facts when it is left", () => {
    expect(step(step(none, "A"), "Abort")).toEqual({ state: "STOPPED", data: undefined, facts: undefined });
  });
});

describe("payloads", () => {
  const waiting = ["A", "B", "C"].reduce((entity, name) => step(entity, name), none);
  const choose = (payloads: Readonly<Record<string, unknown>>) =>
    transition(table, waiting, { message: message("D"), choice: () => ({ outcome: "bad", payloads }) });

  it("are needed for events that have a schema", () => {
    expect(choose({})).toMatchObject({ kind: "refused", refusal: "missing payload" });
    expect(choose({ Done: { text: "" } })).toMatchObject({
      kind: "taken",
      emitted: [{ event: "Done", data: { text: "" } }],
    });
  });

  it("are refused for events that the outcome does not emit", () => {
    expect(choose({ Done: { text: "" }, A: {} })).toMatchObject({
      kind: "refused",
      refusal: "undeclared payload",
    });
  });
});

describe("any walk", () => {
  const names = ["A", "B", "C", "D", "Abort", "Unheard"];
  const moves = fc.array(
    fc.record({
      name: fc.constantFrom(...names),
      outcome: fc.constantFrom("", "good", "bad"),
      filled: fc.boolean(),
    }),
    { maxLength: 30 },
  );

  it("stays in declared states, changes nothing unless a message is taken, and keeps facts while a join waits only", () => {
    fc.assert(
      fc.property(moves, (walk) => {
        let entity = none;
        for (const { name, outcome, filled } of walk) {
          const before = structuredClone(entity);
          const result = transition(table, entity, {
            message: message(name),
            choice: () => ({ outcome, payloads: filled ? { Done: { text: "" } } : {} }),
          });
          expect(entity).toEqual(before);
          if (result.kind === "taken") entity = result.entity;
          const row = table.states.get(entity.state);
          expect(Object.keys(entity.facts ?? {}).toSorted()).toEqual(
            [...(row?.facts ?? ["no such state"])].toSorted(),
          );
        }
      }),
    );
  });

  it("comes to the same state in whatever order the same facts arrive", () => {
    const some = fc.shuffledSubarray(
      facts.map(({ name }) => name),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(some, (order) => {
        const forward = order.reduce((entity, name) => step(entity, name), none);
        const backward = order.toReversed().reduce((entity, name) => step(entity, name), none);
        expect(forward).toEqual(backward);
      }),
    );
  });
});
