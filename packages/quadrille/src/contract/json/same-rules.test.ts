// One list of rules judges a contract, whether it is a value or in the JSON form: the same fault has the same
// code, sentence and place in both.
import { describe, expect, it } from "vitest";
import { dinner } from "../../../test/well-formed-dinner.ts";
import { wellFormedExamples } from "../../../test/well-formed-examples.ts";
import type { Choreography } from "../choreography.ts";
import type { ChoreographyJson, StateJson } from "../json-form.ts";
import { publishedTooOften } from "../../check/published-too-often.ts";
import { wellFormedSystem } from "../rules/well-formed-system.ts";
import { wellFormed } from "../rules/well-formed.ts";
import { fromJson } from "./from-json.ts";
import { parseChoreography } from "./parse-json.ts";
import { toJson } from "./to-json.ts";

/** The dinner with a waiter, in the JSON form. */
function withWaiter(states: Readonly<Record<string, StateJson>>): ChoreographyJson {
  const json = toJson(dinner);
  return { ...json, participants: { ...json.participants, Waiter: { initial: "IDLE", states } } };
}

const join = { facts: ["Ordered", "Cooked"], outcomes: [{ to: "DONE" }] };
const done: StateJson = { on: { Ordered: "ignore", Cooked: "ignore", Paid: "ignore" } };

/** A join of few events is written as partial states, so the faults of joins are written by hand. */
const written: ReadonlyMap<string, ChoreographyJson> = new Map([
  [
    "Waiter in IDLE says twice what holds of Paid once Ordered has been seen",
    withWaiter({
      IDLE: { on: { Paid: "ignore" }, join: { ...join, never: { Paid: [["Ordered"], ["Ordered"]] } } },
      DONE: done,
    }),
  ],
  [
    "Waiter in IDLE reacts to Ordered alone although it is a fact of its join",
    withWaiter({ IDLE: { on: { Ordered: [{ to: "DONE" }] }, join }, DONE: done }),
  ],
  [
    "Waiter declares the state IDLE+Ordered, which is the name of a partial state of the join in IDLE",
    withWaiter({ IDLE: { join }, "IDLE+Ordered": done, DONE: done }),
  ],
  [
    'Waiter in IDLE says "never Paid" once Paid has been seen, which is not a fact of a join in that state',
    withWaiter({
      IDLE: { on: { Paid: "ignore" }, join: { ...join, never: { Paid: [["Paid"]] } } },
      DONE: done,
    }),
  ],
  [
    'Waiter in IDLE says "never Paid" once all facts have been seen, when the state has been left',
    withWaiter({
      IDLE: { on: { Paid: "ignore" }, join: { ...join, never: { Paid: [["Ordered", "Cooked"]] } } },
      DONE: done,
    }),
  ],
  [
    'Waiter in IDLE says "never Cooked" once Ordered has been seen, but the join waits for it then',
    withWaiter({ IDLE: { join: { ...join, never: { Cooked: [["Ordered"]] } } }, DONE: done }),
  ],
  [
    "Waiter in IDLE joins Ordered twice",
    withWaiter({ IDLE: { join: { ...join, facts: ["Ordered", "Cooked", "Ordered"] } }, DONE: done }),
  ],
  [
    "Waiter in IDLE is a lock, and its join may rest",
    withWaiter({ IDLE: { lock: true, join: { ...join, rests: true } }, DONE: done }),
  ],
  [
    "Waiter in IDLE on after 1h stays there and empties its join: what has come so far is forgotten",
    withWaiter({ IDLE: { join, deadlines: { "after 1h": [{ to: "IDLE" }] } }, DONE: done }),
  ],
  [
    "Waiter in BUSY says what happens when bake is given up, and does not call it",
    withWaiter({
      IDLE: { on: { Ordered: [{ to: "BUSY" }] } },
      BUSY: { on: { Ordered: "defer" }, activities: { bake: [{ to: "IDLE", gaveUp: true }] } },
    }),
  ],
]);

const keyTwice = "the form has one key for it, and a key that stands twice is refused as text";
const inCode = "it is about schemas or functions, which the form does not have";

/** Faults that a value can have and the form cannot, and why. */
const onlyOfValues: ReadonlyMap<string, string> = new Map([
  ["Cook in DONE says 2 things about Ordered: never, ignore", keyTwice],
  [
    "Waiter in IDLE says of Paid what holds once facts have been seen, and overrides that in a later sentence",
    "the form has no order of the two",
  ],
  ["Waiter in IDLE has 2 joins: Ordered+Cooked, Cooked+Paid", keyTwice],
  [
    "two different activities are called bake: one that Waiter takes in BUSY, one that Waiter takes in AGAIN",
    keyTwice,
  ],
  [
    "two different events are called Ordered: one that Guest emits in HUNGRY, one that Cook takes in IDLE",
    inCode,
  ],
  ["Waiter in IDLE calls its join settle, which is the name of another trigger there", "joins have no names"],
  ["Cook in IDLE on Ordered has an outcome with an empty name", "an empty text is refused as no name"],
  ["Cook takes the key from Ordered in one way in IDLE and in another in DONE", inCode],
  ['Waiter in IDLE on Ordered+Cooked says "by", which a join cannot', inCode],
  ["two participants are called Cook", keyTwice],
  ["Waiter in BUSY says twice what happens when bake is given up", "outcomes of one call stand in one list"],
  ['Cooked from "Dinner": name may be written as "a", and must be number', inCode],
  ['Cooked from "Dinner": size is required, and may be missing in what is stored', inCode],
]);

/** What is said about a form, alone and beside others. */
function findings(form: ChoreographyJson, beside: readonly Choreography[]): readonly string[] {
  const parsed = parseChoreography(JSON.parse(JSON.stringify(form)));
  if (!parsed.ok) return parsed.problems.map(({ code, message }) => `${code} ${message}`);
  const read = fromJson(parsed.choreography);
  const others = beside.map((one) => fromJson(toJson(one)));
  const system = [read, ...others];
  return [...wellFormed(read), ...wellFormedSystem(system), ...publishedTooOften(system)].map(
    ({ code, message }) => `${code} ${message}`,
  );
}

const examples = Object.entries(wellFormedExamples).flatMap(([code, list]) =>
  list.map((one) => ({ code, ...one })),
);

describe("a fault has one code and one sentence, in a value and in the JSON form", () => {
  it.each(examples.filter(({ says }) => !onlyOfValues.has(says)))(
    "$code $says",
    ({ code, says, broken, beside = [] }) => {
      expect(findings(written.get(says) ?? toJson(broken), beside)).toContain(`${code} ${says}`);
    },
  );

  it.each(examples.filter(({ says }) => onlyOfValues.has(says)))(
    "except what the form cannot say: $code $says",
    ({ code, says, broken, beside = [] }) => {
      expect(findings(toJson(broken), beside)).not.toContain(`${code} ${says}`);
    },
  );

  it("and no exception is left over", () => {
    const known = new Set(examples.map(({ says }) => says));
    expect([...written.keys(), ...onlyOfValues.keys()].filter((one) => !known.has(one))).toEqual([]);
  });
});

it("the place of a fault is one in the form", () => {
  const parsed = parseChoreography(withWaiter({ IDLE: { join: { ...join, outcomes: [{ to: "GONE" }] } } }));
  expect(parsed).toMatchObject({
    problems: [{ code: "W01", path: "/participants/Waiter/states/IDLE/join" }],
  });
});
