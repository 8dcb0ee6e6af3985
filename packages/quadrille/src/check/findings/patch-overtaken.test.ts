// Suggested patches for a message that overtakes another one: it is kept where what it overtook is still
// needed, and leaves a tombstone where it undoes that.
import { describe, expect, it } from "vitest";
import { choreography, end } from "../../../test/small-choreography.ts";
import type { ChoreographyJson, ParticipantJson, StateJson } from "../../contract/json-form.ts";
import { check } from "../check.ts";

const patchOf = (contract: ChoreographyJson) =>
  check(contract).findings.find(({ code }) => code === "P1" || code === "P2")?.patch;

/** Bank answers an order that Shop has not seen yet. */
function shop(
  waits: StateJson,
  {
    waited = ["InvoiceSent"],
    publicEvents = ["InvoiceSent"],
  }: {
    readonly waited?: readonly string[];
    readonly publicEvents?: readonly string[];
  } = {},
  ends = [end("done", { Customer: "sent", Shop: ["done", "off"] })],
): ChoreographyJson {
  const customer: ParticipantJson = {
    initial: "none",
    states: { none: { commands: { order: [{ to: "sent", emit: ["Ordered"] }] } }, sent: {} },
  };
  const bank: ParticipantJson = {
    initial: "none",
    states: {
      none: {
        on: {
          Ordered: [
            { to: "paid", emit: ["Paid"], choice: "ok" },
            { to: "broke", emit: ["NotPaid"], choice: "no" },
          ],
        },
      },
      paid: {},
      broke: {},
    },
  };
  const taker: ParticipantJson = {
    initial: "none",
    states: { none: { on: { Ordered: [{ to: "waits", emit: waited }] } }, waits, done: {}, off: {} },
  };
  return choreography({ Customer: customer, Bank: bank, Shop: taker }, { ends, publicEvents });
}

const answered: StateJson = { lock: true, on: { Paid: [{ to: "done" }], NotPaid: [{ to: "off" }] } };

describe("an answer that overtakes its request", () => {
  const kept = "defer: keep Paid until Shop has left none";

  it("is kept where something public would never be published", () => {
    expect(patchOf(shop(answered))?.why).toBe(kept);
  });

  it("is kept where nothing but the answer leads on", () => {
    const contract = shop({ lock: true, on: { Paid: [{ to: "done" }] } }, { publicEvents: [] });
    expect(patchOf(contract)?.why).toBe(kept);
  });

  it("is kept where the request takes a lock alone", () => {
    expect(patchOf(shop(answered, { waited: [], publicEvents: [] }))?.why).toBe(kept);
  });
});

describe("a message that comes too early", () => {
  /** C answers what A asked; B has to hear the question first, and may pass through a state on its way. */
  const asked = (
    b: ParticipantJson,
    ends: ChoreographyJson["ends"],
    more: readonly string[] = [],
  ): ChoreographyJson =>
    choreography(
      {
        A: {
          initial: "none",
          states: {
            none: { commands: { go: [{ to: "sent", emit: ["Asked"] }] } },
            sent: { ...(more.length === 0 ? { lock: true } : {}), on: { Thanks: [{ to: "happy" }] } },
            happy: {},
          },
        },
        C: {
          initial: "none",
          states: { none: { on: { Asked: [{ to: "answered", emit: ["Answer", ...more] }] } }, answered: {} },
        },
        B: b,
      },
      { ends },
    );
  const waits: StateJson = { lock: true, on: { Answer: [{ to: "done", emit: ["Thanks"] }] } };
  const done = end("done", { A: "happy", B: "done" });

  it("is kept in an initial state, though the implied end names it", () => {
    const b: ParticipantJson = {
      initial: "none",
      states: { none: { on: { Asked: [{ to: "waits" }] } }, waits, done: {} },
    };
    const patch = patchOf(asked(b, [done]));
    expect([patch?.why, patch?.leaves?.errors]).toEqual(["defer: keep Answer until B has left none", 0]);
  });

  it("is kept in a state that an end names and the way leads on from", () => {
    const b: ParticipantJson = {
      initial: "none",
      states: {
        none: { deadlines: { soon: [{ to: "passing" }] }, on: { Answer: "defer", Asked: "defer" } },
        passing: { on: { Asked: [{ to: "waits" }] } },
        waits,
        done: {},
      },
    };
    const ends = [done, end("idle", { A: "none", B: "passing" })];
    const patch = patchOf(asked(b, ends));
    expect([patch?.why, patch?.leaves?.errors]).toEqual(["defer: keep Answer until B has left passing", 0]);
  });

  it("is not kept where it would be kept for ever", () => {
    const b: ParticipantJson = {
      initial: "none",
      states: {
        none: { commands: { wake: [{ to: "awake" }] }, on: { Asked: "ignore", More: "defer" } },
        awake: {
          on: { Asked: "ignore" },
          join: { facts: ["Answer", "More"], outcomes: [{ to: "done", emit: ["Thanks"] }] },
        },
        done: { on: { Asked: "ignore" } },
      },
    };
    const patch = patchOf(asked(b, [done, end("asleep", { A: "none", B: "none" })], ["More"]));
    expect(patch?.why ?? "").not.toContain("defer");
  });
});
