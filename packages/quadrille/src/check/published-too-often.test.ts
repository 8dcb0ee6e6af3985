// How often one saga may publish an event that joins a saga elsewhere, against the budget there.
import { describe, expect, it } from "vitest";
import { loyalty, sale, visits } from "../../test/points-system.ts";
import type { Choreography } from "../contract/choreography.ts";
import type { ChoreographyJson, CommandBudget, StateJson } from "../contract/json-form.ts";
import { fromJson } from "../contract/json/from-json.ts";
import { story } from "./findings/story.ts";
import { publishedTooOften } from "./published-too-often.ts";

const base = { publicEvents: ["Paid"], ends: [], forbidden: [] };

/** Publishes `Paid` in these states, by a command that may come so often. */
function shop(states: Readonly<Record<string, StateJson>>, pay: CommandBudget): Choreography {
  const participants = { Shop: { initial: Object.keys(states)[0] ?? "", states } };
  return fromJson({ ...base, name: "Shop sale", participants, commands: { pay } });
}
const pays = (to: string): StateJson => ({ commands: { pay: [{ to, emit: ["Paid"] }] } });

/** Takes `Paid` into the saga that it names, so often. */
function account(budget: CommandBudget | undefined, joins: boolean): Choreography {
  const taken: NonNullable<ChoreographyJson["takes"]>[string] = {
    from: "Shop sale",
    ...(joins ? { joins: true } : {}),
    ...(budget === undefined ? {} : { budget }),
  };
  const states: Readonly<Record<string, StateJson>> = {
    none: { on: { Paid: [{ to: "open" }] } },
    open: { on: { Paid: "ignore" } },
  };
  return fromJson({
    ...base,
    publicEvents: [],
    name: "Account",
    participants: { Ledger: { initial: "none", states } },
    commands: {},
    takes: { Paid: taken },
  });
}

const again = { open: pays("open") };

describe("an event that joins the saga which its payload names", () => {
  it.each<[CommandBudget, CommandBudget | undefined, boolean]>([
    [1, 1, false],
    [1, undefined, false],
    [2, 1, true],
    [2, undefined, true],
    [2, 2, false],
    [3, 2, true],
    [3, 7, false],
    ["unbounded", 3, true],
    ["unbounded", 40, true],
    ["unbounded", "unbounded", false],
  ])("published up to %s times, with budget %s: reported %s", (times, budget, isReported) => {
    const found = publishedTooOften([shop(again, times), account(budget, true)]);
    expect(found).toHaveLength(isReported ? 1 : 0);
  });

  it("is reported with its place and the shortest path to one too many", () => {
    const [found] = publishedTooOften([account(1, true), shop(again, 5)]);
    expect(found).toMatchObject({
      code: "W30",
      severity: "warning",
      choreography: "Account",
      at: "/takes/Paid",
      message: "one saga of Shop sale may publish Paid more than once, and its budget here is 1",
    });
    expect(story(found?.path ?? [])).toBe(
      [
        "1. Shop receives pay and stays open, publishes Paid #1 to Ledger",
        "2. Ledger takes Paid #1: 0 taken → 1 taken",
        "3. Shop receives pay and stays open, publishes Paid #2 to Ledger",
        "4. Ledger takes Paid #2: 1 taken → 2 taken",
      ].join("\n"),
    );
  });

  it("counts what the states allow, and not how often its command may come", () => {
    const once = shop({ open: pays("paid"), paid: { commands: { pay: "ignore" } } }, 3);
    expect(publishedTooOften([once, account(1, true)])).toEqual([]);
  });

  it("is not compared where its publisher is not there, or where each one starts a saga", () => {
    expect(publishedTooOften([account(1, true)])).toEqual([]);
    expect(publishedTooOften([shop(again, 5), account(1, false)])).toEqual([]);
    expect(publishedTooOften([sale, loyalty, visits])).toEqual([]);
  });
});
