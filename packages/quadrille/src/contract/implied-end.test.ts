// The end that needs no declaration: what it is, and when there is none.
import { expect, it } from "vitest";
import { choreography } from "./choreography.ts";
import { endsOf, endsOfJson } from "./implied-end.ts";
import { toJson } from "./json/to-json.ts";
import { to } from "./outcome.ts";
import { participant, type States } from "./participant.ts";
import { after, lock, on } from "./reaction.ts";
import { command } from "./trigger.ts";

const go = command("go");
const undo = command("undo");
const one = (states: States) =>
  participant("One", { entity: "One", initial: "none", states: { none: [], ...states } });
const two = participant("Two", { entity: "Two", initial: "idle", states: { idle: [] } });
const dance = (states: States, ends: Readonly<Record<string, object>>) =>
  choreography("Dance", { participants: [one(states), two], ends });
const moving: States = { none: [on(go, to("DONE"))], DONE: [] };
const nothing = { states: { One: "none", Two: "idle" } };
const done = { One: "DONE" };

it.each([
  ["everybody where they began", dance(moving, { done }), { nothing }],
  [
    "under another name where a declared end has its own",
    dance(moving, { nothing: done }),
    { "nothing happened": nothing },
  ],
  [
    "also where a declared end is that but for a tally",
    dance(moving, { held: { One: "none", tally: { held: 1 } } }),
    { nothing },
  ],
  [
    "with every tally at zero",
    dance({ ...moving, DONE: [on(undo, to("none").tallies({ held: -1 }))] }, { done }),
    { nothing: { ...nothing, tally: { held: 0 } } },
  ],
  ["none where a declared end covers it", dance(moving, { any: { One: ["none", "DONE"] } }), {}],
  [
    "none where the beginning is a lock",
    dance({ ...moving, none: lock([on(go, to("DONE"))]) }, { done }),
    {},
  ],
  [
    "none where the beginning has a deadline",
    dance({ ...moving, none: [after("1s", to("DONE"))] }, { done }),
    {},
  ],
])("%s", (_, contract, implied) => {
  const declared = Object.keys(contract.ends);
  const beside = Object.entries(endsOf(contract)).filter(([name]) => !declared.includes(name));
  expect(Object.fromEntries(beside)).toMatchObject(implied);
  expect(beside).toHaveLength(Object.keys(implied).length);
  const json = endsOfJson(toJson(contract)).slice(declared.length);
  expect(json).toEqual(Object.entries(implied).map(([name, end]) => ({ name, ...end })));
});
