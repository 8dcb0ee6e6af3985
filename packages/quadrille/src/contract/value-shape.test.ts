// What constructors return has the shape; what they cannot return is named with its place.
import { describe, expect, it } from "vitest";
import { realistic } from "../../test/realistic-choreographies.ts";
import { choreography } from "./choreography.ts";
import { from } from "./elsewhere.ts";
import { fromJson } from "./json/from-json.ts";
import { to } from "./outcome.ts";
import { participant } from "./participant.ts";
import { lock, never, on } from "./reaction.ts";
import { activity, command, event } from "./trigger.ts";
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

/** What a compiler refuses, and a loader that does not look at types lets pass. */
function misspelt(key: string, value: unknown = {}): object {
  return { [key]: value };
}

describe("a key that is not known", () => {
  const states = { s: [] };
  it.each<[string, () => unknown, string]>([
    [
      "a rule under its former name",
      () => choreography("Saga", { participants: [one], ends: {}, ...misspelt("never") }),
      'Saga has the unknown key "never"; known are description, participants, ends, forbidden, publicEvents, takes, commands, tallies.',
    ],
    [
      "a participant's",
      () => participant("Two", { entity: "Two", initial: "s", states, ...misspelt("otherwhise") }),
      'Two has the unknown key "otherwhise"; known are entity, data, initial, states, otherwise. Did you mean otherwise?',
    ],
    [
      "the key of a shared entity",
      () => on(Gone, to("s"), misspelt("By")),
      'on(Gone, …) has the unknown key "By"; known are by, from.',
    ],
    [
      "that only a join has",
      () => on(Gone, to("s"), misspelt("as", "gone")),
      'on(Gone, …) has the unknown key "as"; known are by, from.',
    ],
    [
      "of a sentence about a join",
      () => never(Gone, misspelt("onec", [])),
      'never(Gone, …) has the unknown key "onec"; known are once.',
    ],
    [
      "of a call's policy",
      () => activity("charge", misspelt("attemps", 3)),
      'the activity charge has the unknown key "attemps"; known are timeLimit, attempts, giveUpAfter, backoff, backoffMax. Did you mean attempts?',
    ],
    [
      "of an event from elsewhere",
      () => from("Orders", Gone, misspelt("sagaId")),
      'from(…, Gone) has the unknown key "sagaId"; known are saga, budget. Did you mean saga?',
    ],
    [
      "of a tally",
      () =>
        choreography("Saga", { participants: [one], ends: {}, tallies: { held: misspelt("insde", true) } }),
      'Saga: the tally held has the unknown key "insde"; known are inside. Did you mean inside?',
    ],
  ])("is refused, and not left out: %s", (_, made, sentence) => {
    expect(made).toThrow(expect.objectContaining({ code: "Q_CONTRACT_MALFORMED", message: sentence }));
  });

  it("of a shared entity is a function", () => {
    expect(() => on(Gone, to("s"), misspelt("by", "isbn"))).toThrow(
      'on(Gone, …): by is a function that takes the key from the payload, not the text "isbn".',
    );
  });
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
    ...[undefined, { kind: "delay", ms: "15m" }, { kind: "from data" }, { kind: "at noon" }].map(
      (time): [object, string] => {
        const trigger = { kind: "deadline", name: "late", time, isTimeout: false };
        const place = "/participants/0/states/s/0/trigger/time";
        return [
          { participants: [{ ...one, states: { s: [{ ...on(go, to("s")), trigger }] } }] },
          time === undefined
            ? `${place}: the time of a deadline: an object is expected, not nothing`
            : `${place}: the time of a deadline is a delay, or a function of the entity's data`,
        ];
      },
    ),
    [
      { participants: [{ ...one, states: { s: [{ ...on(go, to("s")), outcomes: "s" }] } }] },
      '/participants/0/states/s/0/outcomes: an outcome is what to("STATE") returns, not the text "s"',
    ],
  ])("is not that of %j", (part, problem) => {
    const { path = "", message = "" } = shapeProblem({ ...saga, ...part }) ?? {};
    expect(`${path}: ${message}`).toBe(problem);
  });
});
