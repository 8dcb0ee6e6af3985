// Names may have spaces, commas and plus signs between words: what is made of several names stays apart from
// what is made of others that read alike.
import { describe, expect, it } from "vitest";
import { choreography as choreographyOf } from "../contract/choreography.ts";
import type { ChoreographyJson, ParticipantJson } from "../contract/json-form.ts";
import { withElsewhere } from "../contract/json/elsewhere.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { on } from "../contract/reaction.ts";
import { wellFormed } from "../contract/rules/well-formed.ts";
import { command, event } from "../contract/trigger.ts";
import { drawMap } from "../draw/draw-map.ts";
import { check } from "./check.ts";

function json(
  participants: Readonly<Record<string, ParticipantJson>>,
  rest: Partial<ChoreographyJson> = {},
): ChoreographyJson {
  return { name: "Names", participants, commands: {}, publicEvents: [], ends: [], forbidden: [], ...rest };
}

describe("names that read alike when they are joined", () => {
  it("leave a gap of each state and event in the findings", () => {
    const [received, paymentReceived] = [event("received"), event("payment received")];
    const states = { Pending: [], "Pending payment": [], none: [on(command("go"), to("Pending"))] };
    const clerk = participant("Clerk", {
      entity: "Case",
      initial: "none",
      otherwise: "omission",
      states: {
        ...states,
        seen: [on(received, to("seen")), on(paymentReceived, to("seen"))],
      },
    });
    const found = wellFormed(choreographyOf("Office", { participants: [clerk], ends: {} }));
    const gaps = found.filter(({ code }) => code === "W03").map(({ message }) => message);
    expect(gaps).toContain("Clerk says nothing about payment received in Pending");
    expect(gaps).toContain("Clerk says nothing about received in Pending payment");
  });

  it("leave a line of each event in the map", () => {
    const publishing = (command: string, emit: string): ParticipantJson => ({
      initial: "s",
      states: { s: { commands: { [command]: [{ to: "s", emit: [emit] }] } } },
    });
    const map = drawMap(json({ A: publishing("one", "B C"), "A B": publishing("two", "C") }));
    expect(map.split("\n").map((line) => line.slice(0, 5).trim())).toEqual(
      expect.arrayContaining(["B C", "C"]),
    );
  });

  it("leave each event from elsewhere, and each command, its budget and its sender", () => {
    const taker: ParticipantJson = {
      initial: "s",
      states: {
        s: {
          on: { Paid: "ignore", "Paid from X": "ignore", "B (C)": "ignore", "C)": "ignore", D: "ignore" },
        },
      },
    };
    const given = json(
      { Taker: taker },
      {
        commands: { "D from Z": "unbounded" },
        takes: {
          Paid: { from: "X from Y", joins: true, budget: 1 },
          "Paid from X": { from: "Y", joins: true, budget: 2 },
          "B (C)": { from: "A", joins: true, budget: 3 },
          D: { from: "Z", joins: true, budget: 4 },
          E: { from: "A", joins: true, budget: 5 },
          "C)": { from: "A (B", joins: true, budget: 6 },
          F: { from: "A (B", joins: true, budget: 7 },
        },
      },
    );
    const { participants, commands } = withElsewhere(given);
    const budgets = Object.values(commands).map(String);
    expect(budgets.toSorted()).toEqual(["1", "2", "3", "4", "5", "6", "7", "unbounded"]);
    expect(commands["D from Z"]).toBe("unbounded");
    expect(Object.keys(participants)).toHaveLength(8);
  });

  it("leave the start from elsewhere apart from an event that reads like it", () => {
    const taker: ParticipantJson = {
      initial: "s",
      states: { s: { on: { start: "ignore", A: "ignore", B: "ignore" } } },
    };
    const takes = {
      start: { from: "elsewhere", joins: true, budget: 3 },
      A: { from: "X" },
      B: { from: "Y" },
    } as const;
    const { commands } = withElsewhere(json({ Taker: taker }, { takes }));
    expect(new Set(Object.values(commands))).toEqual(new Set([1, 3]));
  });

  it("leave two ends at once apart from the end that has both names", () => {
    const race = json(
      {
        A: { initial: "s", states: { s: { commands: { go: [{ to: "t", emit: ["X"] }] } }, t: {} } },
        C: { initial: "s", states: { s: { on: { X: [{ to: "t", emit: ["Y"] }] } }, t: {} } },
        B: {
          initial: "s",
          states: {
            s: { on: { X: [{ to: "x" }], Y: [{ to: "y" }] } },
            x: { on: { Y: "ignore" } },
            y: { on: { X: "ignore" } },
          },
        },
      },
      {
        commands: { go: 1 },
        ends: [
          { name: "nothing", states: { A: "s" } },
          { name: "one", states: { B: "x" } },
          { name: "two", states: { B: "x" } },
          { name: "one + two", states: { B: "y" } },
        ],
      },
    );
    expect(check(race, { channel: "bag" }).findings.map(({ code }) => code)).toContain("P10");
  });

  it("leave strange combinations of states apart", () => {
    const walker = (commandName: string, next: readonly string[]): ParticipantJson => ({
      initial: "s",
      states: {
        s: { commands: { [commandName]: next.map((name) => ({ to: name, choice: name })) } },
        ...Object.fromEntries(next.map((name) => [name, {}])),
      },
    });
    // "A in x,B in y,B in z" and "A in x,B in y,B in z": of A in "x" or in "x,B in y".
    const given = json(
      { A: walker("one", ["x", "x,B in y"]), B: walker("two", ["y,B in z", "z"]) },
      {
        commands: { one: 1, two: 1 },
        ends: [
          { name: "begun", states: { A: "s" } },
          { name: "half", states: { B: "s" } },
        ],
      },
    );
    const messages = check(given)
      .findings.filter(({ code }) => code === "P4")
      .map(({ message }) => message);
    expect(messages.join()).toContain("one of 4 such combinations");
  });
});
