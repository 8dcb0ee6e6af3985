// What comes from other choreographies: to the checker it may come as often as its budget says, in any state.
import { describe, expect, it } from "vitest";
import { loyalty, sale, visits } from "../../test/points-system.ts";
import type { ChoreographyJson, TakenJson } from "../contract/json-form.ts";
import { toJson } from "../contract/json/to-json.ts";
import { check } from "./check.ts";
import { story } from "./findings/story.ts";

/** Points that are given once, and what they say of a second payment. */
function account(again: "ignore" | "never" | undefined, budget: number): ChoreographyJson {
  const on = again === undefined ? {} : { on: { Paid: again } };
  return {
    name: "Account",
    participants: {
      Account: { initial: "none", states: { none: { on: { Paid: [{ to: "open" }] } }, open: on } },
    },
    commands: {},
    publicEvents: [],
    takes: { Paid: { from: "Sale", budget } },
    ends: [
      { name: "opened", states: { Account: "open" } },
      { name: "nothing", states: { Account: "none" } },
    ],
    forbidden: [],
  };
}

/** A case that begins with an invoice; what is taken of its payment varies. */
function dunning(paid: Partial<TakenJson>, keyed = false): ChoreographyJson {
  return {
    name: "Dunning",
    participants: {
      Case: {
        initial: "none",
        keyed,
        states: {
          none: { on: { InvoiceSent: [{ to: "SENT" }], InvoicePaid: [{ to: "PAID" }] } },
          SENT: { on: { InvoicePaid: [{ to: "PAID" }], InvoiceSent: "ignore" } },
          PAID: { on: { InvoicePaid: "ignore", InvoiceSent: "ignore" } },
        },
      },
    },
    commands: {},
    publicEvents: [],
    takes: { InvoiceSent: { from: "Shop" }, InvoicePaid: { from: "Bank", ...paid } },
    ends: [
      { name: "sent", states: { Case: "SENT" } },
      { name: "paid", states: { Case: "PAID" } },
    ],
    forbidden: [],
  };
}

const errors = (choreography: ChoreographyJson): readonly string[] =>
  check(choreography, { races: false })
    .findings.filter(({ severity }) => severity === "error")
    .map(({ code }) => code);

describe("an event from elsewhere", () => {
  it.each([sale, loyalty, visits])("leaves $name clean", (choreography) => {
    expect(errors(toJson(choreography))).toEqual([]);
  });

  it("comes as often as its budget says, and every state needs a disposition for it", () => {
    expect(errors(account(undefined, 1))).toEqual([]);
    expect(errors(account("never", 1))).toEqual([]);
    expect(errors(account(undefined, 2))).toEqual(["P1"]);
    expect(errors(account("never", 2))).toEqual(["P2"]);
    expect(errors(account("ignore", 2))).toEqual([]);
  });

  it("stands in the bound, and in the story as what another choreography publishes", () => {
    const report = check(account(undefined, 2));
    expect(report.bound.commands).toEqual({ "Paid from Sale": 2 });
    const [found] = report.findings.filter(({ code }) => code === "P1");
    expect(story(found?.path ?? [])).toBe(
      [
        "1. Sale publishes Paid #1 to Account",
        "2. Account takes Paid #1: none → open",
        "3. Sale publishes Paid #2 to Account",
        "4. Account in open gets Paid #2 and cannot go on",
      ].join("\n"),
    );
  });

  it("that starts a saga comes alone and once, unless the others join or sagas share the entity", () => {
    const findings = (invoices: ChoreographyJson): readonly string[] =>
      check(invoices, { races: false }).findings.map(({ code, message }) => `${code} ${message}`);
    const dead = '"ignore" of InvoicePaid is dead: InvoicePaid never reaches Case in PAID';
    const alone = [
      "P7 the reaction to InvoicePaid is dead: InvoicePaid never reaches Case in SENT",
      `P7 ${dead}`,
    ];
    expect(findings(dunning({}))).toEqual(expect.arrayContaining(alone));
    expect(findings(dunning({ joins: true }))).not.toEqual(expect.arrayContaining(alone.slice(0, 1)));
    expect(findings(dunning({}, true))).not.toEqual(expect.arrayContaining(alone.slice(0, 1)));
    const { commands } = check(dunning({ budget: 2 })).bound;
    expect(commands).toEqual({ "start from elsewhere": 1 });
  });

  it("that starts a saga instead of another one is a choice, and no race", () => {
    expect(check(dunning({})).findings.filter(({ code }) => code === "P10")).toEqual([]);
  });

  it("may never come", () => {
    const { findings, ends } = check(account("ignore", 2));
    expect(findings).toEqual([]);
    expect(ends.map(({ name, states }) => [name, states > 0])).toEqual([
      ["opened", true],
      ["nothing", true],
    ]);
  });
});
