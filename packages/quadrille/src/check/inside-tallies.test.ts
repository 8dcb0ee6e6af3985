// A tally that is kept inside a participant is counted and judged, and is no call to the outside.
import { describe, expect, it } from "vitest";
import { choreography as small, end } from "../../test/small-choreography.ts";
import { choreography } from "../contract/choreography.ts";
import type { ChoreographyJson } from "../contract/json-form.ts";
import { composeJson } from "../contract/json/compose-json.ts";
import { fromJson } from "../contract/json/from-json.ts";
import { parseChoreography } from "../contract/json/parse-json.ts";
import { toJson } from "../contract/json/to-json.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { on } from "../contract/reaction.ts";
import { wellFormed } from "../contract/rules/well-formed.ts";
import { command } from "../contract/trigger.ts";
import { check } from "./check.ts";

/** A shop takes an item from the shelf for an order, and puts it back when the order is withdrawn first. */
const shop = (tallies: ChoreographyJson["tallies"], back: number): ChoreographyJson =>
  small(
    {
      Order: {
        initial: "none",
        otherwise: "omission",
        states: {
          none: { commands: { order: [{ to: "PLACED", emit: ["Placed"] }] } },
          PLACED: {
            on: { Taken: [{ to: "DONE" }] },
            commands: { withdraw: [{ to: "GONE", emit: ["Withdrawn"] }] },
          },
          DONE: {},
          GONE: { on: { Taken: "ignore" } },
        },
      },
      Shelf: {
        initial: "none",
        otherwise: "omission",
        states: {
          none: {
            on: {
              Placed: [{ to: "TAKEN", emit: ["Taken"], tally: { items: 1 } }],
              Withdrawn: [{ to: "GONE" }],
            },
          },
          TAKEN: { on: { Withdrawn: [{ to: "BACK", tally: { items: -back } }] } },
          BACK: {},
          GONE: { on: { Placed: "ignore" } },
        },
      },
    },
    {
      ends: [
        end("nothing", { Order: "none" }),
        end("done", { Order: "DONE", Shelf: "TAKEN" }, { items: 1 }),
        end("gone", { Order: "GONE" }, { items: 0 }),
      ],
      ...(tallies === undefined ? {} : { tallies }),
    },
  );

const errors = (contract: ChoreographyJson, channel: "bag" | "fifo" = "bag"): string[] =>
  check(contract, { channel }).findings.flatMap(({ code, severity }) => (severity === "error" ? [code] : []));

describe("a tally inside a participant", () => {
  const inside = { items: { inside: true } } as const;

  it("is no call that something may come between (P16), as one outside is", () => {
    expect(errors(shop(undefined, 1))).toEqual(["P16"]);
    expect(errors(shop({ items: {} }, 1))).toEqual(["P16"]);
    expect(errors(shop(inside, 1))).toEqual([]);
  });

  it("is still counted: what is not put back is found (P6)", () => {
    expect(errors(shop(inside, 0))).toContain("P6");
    expect(errors(shop(inside, 2))).toContain("P6");
  });

  it("is rolled back with its transaction: the fault of a call made twice does not concern it", () => {
    const states = (tallies: ChoreographyJson["tallies"], effect: number): number =>
      check(shop(tallies, 1), { faults: { effect } }).states;
    expect(states(undefined, 1)).toBeGreaterThan(states(undefined, 0) * 2);
    // The budget of the fault is part of each state, and nothing ever uses it.
    expect(states(inside, 1)).toBe(states(inside, 0));
  });

  it("is part of the JSON form, of values, and of what is composed", () => {
    const json = shop(inside, 1);
    const parsed = parseChoreography(JSON.parse(JSON.stringify(json)));
    expect(parsed.ok && parsed.choreography.tallies).toEqual(inside);
    expect(toJson(fromJson(json)).tallies).toEqual(inside);
    const { Order, Shelf } = json.participants;
    const composed = composeJson([
      { ...json, participants: { Order } },
      { participants: { Shelf }, tallies: inside },
    ]);
    expect(composed.ok && composed.choreography.tallies).toEqual(inside);
    expect(composeJson([json, { participants: {}, tallies: { items: {} } }])).toMatchObject({
      ok: false,
      problems: [{ path: "/1", message: "tally items is declared twice, in different ways" }],
    });
  });

  it.each([
    [{ items: { inside: "yes" } }, '/tallies/items/inside: "inside" of items must be true or absent, not '],
    [{ boxes: {} }, "/tallies/boxes: the tally boxes is declared, and no outcome changes it"],
    [{ items: { outside: true } }, "/tallies/items/outside: "],
  ])("%j is refused by its place", (tallies, message) => {
    const parsed = parseChoreography({ ...shop(undefined, 1), tallies });
    const problems = parsed.ok ? [] : parsed.problems.map((one) => `${one.path}: ${one.message}`);
    expect(problems.join()).toContain(message);
  });

  it("that no outcome changes is reported of a value, too (W11)", () => {
    const go = command("go");
    const counter = participant("Counter", {
      entity: "Count",
      initial: "none",
      otherwise: "omission",
      states: { none: [on(go, to("done"))], done: [] },
    });
    const one = choreography("Counting", {
      participants: [counter],
      ends: { done: { Counter: ["none", "done"] } },
      tallies: { items: { inside: true } },
    });
    expect(wellFormed(one).map(({ code, message }) => `${code} ${message}`)).toContain(
      "W11 the tally items is declared, and no outcome changes it",
    );
  });
});

describe("a tally at an entity that sagas share", () => {
  const slots = (taken: number): ChoreographyJson =>
    small(
      {
        Guest: {
          initial: "none",
          states: { none: { commands: { come: [{ to: "IN", emit: ["Came"] }] } }, IN: {} },
        },
        Slots: {
          initial: "OPEN",
          keyed: true,
          states: { OPEN: { on: { Came: [{ to: "OPEN", tally: { taken: 1 } }] } } },
        },
      },
      { ends: [end("in", { Guest: "IN" }, { taken })], tallies: { taken: { inside: true } } },
    );

  it("is what each saga has taken by itself, and no total", () => {
    const errors = (taken: number): readonly string[] =>
      check(slots(taken)).findings.flatMap(({ severity, message }) =>
        severity === "error" ? [message] : [],
      );
    expect(check(slots(1)).bound.sagas).toBe(2);
    expect(errors(1)).toEqual([]);
    expect(errors(2)).toContain("the end in is reached with taken 1 where it should be 2");
  });
});
