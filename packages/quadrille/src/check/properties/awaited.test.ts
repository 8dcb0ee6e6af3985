// P5 names what a lock waits for: events that are not on their way, commands that may never come, and who
// could publish what is missing.
import { describe, expect, it } from "vitest";
import { choreography, end } from "../../../test/small-choreography.ts";
import type { ChoreographyJson, ParticipantJson, StateJson } from "../../contract/json-form.ts";
import { check } from "../check.ts";

const messages = (contract: ChoreographyJson, code: string, options = {}): readonly string[] =>
  check(contract, { patches: false, ...options }).findings.flatMap((one) =>
    one.code === code ? [one.message] : [],
  );

/** A parcel that a shop expects, until a person brings it. */
function parcel(expected: StateJson): ChoreographyJson {
  const sender: ParticipantJson = {
    initial: "none",
    states: {
      none: { commands: { send: [{ to: "SENT", emit: ["Sent"] }] } },
      SENT: { lock: true, on: { Brought: [{ to: "DONE" }] } },
      DONE: {},
    },
  };
  const shop = {
    initial: "none",
    states: { none: { on: { Sent: [{ to: "EXPECTED" }] } }, EXPECTED: expected, HERE: {} },
  };
  return choreography(
    { Sender: sender, Shop: shop },
    { ends: [end("here", { Sender: "DONE", Shop: "HERE" })] },
  );
}
const bring = [{ to: "HERE", emit: ["Brought"] }];

describe("a lock that stays", () => {
  it("because a partner waits for a command names both", () => {
    expect(messages(parcel({ commands: { bring } }), "P5")).toEqual([
      "Sender stays locked in SENT for ever: Brought is not on its way; Shop in EXPECTED publishes Brought on the command bring, and a command may never come",
    ]);
  });

  it("names the command that would release it beside the events that would", () => {
    const both: StateJson = { lock: true, commands: { bring }, on: { Sent: [{ to: "HERE" }] } };
    expect(messages(parcel(both), "P5")).toContain(
      "Shop stays locked in EXPECTED for ever: Sent is not on its way, and the command bring may never come",
    );
  });
});

describe("an event that no participant publishes", () => {
  /** A shelter that asks for a dog's health, and a vet who forgot to publish it. */
  const shelter = (state: StateJson): ChoreographyJson =>
    choreography(
      {
        Shelter: {
          initial: "none",
          states: {
            none: { commands: { adopt: [{ to: "ASKED", emit: ["Asked"] }] }, on: { Healthy: "never" } },
            ASKED: state,
            DONE: {},
          },
        },
        Vet: { initial: "none", states: { none: { on: { Asked: [{ to: "SEEN" }] } }, SEEN: {} } },
      },
      { ends: [end("done", { Shelter: "DONE" })] },
    );
  const waits: StateJson = { on: { Healthy: [{ to: "DONE" }] } };

  it("is named as the reason for a lock that stays, and for a rest that is no end", () => {
    const locked = shelter({ ...waits, lock: true });
    expect(messages(locked, "P5")).toEqual([
      "Shelter stays locked in ASKED for ever: Healthy is not on its way: no participant publishes Healthy",
    ]);
    expect(messages(shelter(waits), "P4")).toContain(
      "everything is at rest with Shelter in ASKED and Vet in SEEN, which is no declared end; Shelter in ASKED waits for Healthy, which no participant publishes",
    );
  });

  it("is found where it is waited for", () => {
    const unsent = check(shelter(waits)).findings.find(
      ({ code, message }) => code === "P7" && message.includes("Healthy"),
    );
    expect(unsent?.at).toBe("/participants/Shelter/states/ASKED/on/Healthy");
  });
});

describe("a shared entity that another saga moved", () => {
  /** A room that is held for an hour; a late guest may take another one's hold. */
  function hotel(used: StateJson["on"]): ChoreographyJson {
    const guest: ParticipantJson = {
      initial: "none",
      states: {
        none: { commands: { book: [{ to: "ASKED", emit: ["Wanted"] }] } },
        ASKED: { lock: true, on: { Held: [{ to: "HELD" }], Taken: [{ to: "OUT" }] } },
        HELD: {
          lock: true,
          on: { Lapsed: [{ to: "OUT" }] },
          commands: { confirm: [{ to: "USING", emit: ["Used"] }] },
        },
        USING: { lock: true, on: { Booked: [{ to: "IN" }], Gone: [{ to: "OUT" }], Lapsed: "ignore" } },
        IN: {},
        OUT: {},
      },
    };
    const gone = [{ to: "FREE", emit: ["Gone"] }];
    const room: ParticipantJson = {
      initial: "FREE",
      keyed: true,
      states: {
        FREE: { on: { Wanted: [{ to: "HELD", emit: ["Held"] }], Used: gone } },
        HELD: {
          on: { Wanted: [{ to: "HELD", emit: ["Taken"] }], ...used },
          deadlines: { hour: [{ to: "FREE", emit: ["Lapsed"] }] },
        },
        BOOKED: {
          on: { Wanted: [{ to: "BOOKED", emit: ["Taken"] }], Used: [{ to: "BOOKED", emit: ["Gone"] }] },
        },
      },
    };
    return choreography(
      { Guest: guest, Room: room },
      { ends: [end("in", { Guest: "IN" }), end("out", { Guest: "OUT" })] },
    );
  }
  const take = { to: "BOOKED", emit: ["Booked"] };

  it("is named as the reason, with what to do", () => {
    const why =
      "; Used of saga 1 moved Room out of HELD, which saga 2 had entered: an outcome may be for the own saga alone (ifOwn)";
    const found = hotel({ Used: [take] });
    expect(messages(found, "P5")).toEqual([
      `Guest stays locked in HELD for ever: Lapsed is not on its way, and the command confirm may never come${why}`,
    ]);
    expect(messages(found, "P4")[0]).toContain(why);
  });

  it("and is no error where outcomes say whose the hold is", () => {
    const own = { ...take, choice: "own", saga: "own" } as const;
    const other = { to: "HELD", choice: "other", emit: ["Gone"], saga: "other" } as const;
    expect(
      check(hotel({ Used: [own, other] })).findings.filter(({ severity }) => severity === "error"),
    ).toEqual([]);
  });
});
