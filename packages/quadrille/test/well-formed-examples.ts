// Every rule of well-formedness: contracts that break it, and their clean twins. The tests and the pages of
// codes use them.
import { z } from "zod";
import { to } from "../src/contract/outcome.ts";
import { after, defer, gaveUp, ignore, never, on } from "../src/contract/reaction.ts";
import { activity, command, event } from "../src/contract/trigger.ts";
import type { WellFormedCode } from "../src/contract/rules/well-formed-rules.ts";
import {
  bake,
  baking,
  byNumber,
  byTable,
  cook,
  Cooked,
  cookStates,
  dance,
  guest,
  join,
  forgetful,
  joining,
  Ordered,
  Paid,
  party,
  place,
  sharedCook,
  withCook,
  withWaiter,
} from "./well-formed-dinner.ts";
import type { Examples } from "./well-formed-example.ts";
import { joinExamples } from "./well-formed-join-examples.ts";
import { outcomeExamples } from "./well-formed-outcome-examples.ts";
import { systemExamples } from "./well-formed-system-examples.ts";

/** Examples for each code, the plainest first. */
export const wellFormedExamples: Readonly<Record<WellFormedCode, Examples>> = {
  W01: [
    {
      says: "Cook in IDLE on Ordered goes to NOWHERE, which is not a state of Cook",
      broken: withCook({ ...cookStates, IDLE: [on(Ordered, to("NOWHERE").emits(Cooked))] }),
    },
  ],
  W02: [
    {
      says: "Cook begins in MISSING, which is not one of its states",
      broken: withCook(cookStates, { initial: "MISSING" }),
    },
  ],
  W03: [
    {
      says: "Cook says nothing about Ordered in DONE",
      broken: withCook({ ...cookStates, DONE: [] }, { otherwise: "omission" }),
      clean: withCook({ ...cookStates, DONE: [] }),
    },
    {
      says: "Waiter says nothing about Paid in IDLE",
      broken: forgetful(joining(never(Paid, { once: [Ordered] }))),
      clean: forgetful(joining(defer(Paid), never(Paid, { once: [Ordered] }))),
    },
  ],
  W04: [
    {
      says: "Cook emits Paid, which no participant takes and which is not public",
      broken: withCook({ ...cookStates, IDLE: [on(Ordered, to("DONE").emits(Cooked, Paid))] }),
      clean: dance(
        [guest, party("Cook", { ...cookStates, IDLE: [on(Ordered, to("DONE").emits(Cooked, Paid))] })],
        { publicEvents: ["Paid"] },
      ),
    },
  ],
  W05: [
    {
      says: "Waiter takes Paid, which no participant emits",
      broken: withWaiter({ IDLE: [on(Paid, to("IDLE"))] }),
      clean: withWaiter({ IDLE: [on(Cooked, to("IDLE"))] }),
    },
    {
      says: "Paid is public, but no participant emits it",
      broken: dance([guest, cook], { publicEvents: ["Paid"] }),
    },
  ],
  W06: [
    {
      says: "Cook in DONE says 2 things about Ordered: never, ignore",
      broken: withCook({ ...cookStates, DONE: [never(Ordered), ignore(Ordered)] }),
    },
    {
      says: "Waiter in IDLE says twice what holds of Paid once Ordered has been seen",
      broken: joining(ignore(Paid), never(Paid, { once: [Ordered] }), never(Paid, { once: [Ordered] })),
    },
    {
      says: "Waiter in IDLE says of Paid what holds once facts have been seen, and overrides that in a later sentence",
      broken: joining(never(Paid, { once: [Ordered] }), ignore(Paid)),
      clean: joining(ignore(Paid), never(Paid, { once: [Ordered] })),
    },
    {
      says: "Waiter in IDLE reacts to Ordered alone although it is a fact of its join",
      broken: withWaiter({
        IDLE: [on(join, to("DONE")), on(Ordered, to("DONE"))],
        DONE: [ignore(Ordered), ignore(Cooked)],
      }),
      clean: withWaiter({
        IDLE: [on(join, to("DONE")), ignore(Ordered)],
        DONE: [ignore(Ordered), ignore(Cooked)],
      }),
    },
  ],
  W08: [
    {
      says: "Waiter in BUSY has 2 activities: bake, rest",
      broken: withWaiter({
        IDLE: [on(Ordered, to("BUSY"))],
        BUSY: [on(bake, to("IDLE")), on(activity("rest"), to("IDLE")), defer(Ordered)],
      }),
      clean: baking(on(bake, to("IDLE"))),
    },
  ],
  W09: [
    {
      says: "Waiter in BUSY has 2 deadlines: after 1m, after 2m",
      broken: withWaiter({
        IDLE: [on(Ordered, to("BUSY"))],
        BUSY: [after("1m", to("IDLE")), after("2m", to("IDLE")), defer(Ordered)],
      }),
      clean: withWaiter({ IDLE: [on(Ordered, to("BUSY"))], BUSY: [after("1m", to("IDLE")), defer(Ordered)] }),
    },
  ],
  W10: [
    {
      says: "Guest and Waiter both take the command place",
      broken: withWaiter({ IDLE: [on(place, to("IDLE"))] }),
      clean: withWaiter({ IDLE: [on(command("serve"), to("IDLE"))] }),
    },
  ],
  W11: [
    {
      says: 'the end "fed" names no states',
      broken: dance([guest, cook], { ends: { fed: { states: {}, tally: {} } } }),
    },
    {
      says: 'the forbidden combination "no hunger" names no states',
      broken: dance([guest, cook], { forbidden: { "no hunger": {} } }),
    },
    {
      says: 'the end "fed" names the participant Ghost, which does not take part',
      broken: dance([guest, cook], { ends: { fed: { states: { Ghost: "FED" }, tally: {} } } }),
    },
    {
      says: 'the end "fed" wants Guest in FULL, which is not one of its states',
      broken: dance([guest, cook], { ends: { fed: { states: { Guest: ["FED", "FULL"] }, tally: {} } } }),
    },
    {
      says: 'the end "fed" counts plates, which no outcome changes',
      broken: dance([guest, cook], { ends: { fed: { states: { Guest: "FED" }, tally: { plates: 1 } } } }),
      clean: dance(
        [
          guest,
          party("Cook", {
            ...cookStates,
            IDLE: [on(Ordered, to("DONE").emits(Cooked).tallies({ plates: 1 }))],
          }),
        ],
        { ends: { fed: { states: { Guest: "FED" }, tally: { plates: 1 } } }, commands: { place: 1 } },
      ),
    },
    {
      says: 'the forbidden combination "rule" names the participant Ghost, which does not take part',
      broken: dance([guest, cook], { forbidden: { rule: { Ghost: "FED" } } }),
    },
    {
      says: 'the forbidden combination "rule" wants Guest in FULL, which is not one of its states',
      broken: dance([guest, cook], { forbidden: { rule: { Guest: "FULL" } } }),
      clean: dance([guest, cook], { forbidden: { rule: { Guest: ["FED", "FULL"] } } }),
    },
    {
      says: "the tally plates is declared, and no outcome changes it",
      broken: dance([guest, cook], { tallies: { plates: { inside: true } } }),
    },
    {
      says: "the command serve has a budget, but no participant takes it",
      broken: dance([guest, cook], { commands: { place: 1, serve: 2 } }),
    },
  ],
  W12: [
    {
      says: "two different activities are called bake: one that Waiter takes in BUSY, one that Waiter takes in AGAIN",
      broken: withWaiter({
        IDLE: [on(Ordered, to("BUSY"))],
        BUSY: [on(activity("bake", { attempts: 3 }), to("AGAIN")), defer(Ordered)],
        AGAIN: [on(bake, to("IDLE")), defer(Ordered)],
      }),
    },
    {
      says: "two different events are called Ordered: one that Guest emits in HUNGRY, one that Cook takes in IDLE",
      broken: dance([
        guest,
        party("Cook", { ...cookStates, IDLE: [on(event("Ordered", z.unknown()), to("DONE").emits(Cooked))] }),
      ]),
      clean: dance([
        guest,
        party("Cook", { ...cookStates, IDLE: [on(event("Ordered"), to("DONE").emits(Cooked))] }),
      ]),
    },
    {
      says: "Waiter in IDLE calls its join settle, which is the name of another trigger there",
      broken: withWaiter({
        IDLE: [on(join, to("DONE").emits(Paid), { as: "settle" }), on(command("settle"), to("IDLE"))],
        DONE: [ignore(Ordered), ignore(Cooked), ignore(Paid)],
      }),
      clean: withWaiter({
        IDLE: [on(join, to("DONE").emits(Paid), { as: "served" }), on(command("settle"), to("IDLE"))],
        DONE: [ignore(Ordered), ignore(Cooked), ignore(Paid)],
      }),
    },
    {
      says: "Cook takes Ordered as event and as command in one state",
      broken: withCook({
        ...cookStates,
        IDLE: [on(Ordered, to("DONE").emits(Cooked)), on(command("Ordered"), to("DONE"))],
      }),
    },
  ],
  W13: [
    {
      says: "a participant is called command, which is a reserved word",
      broken: dance([guest, party("command", cookStates)]),
    },
    {
      says: 'a participant is called Cook/2, and "/" is a reserved character',
      broken: dance([guest, party("Cook/2", cookStates)]),
    },
    {
      says: 'an event is called A+B, and "+" is a reserved character',
      broken: withWaiter({ IDLE: [on(Cooked, to("IDLE").emits(event("A+B")))] }, { publicEvents: ["A+B"] }),
    },
    { says: "a command has an empty name", broken: withWaiter({ IDLE: [on(command(""), to("IDLE"))] }) },
    { says: "a state has an empty name", broken: withWaiter({ IDLE: [on(Cooked, to("IDLE"))], "": [] }) },
    {
      says: "Waiter declares the state IDLE+Ordered, which is the name of a partial state of the join in IDLE",
      broken: withWaiter({
        IDLE: [on(join, to("IDLE+Ordered"))],
        "IDLE+Ordered": [ignore(Ordered), ignore(Cooked)],
      }),
      clean: withWaiter({
        IDLE: [on(join, to("ELSE+Ordered"))],
        "ELSE+Ordered": [ignore(Ordered), ignore(Cooked)],
      }),
    },
    {
      says: "Cook in IDLE on Ordered has an outcome with an empty name",
      broken: withCook({
        ...cookStates,
        IDLE: [on(Ordered, { "": to("DONE").emits(Cooked), no: to("IDLE") })],
      }),
    },
  ],
  W14: [
    {
      says: "Cook in IDLE on Ordered emits Cooked twice in one outcome",
      broken: withCook({ ...cookStates, IDLE: [on(Ordered, to("DONE").emits(Cooked).emits(Cooked))] }),
      clean: withCook({
        ...cookStates,
        IDLE: [on(Ordered, { hot: to("DONE").emits(Cooked), cold: to("DONE").emits(Cooked) })],
      }),
    },
  ],
  W15: [
    {
      says: "Cook takes the key from Ordered in one way in IDLE and in another in DONE",
      broken: withCook({
        IDLE: [on(Ordered, to("DONE").emits(Cooked), { by: () => "a" })],
        DONE: [on(Ordered, to("DONE"), { by: () => "b" })],
      }),
      clean: withCook({
        IDLE: [on(Ordered, to("DONE").emits(Cooked), { by: byTable })],
        DONE: [on(Ordered, to("DONE"), { by: byTable })],
      }),
    },
    {
      says: "Cook takes the key from Ordered in one way in IDLE and in another in DONE",
      broken: withCook({
        IDLE: [on(Ordered, to("DONE").emits(Cooked), { by: byNumber(1) })],
        DONE: [on(Ordered, to("DONE"), { by: byNumber(2) })],
      }),
    },
  ],
  W18: [
    {
      says: "Waiter in IDLE on Cooked has no outcome",
      broken: withWaiter({ IDLE: [on(Cooked, {})] }),
      clean: withWaiter({ IDLE: [ignore(Cooked)] }),
    },
  ],
  W19: [
    {
      says: "Waiter in IDLE waits for after 1m, which nothing starts in an initial state",
      broken: withWaiter({ IDLE: [after("1m", to("DONE"))], DONE: [] }),
      clean: withWaiter({ IDLE: [after("1m", to("DONE"))], DONE: [after("1m", to("IDLE"))] }),
    },
  ],
  W20: [
    { says: "two participants are called Cook", broken: dance([guest, cook, party("Cook", cookStates)]) },
  ],
  W21: [
    {
      says: 'the tables of the participant PgCook would be in the schema "pg_cook", which begins with "pg_", which PostgreSQL keeps for itself',
      broken: dance([guest, party("PgCook", cookStates)]),
      clean: dance([guest, party("pgCook", cookStates)]),
    },
    {
      says: `the tables of the participant TheCookWhoseNameIsLongerThanAnyName would be in the schema "the_cook_whose_name_is_longer_than_any_name", which has 43 bytes; there is room for 40`,
      broken: dance([guest, party("TheCookWhoseNameIsLongerThanAnyName", cookStates)]),
    },
  ],
  W22: [
    {
      says: 'Cook is keyed ("by"), and Paid brings no key in DONE',
      broken: withCook({
        IDLE: [on(Ordered, to("DONE").emits(Cooked), { by: byTable }), ignore(Paid)],
        DONE: [on(Paid, to("IDLE")), ignore(Ordered)],
      }),
      clean: withCook({
        IDLE: [on(Ordered, to("DONE").emits(Cooked), { by: byTable }), ignore(Paid)],
        DONE: [on(Paid, to("IDLE"), { by: byTable }), ignore(Ordered)],
      }),
    },
    {
      says: 'Cook is keyed ("by"), and serve brings no key in IDLE',
      broken: withCook({
        IDLE: [on(Ordered, to("IDLE").emits(Cooked), { by: byTable }), on(command("serve"), to("IDLE"))],
      }),
    },
  ],
  W23: [
    {
      says: "Waiter in BUSY says what happens when bake is given up, and does not call it",
      broken: baking(gaveUp(bake, to("IDLE"))),
      clean: baking(on(bake, to("IDLE")), gaveUp(bake, to("IDLE"))),
    },
    {
      says: "Waiter in BUSY says twice what happens when bake is given up",
      broken: baking(on(bake, to("IDLE")), gaveUp(bake, to("IDLE")), gaveUp(bake, to("BUSY"))),
    },
    {
      says: "Waiter in BUSY has two outcomes of bake called gone",
      broken: baking(on(bake, { done: to("IDLE"), gone: to("IDLE") }), gaveUp(bake, { gone: to("IDLE") })),
    },
  ],
  W24: [
    {
      says: 'the end "fed" names Cook, whose entity is shared by sagas',
      broken: dance([guest, sharedCook], {
        ends: { fed: { states: { Guest: "FED", Cook: "DONE" }, tally: {} } },
      }),
      clean: dance([guest, sharedCook], {
        ends: { fed: { states: { Guest: "FED" }, tally: {} } },
        commands: { place: 1 },
      }),
    },
  ],
  ...joinExamples,
  ...systemExamples,
  ...outcomeExamples,
  W28: [{ says: "there are no participants", broken: dance([]) }],
};
