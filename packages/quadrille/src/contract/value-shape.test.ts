// What constructors return has the shape; what they cannot return is named with its place.
import { describe, expect, it } from "vitest";
import { realistic } from "../../test/realistic-choreographies.ts";
import { choreography } from "./choreography.ts";
import { fromJson } from "./json/from-json.ts";
import { to } from "./outcome.ts";
import { participant } from "./participant.ts";
import { lock, on } from "./reaction.ts";
import { command, event } from "./trigger.ts";
import { shapeProblem } from "./value-shape.ts";

const go = command("go");
const Gone = event("Gone");
const one = participant("One", {
  entity: "One",
  initial: "s",
  states: {
    s: [on(go, { yes: to("t").emits(Gone), no: to("s").tallies({ held: 1 }) })],
    t: lock([on(Gone, to("s"))]),
  },
});
const saga = choreography("Saga", {
  participants: [one],
  ends: { back: { One: ["s"], tally: { held: 0 } } },
  forbidden: { gone: { One: "t" } },
  publicEvents: [Gone],
});

describe("the shape of a value", () => {
  it("is that of what constructors return", () => {
    expect(shapeProblem(saga)).toBeUndefined();
    expect(shapeProblem(one)).toBeUndefined();
  });

  it.each(realistic("final"))("is that of what is read from JSON: %s", (_, json) => {
    expect(shapeProblem(fromJson(json))).toBeUndefined();
  });

  it.each<[object, string]>([
    [{ participants: {} }, "/participants: participants are a list, not an object"],
    [
      { participants: [{ name: "One" }] },
      '/participants/0: a participant is what participant("…", {…}) returns, not an object',
    ],
    [{ forbidden: [] }, "/forbidden: forbidden combinations: an object is expected, not an empty list"],
    [
      { ends: { back: { states: { One: 7 }, tally: {} } } },
      "/ends/back/states/One: the states of a participant are a text or a list of texts, not the number 7",
    ],
    [{ publicEvents: [Gone] }, "/publicEvents/0: a public event is a text, not an object"],
    [
      { commands: { go: "often" } },
      '/commands/go: the budget of a command is a number or "unbounded", not the text "often"',
    ],
    [
      {
        participants: [
          { ...one, states: { s: [{ ...on(go, to("s")), trigger: { kind: "activity", name: "a" } }] } },
        ],
      },
      "/participants/0/states/s/0/trigger/policy: the policy of a call: an object is expected, not nothing",
    ],
  ])("is not that of %j", (part, problem) => {
    const { path = "", message = "" } = shapeProblem({ ...saga, ...part }) ?? {};
    expect(`${path}: ${message}`).toBe(problem);
  });
});
