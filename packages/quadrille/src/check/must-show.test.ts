// What the design of Create Order says the checker must be able to show besides its ladder.
import { describe, expect, it } from "vitest";
import { asPublished, reference } from "../../test/reference-choreographies.ts";
import { choreography, end } from "../../test/small-choreography.ts";
import type { ChoreographyJson } from "../contract/json-form.ts";
import type { CheckOptions } from "./model/bound.ts";
import { check } from "./check.ts";

function errors(contract: ChoreographyJson, options: CheckOptions = {}): string[] {
  return check(contract, { ...asPublished, ...options })
    .findings.filter(({ severity }) => severity === "error")
    .map(({ code, message }) => `${code} ${message}`);
}

const any = end("any", {});

describe("what must be shown besides", () => {
  it("a join by counting charges a card with no ticket under one duplicate, a join by facts does not", () => {
    const counting = (isCounting: boolean): ChoreographyJson =>
      choreography(
        {
          A: { initial: "s", states: { s: { commands: { go: [{ to: "t", emit: ["Asked"] }] } }, t: {} } },
          Consumer: {
            initial: "s",
            states: {
              s: { on: { Asked: [{ to: "ok", emit: ["Verified"] }] } },
              ok: { on: { Asked: "ignore" } },
            },
          },
          Kitchen: {
            initial: "s",
            states: {
              s: { on: { Asked: [{ to: "ticket", emit: ["Ticketed"] }] } },
              ticket: { on: { Asked: "ignore" } },
            },
          },
          Card: isCounting
            ? {
                initial: "0 answers",
                states: {
                  "0 answers": { on: { Verified: [{ to: "1 answer" }], Ticketed: [{ to: "1 answer" }] } },
                  "1 answer": { on: { Verified: [{ to: "charged" }], Ticketed: [{ to: "charged" }] } },
                  charged: { on: { Verified: "ignore", Ticketed: "ignore" } },
                },
              }
            : {
                initial: "none",
                states: {
                  none: { on: { Verified: [{ to: "verified" }], Ticketed: [{ to: "ticketed" }] } },
                  verified: { on: { Verified: "ignore", Ticketed: [{ to: "charged" }] } },
                  ticketed: { on: { Ticketed: "ignore", Verified: [{ to: "charged" }] } },
                  charged: { on: { Verified: "ignore", Ticketed: "ignore" } },
                },
              },
        },
        {
          ends: [any],
          forbidden: [{ name: "no charge without a ticket", states: { Kitchen: "s", Card: "charged" } }],
        },
      );
    const twice: CheckOptions = { faults: { duplicate: 1 } };
    expect([errors(counting(true)), errors(counting(false)), errors(counting(false), twice)]).toEqual([
      [],
      [],
      [],
    ]);
    expect(errors(counting(true), twice)).toEqual([
      'P13 "no charge without a ticket" is broken: Kitchen in s and Card in charged',
    ]);
  });

  /** The card is charged in the reaction itself, or its intent is recorded first. */
  const charging = (how: "in the reaction" | "intent first"): ChoreographyJson => {
    const charge = [{ to: "charged", emit: ["Charged"], choice: "ok", tally: { held: 1 } }];
    return choreography(
      {
        Order: {
          initial: "s",
          states: {
            s: { commands: { go: [{ to: "p", emit: ["Asked", "Refused"] }] } },
            p: { on: { Charged: "ignore" } },
          },
        },
        Card: {
          initial: "s",
          states: {
            s: {
              on: {
                Asked: how === "intent first" ? [{ to: "charging" }] : charge,
                Refused: [{ to: "failed" }],
              },
            },
            ...(how === "intent first"
              ? { charging: { activities: { charge }, on: { Refused: "defer" as const } } }
              : {}),
            charged: { on: { Refused: [{ to: "failed", tally: { held: -1 } }] } },
            failed: { on: { Asked: "ignore" } },
          },
        },
      },
      { ends: [end("nothing", { Order: "s" }), end("refused", { Card: "failed" }, { held: 0 })] },
    );
  };

  it("a card charged inside a reaction leaks on a crash before commit, although there is an idempotency key", () => {
    const crash: CheckOptions = { faults: { effect: 1 } };
    expect(errors(charging("in the reaction"))).toEqual([
      'P16 Asked calls the outside at Card in s, and Refused may come between: record the intent first, or declare held "inside": true if it is no call',
    ]);
    expect(errors(charging("in the reaction"), crash)).toContain(
      "P6 the end refused is reached with held 1 where it should be 0",
    );
    expect([errors(charging("intent first")), errors(charging("intent first"), crash)]).toEqual([[], []]);
  });

  /** In the lifecycle, a cancel may overtake what makes the ticket live. */
  const kitchenWith = (state: string, event: string, disposition: "ignore" | "never"): ChoreographyJson => {
    const contract = reference("order-lifecycle");
    const states = contract.participants["Kitchen"]?.states ?? {};
    const changed = { ...states[state], on: { ...states[state]?.on, [event]: disposition } };
    return {
      ...contract,
      participants: {
        ...contract.participants,
        Kitchen: { initial: "ABSENT", states: { ...states, [state]: changed } },
      },
    };
  };

  it("a cancel overtakes approve at Kitchen without defer", () => {
    expect(errors(kitchenWith("CREATE_PENDING", "OrderCancelRequested", "never"))).toContain(
      "P2 OrderCancelRequested reaches Kitchen in CREATE_PENDING, where it should never come",
    );
    expect(errors(kitchenWith("CREATE_PENDING", "OrderCancelRequested", "ignore"))).toContain(
      "P5 Order stays locked in CANCEL_PENDING for ever: none of TicketCancelRefused, AuthorizationReversed and AuthorizationReversalRefused is on its way",
    );
  });

  it("a release meant for one lock releases the next (stale release)", () => {
    const releases = (first: string, second: string): ChoreographyJson =>
      choreography(
        {
          A: {
            initial: "s",
            states: {
              s: { commands: { begin: [{ to: "asked once", emit: ["TakeFirst"] }] } },
              "asked once": {
                activities: { patience: [{ to: "gave up", emit: [first] }] },
              },
              "gave up": { commands: { again: [{ to: "asked again", emit: ["TakeSecond"] }] } },
              "asked again": { on: { Granted: [{ to: "works" }] } },
              works: { activities: { work: [{ to: "done", emit: [second] }] } },
              done: {},
            },
          },
          B: {
            initial: "free",
            states: {
              free: {
                on: {
                  TakeFirst: [{ to: "first" }],
                  TakeSecond: [{ to: "second", emit: ["Granted"] }],
                  [first]: "defer",
                  [second]: "defer",
                },
              },
              first: {
                lock: true,
                on: { TakeFirst: "defer", TakeSecond: "defer", [second]: "defer", [first]: [{ to: "free" }] },
              },
              second: {
                lock: true,
                on: { TakeFirst: "defer", TakeSecond: "defer", [first]: "defer", [second]: [{ to: "free" }] },
              },
            },
          },
        },
        {
          ends: [any],
          forbidden: [{ name: "who works holds the lock", states: { A: "works", B: ["free", "first"] } }],
        },
      );
    expect(errors(releases("Released", "Released"))).toContain(
      'P13 "who works holds the lock" is broken: A in works and B in free',
    );
    expect(errors(releases("FirstReleased", "SecondReleased"))).toEqual([]);
  });
});
