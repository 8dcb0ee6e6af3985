// A join is shown as its author wrote it, however the contract has it: as partial states or as a join.
import { describe, expect, it } from "vitest";
import { writeOutJoins } from "../contract/json/write-out-joins.ts";
import { toJson } from "../contract/json/to-json.ts";
import { all, atLeast, choreography, command, event, ignore, on, participant, to } from "../index.ts";
import type { ChoreographyJson } from "../contract/json-form.ts";
import { canvasOf } from "./canvas.ts";
import { drawCanvas } from "./draw-canvas.ts";
import { explainName, nameText } from "./explain-name.ts";
import { explainEvent, explanationText } from "./explain.ts";

const facts = ["A", "B", "C"] as const;
const [A, B, C] = [event("A"), event("B"), event("C")];

function vote(needed: 2 | 3): readonly (readonly [string, ChoreographyJson])[] {
  const board = participant("Board", {
    entity: "Board",
    initial: "none",
    states: { none: [A, B, C].map((one) => on(command(`yes${one.name}`), to("none").emits(one))) },
  });
  const chair = participant("Chair", {
    entity: "Chair",
    initial: "WAITS",
    states: {
      WAITS: [on(needed === 3 ? all(A, B, C) : atLeast(2, A, B, C), to("DECIDED"), { rests: true })],
      DECIDED: [ignore(A), ignore(B), ignore(C)],
    },
  });
  const ends = { open: { Chair: "WAITS" }, decided: { Chair: "DECIDED" } } as const;
  const expanded = toJson(choreography("Vote", { participants: [board, chair], ends }));
  const join = { facts, rests: true as const, outcomes: [{ to: "DECIDED" }] };
  const states = {
    WAITS: { join: needed === 3 ? join : { ...join, atLeast: needed } },
    DECIDED: expanded.participants["Chair"]?.states["DECIDED"] ?? {},
  };
  const whole = {
    ...expanded,
    participants: { ...expanded.participants, Chair: { initial: "WAITS", states } },
  };
  return [
    ["a value", expanded],
    ["JSON", whole],
    ["JSON, written out", writeOutJoins(whole)],
  ];
}

const textOf = (json: ChoreographyJson, name: string): string => {
  const found = explainName(json, name);
  return found === undefined ? "" : nameText(found);
};

describe("a join", () => {
  it.each(vote(2))("of two of three facts, from %s, is explained as one", (_, json) => {
    expect(textOf(json, "WAITS")).toBe("WAITS (a state)\n  of Chair\n    2 of A, B, C: goes to DECIDED");
    expect(textOf(json, "Chair").split("\n")).toEqual([
      "Chair (a participant, at first in WAITS)",
      "  in WAITS",
      "    2 of A, B, C: goes to DECIDED",
      "  in DECIDED",
      "    A: ignore",
      "    B: ignore",
      "    C: ignore",
    ]);
    const taken = explainEvent(json, "A");
    expect(taken === undefined ? [] : explanationText(taken).split("\n").slice(3)).toEqual([
      "  taken by",
      "    Chair in WAITS: 2 of A, B, C: goes to DECIDED",
      "    Chair in DECIDED: ignore",
    ]);
  });

  it.each(vote(2))("that may rest, from %s, has one state in an end", (_, json) => {
    expect(textOf(json, "open")).toBe("open (an end)\n  Chair in WAITS");
  });

  it.each(vote(3))("of all facts, from %s, says so", (_, json) => {
    expect(textOf(json, "WAITS")).toContain("\n    all of A, B, C: goes to DECIDED");
  });

  it.each(vote(2))("of two of three facts, from %s, is one step of the canvas", (_, json) => {
    const step = canvasOf(json).steps.find(({ participant }) => participant === "Chair");
    expect(step?.trigger).toEqual({ kind: "join", names: facts, needed: 2 });
    expect(drawCanvas(json)).toMatch(/2 of 3: +Chair +WAITS → DECIDED\n +A\n +B\n +C\n/);
  });

  it("has the step of the canvas when enough of its facts are published", () => {
    for (const [, json] of vote(2)) {
      const board = { initial: "none", states: { none: { commands: {} } } };
      const commands = { yesA: [{ to: "none", emit: ["A"] }], yesB: [{ to: "none", emit: ["B"] }] };
      const two = { ...board, states: { none: { commands } } };
      const steps = canvasOf({ ...json, participants: { ...json.participants, Board: two } }).steps;
      expect(steps.map(({ reached }) => reached)).toEqual(["usual", "usual", "usual"]);
    }
  });
});
