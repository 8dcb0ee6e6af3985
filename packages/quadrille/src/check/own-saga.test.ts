// An outcome for the saga that entered the shared entity's state, or for the others alone: an expiring hold
// that its booking uses.
import { describe, expect, it } from "vitest";
import type { ChoreographyJson, OutcomeJson, StateJson } from "../contract/json-form.ts";
import { choreography, end } from "../../test/small-choreography.ts";
import type { CheckOptions } from "./model/bound.ts";
import { explainEvent, explanationText } from "../draw/explain.ts";
import { check } from "./check.ts";

const sold: OutcomeJson = { choice: "mine", to: "SOLD", emit: ["Sold"] };
const lost: OutcomeJson = { choice: "notMine", to: "HELD", emit: ["Lost"] };

/** Two bookings want a seat; `used` is what the held seat says when one of them buys. */
function cinema(
  used: readonly OutcomeJson[],
  more: Readonly<Record<string, StateJson>> = {},
): ChoreographyJson {
  const wanted = (to: string, answer: string): OutcomeJson[] => [{ to, emit: [answer] }];
  return choreography(
    {
      Booking: {
        initial: "none",
        states: {
          none: { commands: { want: [{ to: "WAITS", emit: ["Wanted"] }] } },
          WAITS: {
            lock: true,
            on: { Held: [{ to: "HOLDS" }], Refused: [{ to: "REFUSED" }], Expired: "defer" },
          },
          HOLDS: {
            lock: true,
            commands: { buy: [{ to: "BUYING", emit: ["Bought"] }] },
            on: { Expired: [{ to: "EXPIRED" }] },
          },
          BUYING: {
            lock: true,
            on: { Sold: [{ to: "OWNS" }], Lost: [{ to: "EXPIRED" }], Expired: "ignore" },
          },
          REFUSED: {},
          EXPIRED: {},
          OWNS: {},
        },
      },
      Seat: {
        initial: "FREE",
        keyed: true,
        states: {
          FREE: { on: { Wanted: wanted("HELD", "Held"), Bought: [{ to: "FREE", emit: ["Lost"] }] } },
          HELD: {
            lock: true,
            on: { Wanted: wanted("HELD", "Refused"), Bought: used },
            deadlines: { holdEnds: [{ to: "FREE", emit: ["Expired"] }] },
          },
          SOLD: { on: { Wanted: wanted("SOLD", "Refused"), Bought: [{ to: "SOLD", emit: ["Lost"] }] } },
          ...more,
        },
      },
    },
    {
      ends: [
        end("refused", { Booking: "REFUSED" }),
        end("expired", { Booking: "EXPIRED" }),
        end("bought", { Booking: "OWNS" }),
      ],
    },
  );
}

const errors = (contract: ChoreographyJson, options: CheckOptions = {}): readonly string[] =>
  check(contract, { patches: false, ...options }).findings.flatMap(({ severity, code, message }) =>
    severity === "report" ? [] : [`${code} ${message}`],
  );

describe("a hold that its booking uses", () => {
  it("is a free choice without a word about the saga: it may be taken from the booking that has it", () => {
    expect(errors(cinema([sold, lost])).map((text) => text.slice(0, 2))).toEqual(["P1", "P4", "P5"]);
  });

  it.each<CheckOptions>([{}, { sagas: 3 }, { reduce: "always" }])(
    "is clean where the outcomes say whose it is: %j",
    (options) => {
      const own = cinema([
        { ...sold, saga: "own" },
        { ...lost, saga: "other" },
      ]);
      expect(errors(own, options)).toEqual([]);
    },
  );

  it("is found where the words are exchanged", () => {
    const exchanged = cinema([
      { ...sold, saga: "other" },
      { ...lost, saga: "own" },
    ]);
    expect(errors(exchanged).join("\n")).toMatch(/P5 Booking/);
  });

  it("is explained with the sagas that it is for", () => {
    const own = cinema([
      { ...sold, saga: "own" },
      { ...lost, saga: "other" },
    ]);
    const bought = explainEvent(own, "Bought");
    expect(bought === undefined ? "" : explanationText(bought)).toContain(
      "Seat in HELD: mine: for its own saga goes to SOLD, publishes Sold or notMine: for other sagas goes to HELD",
    );
  });

  it("has to say something about the others", () => {
    expect(errors(cinema([{ ...sold, saga: "own" }]))).toContain(
      "P1 Bought of another saga may reach Seat in HELD, which does not handle it",
    );
  });
});
