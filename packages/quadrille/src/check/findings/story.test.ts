// Paths written as stories and drawn as diagrams, and events explained.
import { describe, expect, it } from "vitest";
import { asPublished, reference } from "../../../test/reference-choreographies.ts";
import { choreography, end } from "../../../test/small-choreography.ts";
import { check } from "../check.ts";
import { explainEvent, explanationText } from "../../draw/explain.ts";
import type { PathStep } from "../model/finding.ts";
import { sequenceDiagram, story } from "./story.ts";

const first = (name: string) => check(reference(name), asPublished).findings[0]?.path ?? [];

describe("a path", () => {
  it("is written as numbered sentences, with the messages numbered when published", () => {
    expect(story(first("create-order-1-as-published")).split("\n")).toEqual([
      "1. Order receives createOrder: ABSENT → APPROVAL_PENDING, publishes OrderCreated #1 to Consumer, OrderCreated #2 to Kitchen, OrderCreated #3 to Accounting",
      "2. Kitchen takes OrderCreated #2 and answers ok: ABSENT → CREATE_PENDING, publishes TicketCreated #4 to Accounting",
      "3. Accounting in ABSENT gets TicketCreated #4, which overtakes #3, and cannot go on",
    ]);
  });

  it("says what a message overtakes, in a sentence that reads well", () => {
    const [found] = check(reference("create-order-4-compensated"), asPublished).findings.filter(({ at }) =>
      at.includes("B_T"),
    );
    expect(story(found?.path ?? [])).toContain(
      "3. Accounting takes TicketCreated #4, which overtakes #3: ABSENT → B_T\n",
    );
    const step = {
      kind: "event",
      saga: 1,
      participant: "B",
      entity: "B",
      trigger: "Second",
      from: "s",
      to: "s",
      takes: true,
      publishes: [],
      at: "",
    } as const;
    const published = [
      { event: "First", to: ["B"] },
      { event: "Second", to: ["B"] },
    ];
    const ending = (last: Partial<PathStep>) =>
      story([
        { ...step, kind: "command", participant: "A", entity: "A", trigger: "go", publishes: published },
        { ...step, ...last },
      ]).split("\n")[1];
    expect(ending({})).toBe("2. B takes Second #2, which overtakes #1, and stays s");
    expect(ending({ choice: "ok", to: "t" })).toBe(
      "2. B takes Second #2, which overtakes #1, and answers ok: s → t",
    );
    expect(ending({ kind: "deferred" })).toBe("2. B in s defers Second #2");
  });

  it("is drawn as a sequence diagram", () => {
    expect(sequenceDiagram(first("create-order-1-as-published")).split("\n")).toEqual([
      "sequenceDiagram",
      "  participant p0 as Order",
      "  participant p1 as Consumer",
      "  participant p2 as Kitchen",
      "  participant p3 as Accounting",
      "  p0->>p0: command createOrder",
      "  note over p0: ABSENT → APPROVAL_PENDING, publishes OrderCreated #1, OrderCreated #2, OrderCreated #3",
      "  p0->>p2: OrderCreated #2",
      "  note over p2: ok, ABSENT → CREATE_PENDING, publishes TicketCreated #4",
      "  p2-xp3: TicketCreated #4, overtakes #3",
      "  note over p3: ABSENT, cannot go on",
      "",
    ]);
  });

  it("describes deadlines, activities and faults in their own words", () => {
    const timed = story(first("deadline-breaks-the-published-rule"));
    expect(timed).toContain(
      "Order reaches the deadline approvalTimeout: APPROVAL_PENDING → REJECTED, publishes OrderRejected #",
    );
    expect(timed).toContain(
      "Accounting has the result of pspAuthorize and answers ok: AUTHORIZING → AUTHORIZED",
    );
    const [twice] = check(reference("create-order"), { ...asPublished, faults: { duplicate: 1 } }).findings;
    expect(story(twice?.path ?? [])).toContain("(fault: the message stays, to be taken a second time)");
    // The message that stayed is the one taken again.
    expect(story(twice?.path ?? [])).toMatch(/takes OrderCreated #(\d)[^]*gets OrderCreated #\1/);
  });

  it("says what each step does to a tally, in words and in the diagram", () => {
    const till = choreography(
      {
        Till: {
          initial: "none",
          states: {
            none: { commands: { sell: [{ to: "SOLD", tally: { cents: 4999, sales: 1 } }] } },
            SOLD: { commands: { refund: [{ to: "EMPTY", tally: { cents: -2500 } }] } },
            EMPTY: {},
          },
        },
      },
      { ends: [end("refunded", { Till: "EMPTY" }, { cents: 0 })] },
    );
    const path = check(till).findings.find(({ code }) => code === "P6")?.path ?? [];
    expect(story(path).split("\n")).toEqual([
      "1. Till receives sell: none → SOLD, adds 4999 to cents, adds 1 to sales",
      "2. Till receives refund: SOLD → EMPTY, takes 2500 from cents",
    ]);
    expect(sequenceDiagram(path)).toContain("  note over p0: SOLD → EMPTY, takes 2500 from cents\n");
  });

  it("of several sagas names the saga of each entity", () => {
    const options = { ...asPublished, sagas: 2, shared: ["Consumer"] };
    const [one] = check(reference("create-order-1-as-published"), options).findings;
    expect(story(one?.path ?? [])).toContain("Accounting#1 in ABSENT gets TicketCreated #4");
  });

  it("that is empty is no story", () => {
    expect([story([]), sequenceDiagram([])]).toEqual(["", "sequenceDiagram\n"]);
  });
});

describe("an event", () => {
  it("is explained: who publishes it, who takes it where, and what follows", () => {
    const explanation = explainEvent(reference("create-order"), "OrderRejected");
    expect(explanation?.published.map(({ trigger }) => trigger)).toEqual([
      "ConsumerVerificationFailed",
      "TicketCreationFailed",
      "CreditCardAuthorizationFailed",
    ]);
    expect(explanation === undefined ? [] : explanationText(explanation).split("\n")).toEqual([
      "OrderRejected",
      "  published by",
      "    Order in APPROVAL_PENDING, on ConsumerVerificationFailed, going to REJECTED",
      "    Order in APPROVAL_PENDING, on TicketCreationFailed, going to REJECTED",
      "    Order in APPROVAL_PENDING, on CreditCardAuthorizationFailed, going to REJECTED",
      "  taken by",
      "    Kitchen in ABSENT: goes to REJECTED",
      "    Kitchen in CREATE_PENDING: goes to REJECTED",
      "    Kitchen in REJECTED: ignore",
      "    Accounting in ABSENT: goes to FAILED",
      "    Accounting in BUFFERED.T: goes to FAILED",
      "    Accounting in BUFFERED.C: goes to FAILED",
      "    Accounting in PENDING.O: goes to FAILED",
      "    Accounting in PENDING.OT: goes to FAILED",
      "    Accounting in PENDING.OC: goes to FAILED",
      "    Accounting in FAILED: ignore",
      "  never in Kitchen.AWAITING_ACCEPTANCE, Kitchen.ACCEPTED, Kitchen.PREPARING, Accounting.BUFFERED.CT, Accounting.AUTHORIZING, Accounting.AUTHORIZED",
    ]);
  });

  it("that the contract does not mention has no explanation", () => {
    expect(explainEvent(reference("create-order"), "toString")).toBeUndefined();
  });

  it("shows which does not handle it", () => {
    const explanation = explainEvent(reference("create-order-1-as-published"), "TicketCreated");
    expect(explanation === undefined ? "" : explanationText(explanation)).toContain(
      "nothing said in Accounting.ABSENT",
    );
  });
});
