// The canvas: the published order of steps, breadth-first from the commands, and what undoes what.
import { describe, expect, it } from "vitest";
import { references } from "../../test/references.ts";
import { canvasOf, type CanvasStep } from "./canvas.ts";

function stepsOf(name: string): readonly CanvasStep[] {
  const json = references.get(name);
  return json === undefined ? [] : canvasOf(json).steps;
}

function say({ participant, trigger, publishes, compensatedBy }: CanvasStep): string {
  const undone = compensatedBy.length === 0 ? "" : ` (${compensatedBy.join(", ")})`;
  return `${participant}: ${trigger.names.join(" + ")} → ${publishes.join(", ")}${undone}`;
}

describe("the canvas of Create Order as published", () => {
  it("has the steps of the book, in its order", () => {
    expect(stepsOf("create-order-1-as-published").map(say)).toEqual([
      "Order: createOrder → OrderCreated (9)",
      "Consumer: OrderCreated → ConsumerVerified",
      "Kitchen: OrderCreated → TicketCreated (8)",
      "Accounting: OrderCreated → ",
      "Accounting: TicketCreated + ConsumerVerified → CreditCardAuthorized, CreditCardAuthorizationFailed",
      "Kitchen: CreditCardAuthorized → ",
      "Order: CreditCardAuthorized → OrderApproved",
      "Kitchen: CreditCardAuthorizationFailed → ",
      "Order: CreditCardAuthorizationFailed → OrderRejected",
    ]);
  });
});

describe("the canvas of the running choreography", () => {
  const steps = stepsOf("create-order");

  it("has the usual ways first", () => {
    expect(steps.map(({ reached }) => reached === "usual")).toEqual(steps.map((_, index) => index < 9));
    expect(steps).toHaveLength(14);
    expect(steps.slice(0, 7).map(say)).toEqual([
      "Order: createOrder → OrderCreated (10, 11, 12)",
      "Consumer: OrderCreated → ConsumerVerified, ConsumerVerificationFailed",
      "Kitchen: OrderCreated → TicketCreated, TicketCreationFailed (13)",
      "Accounting: OrderCreated + ConsumerVerified + TicketCreated →  (14)",
      "Accounting: pspAuthorize → CreditCardAuthorized, CreditCardAuthorizationFailed",
      "Kitchen: CreditCardAuthorized → ",
      "Order: CreditCardAuthorized → OrderApproved",
    ]);
  });

  it("keeps every change of a step", () => {
    expect(steps[12]?.moves).toEqual([
      { from: "ABSENT", joining: false, to: "REJECTED", choice: undefined, publishes: [] },
      { from: "CREATE_PENDING", joining: false, to: "REJECTED", choice: undefined, publishes: [] },
    ]);
    expect(new Set(steps[13]?.moves.map(({ joining }) => joining))).toEqual(new Set([false, true]));
  });
});

describe("a canvas", () => {
  it.each([...references.keys()])("of %s has every reaction once", (name) => {
    const steps = stepsOf(name);
    const ids = steps.map(
      ({ participant, trigger }) => `${participant} ${trigger.kind} ${trigger.names.join("+")}`,
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(steps.map(({ number }) => number)).toEqual(steps.map((_, index) => index + 1));
    expect(steps.filter(({ reached }) => reached === "never")).toEqual([]);
  });

  it("shows what nothing leads to", () => {
    const participants = { P: { initial: "A", states: { A: { on: { Unheard: [{ to: "A" }] } } } } };
    const json = { name: "One", participants, commands: {}, publicEvents: [], ends: [], forbidden: [] };
    expect(canvasOf(json).steps).toMatchObject([{ number: 1, reached: "never" }]);
  });
});
