// The transition against the tables: every state, trigger and outcome of the nine reference choreographies.
import { describe, expect, it } from "vitest";
import { references } from "../../test/references.ts";
import { participantFromJson } from "../contract/json/from-json.ts";
import type { DispositionJson, OutcomeJson, ParticipantJson } from "../contract/json-form.ts";
import { kindOf, stateKeys } from "../contract/trigger-kind.ts";
import { compile, type Table } from "../contract/table.ts";
import { sentenceFor, stateOf, transition, type EntityState, type Message } from "./transition.ts";

interface Case {
  readonly participant: string;
  readonly table: Table;
  readonly state: string;
  readonly message: Message;
  /** What the JSON form says, read without the code under test. */
  readonly disposition: DispositionJson | undefined;
}

/** Every state with every trigger that the participant knows in any state, and one that it does not know. */
function casesOf(name: string, json: ParticipantJson): readonly Case[] {
  const table = compile(participantFromJson(name, json));
  const triggers = stateKeys.flatMap((key) => {
    const names = Object.values(json.states).flatMap((state) => Object.keys(state[key] ?? {}));
    return [...new Set([...names, "Unheard"])].map((trigger) => ({ key, trigger }));
  });
  return Object.entries(json.states).flatMap(([state, row]) =>
    triggers.map(({ key, trigger }) => ({
      participant: name,
      table,
      state,
      message: deepFreeze({ kind: kindOf(key), name: trigger, data: { of: trigger } }),
      disposition: row[key]?.[trigger],
    })),
  );
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}

function entityIn(state: string): EntityState {
  return deepFreeze({ state, data: { kept: true }, facts: undefined });
}

/** The outcome's name as `fromJson` gives it. */
function nameOf(rows: readonly OutcomeJson[], row: OutcomeJson, index: number): string {
  return row.choice ?? (rows.length === 1 ? "" : `outcome ${index + 1}`);
}

describe.each([...references])("%s", (_, json) => {
  const cases = Object.entries(json.participants).flatMap(([name, one]) => casesOf(name, one));
  const reactions = cases.flatMap((one) =>
    typeof one.disposition === "object"
      ? one.disposition.map((row, index, rows) => ({ ...one, row, outcome: nameOf(rows, row, index) }))
      : [],
  );

  it("takes every declared outcome to its state with its events, and keeps the data", () => {
    expect(reactions.length).toBeGreaterThan(10);
    for (const { table, state, message, row, outcome } of reactions) {
      const payloads = deepFreeze(
        Object.fromEntries((row.emit ?? []).map((event) => [event, { from: event }])),
      );
      const result = transition(table, entityIn(state), { message, choice: () => ({ outcome, payloads }) });
      expect(result).toEqual({
        kind: "taken",
        entity: { state: row.to, data: { kept: true }, facts: undefined },
        outcome: { name: outcome, to: row.to, emit: row.emit ?? [], tally: row.tally ?? {} },
        emitted: (row.emit ?? []).map((event) => ({ event, data: { from: event } })),
      });
    }
  });

  it("replaces the data where the choice gives some", () => {
    for (const { table, state, message, outcome } of reactions) {
      const choice = () => ({ outcome, data: "new", payloads: {} });
      expect(transition(table, entityIn(state), { message, choice })).toMatchObject({
        entity: { data: "new" },
      });
    }
  });

  it("ignores, defers and refuses exactly what the contract says", () => {
    const kindOf = { ignore: "ignored", defer: "deferred", never: "refused" } as const;
    for (const { participant, table, state, message, disposition } of cases) {
      if (typeof disposition === "object") continue;
      const result = transition(table, entityIn(state), { message, choice: notAsked });
      expect([state, message.name, result.kind]).toEqual([
        state,
        message.name,
        disposition === undefined ? "refused" : kindOf[disposition],
      ]);
      if (result.kind !== "refused") continue;
      const says =
        disposition === undefined ? `${participant} says nothing about` : `${participant} says that`;
      expect(result.refusal).toBe(disposition === undefined ? "not handled" : "impossible");
      expect(result.detail).toContain(`${says} ${message.name}`);
      expect(result.detail).toContain(state);
    }
  });

  it("refuses outcomes and payloads that are not declared", () => {
    for (const { table, state, message, outcome } of reactions) {
      const strange = transition(table, entityIn(state), {
        message,
        choice: () => ({ outcome: "strange", payloads: {} }),
      });
      expect(strange).toMatchObject({ kind: "refused", refusal: "undeclared outcome" });
      const extra = transition(table, entityIn(state), {
        message,
        choice: () => ({ outcome, payloads: { Unheard: 1 } }),
      });
      expect(extra).toMatchObject({ kind: "refused", refusal: "undeclared payload" });
    }
  });

  it("needs a choice only where there is one to make", () => {
    for (const { table, state, message, disposition } of reactions) {
      const result = transition(table, entityIn(state), { message });
      const single = typeof disposition === "object" && disposition.length === 1;
      const wanted = single ? "taken" : "undeclared outcome";
      expect(result.kind === "refused" ? result.refusal : result.kind).toBe(wanted);
    }
  });

  it("gives the same answer to the same question, and changes nothing it is given", () => {
    for (const { table, state, message, row, outcome } of reactions) {
      const payloads = Object.fromEntries((row.emit ?? []).map((event) => [event, event]));
      const ask = () =>
        transition(table, entityIn(state), { message, choice: () => deepFreeze({ outcome, payloads }) });
      expect(ask()).toEqual(ask());
    }
  });

  it("leaves no row of the table out", () => {
    const sentences = new Set(
      cases
        .filter(({ disposition }) => disposition !== undefined)
        .map((one) => `${one.participant} ${one.state} ${one.message.kind} ${one.message.name}`),
    );
    const tables = new Map(cases.map(({ participant, table }) => [participant, table]));
    const rows = [...tables].flatMap(([name, table]) =>
      [...table.states.values()].flatMap((state) =>
        [...state.sentences.keys()].map((key) => `${name} ${state.name} ${key.replace(":", " ")}`),
      ),
    );
    expect(new Set(rows)).toEqual(sentences);
  });
});

function notAsked(): never {
  throw new Error("the choice was asked although there is none");
}

describe("a state that the table does not have", () => {
  it("is a programmer's error", () => {
    const [table] = [...references.values()].flatMap((json) =>
      Object.entries(json.participants).map(([name, one]) => compile(participantFromJson(name, one))),
    );
    if (table === undefined) throw new Error("no reference choreography");
    expect(() => stateOf(table, entityIn("ELSEWHERE"))).toThrow(`${table.name} has no state ELSEWHERE`);
    expect(() => sentenceFor(table, entityIn("ELSEWHERE"), { kind: "event", name: "Any" })).toThrow(
      "ELSEWHERE",
    );
  });
});
