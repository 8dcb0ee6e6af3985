// Bugs that others published, as naive contracts in which the checker finds them; each test is named after
// its sentence.
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

function warnings(contract: ChoreographyJson): string[] {
  return check(contract, asPublished)
    .findings.filter(({ severity }) => severity === "warning")
    .map(({ code, message }) => `${code} ${message}`);
}

const any = end("any", {});

describe("the bug museum", () => {
  /** A asks two; C joins their answers. What C does with the answer that comes first is the bug. */
  const join = (early: "ignore" | "buffer"): ChoreographyJson =>
    choreography(
      {
        A: { initial: "s", states: { s: { commands: { go: [{ to: "t", emit: ["Asked"] }] } }, t: {} } },
        B: { initial: "s", states: { s: { on: { Asked: [{ to: "t", emit: ["Answered"] }] } }, t: {} } },
        C: {
          initial: "s",
          states: {
            s: {
              on: { Asked: [{ to: "waits" }], Answered: early === "ignore" ? "ignore" : [{ to: "early" }] },
            },
            early: { on: { Asked: [{ to: "done" }] } },
            waits: { lock: true, on: { Answered: [{ to: "done" }] } },
            done: {},
          },
        },
      },
      { ends: [end("nothing", { A: "s" }), end("joined", { A: "t", C: "done" })] },
    );

  it("an event that arrives before it is waited for is lost (inngest #1433)", () => {
    expect(errors(join("ignore"))).toContain(
      "P5 C stays locked in waits for ever: Answered is not on its way",
    );
    expect(errors(join("buffer"))).toEqual([]);
  });

  /** A shared desk joins an order's two papers, but does not look whose they are. */
  const desk = choreography(
    {
      Order: {
        initial: "s",
        states: {
          s: { commands: { send: [{ to: "sent", emit: ["Bill", "Goods"] }] } },
          sent: { lock: true, on: { Shipped: [{ to: "done" }] } },
          done: {},
        },
      },
      Desk: {
        initial: "empty",
        states: {
          empty: { on: { Bill: [{ to: "bill" }], Goods: [{ to: "goods" }] } },
          bill: { on: { Bill: "defer", Goods: [{ to: "empty", emit: ["Shipped"] }] } },
          goods: { on: { Goods: "defer", Bill: [{ to: "empty", emit: ["Shipped"] }] } },
        },
      },
    },
    { ends: [end("nothing", { Order: "s" }), end("shipped", { Order: "done" })] },
  );

  it("a buffered message is matched to the wrong instance (camunda #3444, #7205)", () => {
    expect(errors(desk)).toEqual([]);
    const found = errors(desk, { sagas: 2, shared: ["Desk"] });
    expect(found[0]).toBe("P1 Shipped may reach Order in done, which does not handle it");
  });

  it("a retry runs after compensation has begun (medusajs #16434)", () => {
    const retrying = (late: "isolated" | "naive"): ChoreographyJson =>
      choreography(
        {
          Order: {
            initial: "s",
            states: {
              s: { commands: { go: [{ to: "t", emit: ["Pay"] }] } },
              t: { commands: { cancel: [{ to: "u", emit: ["Cancel"] }] } },
              u: {},
            },
          },
          Pay: {
            initial: "s",
            states: {
              s: { on: { Pay: [{ to: "trying" }], Cancel: [{ to: "off" }] } },
              trying: {
                activities: { charge: [{ to: "paid", tally: { held: 1 } }] },
                on: { Cancel: late === "naive" ? [{ to: "cancelling" }] : "defer" },
              },
              cancelling: { activities: { charge: [{ to: "off", tally: { held: 1 } }] } },
              paid: { on: { Cancel: [{ to: "off", tally: { held: -1 } }] } },
              off: { on: { Pay: "ignore" } },
            },
          },
        },
        {
          ends: [
            end("nothing", { Order: "s" }),
            end("paid", { Order: "t", Pay: "paid" }, { held: 1 }),
            end("cancelled", { Order: "u", Pay: "off" }, { held: 0 }),
          ],
        },
      );
    expect(errors(retrying("naive")).map((text) => text.slice(0, 3))).toEqual(["P6 ", "P16"]);
    expect(errors(retrying("isolated"))).toEqual([]);
  });

  it("a timeout fires after completion (wolverine #1095)", () => {
    const timed = (where: "waits" | "done"): ChoreographyJson => {
      const timeouts = { timeout: [{ to: "expired", emit: ["Expired"] }] };
      return choreography(
        {
          A: {
            initial: "s",
            states: {
              s: { commands: { go: [{ to: "waits", emit: ["Asked"] }] } },
              waits: {
                lock: true,
                on: { Answered: [{ to: "done" }] },
                ...(where === "waits" ? { timeouts } : {}),
              },
              done: where === "done" ? { timeouts } : {},
              expired: { on: { Answered: "ignore" } },
            },
          },
          B: {
            initial: "s",
            states: {
              s: { on: { Asked: [{ to: "t", emit: ["Answered"] }], Expired: [{ to: "off" }] } },
              t: { on: { Expired: "ignore" } },
              off: { on: { Asked: "ignore" } },
            },
          },
        },
        {
          ends: [
            end("nothing", { A: "s" }),
            end("answered", { A: "done" }),
            end("expired", { A: "expired" }),
          ],
        },
      );
    };
    expect(errors(timed("done"))).toContain("P4 the end answered is never reached");
    expect(errors(timed("waits"))).toEqual([]);
  });

  it("a participant waits for an event that only it could send (restate #5196)", () => {
    const waiter = choreography(
      {
        A: {
          initial: "s",
          states: {
            s: { commands: { go: [{ to: "waits" }] } },
            waits: { lock: true, on: { Ready: [{ to: "ready", emit: ["Ready"] }] } },
            ready: {},
          },
        },
      },
      { ends: [end("nothing", { A: "s" })] },
    );
    expect(errors(waiter)).toContain(
      "P5 A stays locked in waits for ever: Ready is not on its way, and only A itself could send it (self-wait)",
    );
  });

  it("an event without a consumer; a consumer of an event without a sender (open-bank-oss #996, #886)", () => {
    const deaf = choreography(
      {
        A: { initial: "s", states: { s: { commands: { go: [{ to: "t", emit: ["MoneyMoved"] }] } }, t: {} } },
        B: { initial: "s", states: { s: { on: { MoneyTransferred: [{ to: "t" }] } }, t: {} } },
      },
      { ends: [any] },
    );
    expect(warnings(deaf)).toEqual(
      expect.arrayContaining([
        "P7 MoneyMoved is published by A, and no participant subscribes to it",
        "P7 B subscribes to MoneyTransferred, which no participant publishes",
      ]),
    );
  });

  it("a late starter resurrects a finished saga (Particular docs, sagas)", () => {
    const contract = reference("create-order");
    const kitchen = contract.participants["Kitchen"];
    const states = kitchen?.states ?? {};
    const on = {
      ...states["REJECTED"]?.on,
      OrderCreated: [{ to: "CREATE_PENDING", emit: ["TicketCreated"] }],
    };
    const resurrecting = {
      ...contract,
      participants: {
        ...contract.participants,
        Kitchen: { initial: "ABSENT", states: { ...states, REJECTED: { on } } },
      },
    };
    expect(errors(resurrecting)).toContain(
      "P5 Kitchen stays locked in CREATE_PENDING for ever: none of CreditCardAuthorized and OrderRejected is on its way",
    );
    expect(errors(contract)).toEqual([]);
  });

  it('"event not handled in state" in a shipped state machine (MassTransit #6131, #3551)', () => {
    expect(errors(reference("create-order-4-compensated")).map((text) => text.slice(0, 3))).toEqual([
      "P1 ",
      "P1 ",
      "P1 ",
      "P1 ",
    ]);
  });

  it('the compensation of Create Order throws "not implemented" (microservices-patterns/ftgo-application)', () => {
    const contract = reference("create-order");
    const { OrderRejected: _, ...on } = contract.participants["Kitchen"]?.states["CREATE_PENDING"]?.on ?? {};
    const states = { ...contract.participants["Kitchen"]?.states, CREATE_PENDING: { lock: true, on } };
    const unimplemented = {
      ...contract,
      participants: { ...contract.participants, Kitchen: { initial: "ABSENT", states } },
    };
    expect(errors(unimplemented)).toContain(
      "P1 OrderRejected may reach Kitchen in CREATE_PENDING, which does not handle it",
    );
  });
});
