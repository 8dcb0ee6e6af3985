// The reference choreographies come out as designed: findings, places, shortest paths.
import { describe, expect, it } from "vitest";
import { asPublished, reference } from "../../test/reference-choreographies.ts";
import { check } from "./check.ts";
import { explore } from "./explore/explore.ts";
import type { PathStep } from "./model/finding.ts";
import { toPromela } from "./export/to-promela.ts";
import { toTla } from "./export/to-tla.ts";

/** A finding in short: its code, its place and its path. */
function short(name: string, severity: string): string[] {
  return check(reference(name), asPublished)
    .findings.filter((finding) => finding.severity === severity)
    .map(({ code, at, path }) => `${code} ${at.replace("/participants/", "")} ${inShort(path)}`.trim());
}

function inShort(path: readonly PathStep[]): string {
  return path
    .map(({ entity, trigger, choice }) => `${entity}.${trigger}${choice === undefined ? "" : `:${choice}`}`)
    .join(" > ");
}

describe("the ladder of create order", () => {
  it("as published, an answer may overtake the order at Accounting", () => {
    expect(short("create-order-1-as-published", "error")).toEqual([
      "P1 Accounting/states/ABSENT/on/TicketCreated Order.createOrder > Kitchen.OrderCreated:ok > Accounting.TicketCreated",
      "P1 Accounting/states/ABSENT/on/ConsumerVerified Order.createOrder > Consumer.OrderCreated:ok > Accounting.ConsumerVerified",
    ]);
  });

  it("with failure events, a refusal has no subscriber", () => {
    const path =
      "Order.createOrder > Accounting.OrderCreated > Kitchen.OrderCreated:no > Consumer.OrderCreated:no";
    const errors = short("create-order-2-failure-events", "error");
    expect(errors.slice(0, 3)).toEqual([
      `P4 /ends ${path}`,
      `P5 Order/states/APPROVAL_PENDING ${path}`,
      `P5 Accounting/states/PENDING ${path}`,
    ]);
    expect(errors.slice(3).map((text) => text.split(" ").slice(0, 2).join(" "))).toEqual([
      "P5 Kitchen/states/CREATE_PENDING",
      "P5 Accounting/states/PENDING_T",
      "P5 Accounting/states/PENDING_C",
    ]);
  });

  it("when Order listens, the second refusal meets a rejected order, and ticket and authorization are left behind", () => {
    const errors = short("create-order-3-order-listens", "error");
    expect(errors.slice(0, 2)).toEqual([
      "P1 Order/states/REJECTED/on/ConsumerVerificationFailed Order.createOrder > Kitchen.OrderCreated:no > Consumer.OrderCreated:no > Order.TicketCreationFailed > Order.ConsumerVerificationFailed",
      "P1 Order/states/REJECTED/on/TicketCreationFailed Order.createOrder > Kitchen.OrderCreated:no > Consumer.OrderCreated:no > Order.ConsumerVerificationFailed > Order.TicketCreationFailed",
    ]);
    expect(errors.slice(2).map((text) => text.split(" ").slice(0, 2).join(" "))).toEqual([
      "P4 /ends",
      "P5 Kitchen/states/CREATE_PENDING",
      "P5 Accounting/states/PENDING_T",
      "P5 Accounting/states/PENDING_C",
    ]);
  });

  it("compensated, the compensation arrives before the action in four places", () => {
    expect(short("create-order-4-compensated", "error")).toEqual([
      "P1 Kitchen/states/ABSENT/on/OrderRejected Order.createOrder > Consumer.OrderCreated:no > Order.ConsumerVerificationFailed > Kitchen.OrderRejected",
      "P1 Accounting/states/ABSENT/on/OrderRejected Order.createOrder > Kitchen.OrderCreated:no > Order.TicketCreationFailed > Accounting.OrderRejected",
      "P1 Accounting/states/B_T/on/OrderRejected Order.createOrder > Kitchen.OrderCreated:ok > Accounting.TicketCreated > Consumer.OrderCreated:no > Order.ConsumerVerificationFailed > Accounting.OrderRejected",
      "P1 Accounting/states/B_C/on/OrderRejected Order.createOrder > Kitchen.OrderCreated:no > Consumer.OrderCreated:ok > Accounting.ConsumerVerified > Order.TicketCreationFailed > Accounting.OrderRejected",
    ]);
  });

  it("with tombstones there is no error, and three dead reactions", () => {
    expect(short("create-order-5-tombstones", "error")).toEqual([]);
    expect(short("create-order-5-tombstones", "warning")).toEqual([
      "P7 Order/states/REJECTED/on/CreditCardAuthorizationFailed",
      "P7 Order/states/REJECTED/on/CreditCardAuthorized",
      "P7 Accounting/states/B_TC/on/OrderRejected",
    ]);
  });

  it.each(["create-order", "order-lifecycle", "order-lifecycle-with-deadline"])(
    "%s is clean, without a warning",
    (name) => {
      expect([short(name, "error"), short(name, "warning")]).toEqual([[], []]);
    },
  );

  it("a deadline and the published rule make food for a rejected order", () => {
    expect(short("deadline-breaks-the-published-rule", "error")).toEqual([
      "P13 /forbidden/0 Order.createOrder > Kitchen.OrderCreated:ok > Consumer.OrderCreated:ok > Accounting.TicketCreated > Accounting.ConsumerVerified > Accounting.OrderCreated > Order.approvalTimeout > Accounting.pspAuthorize:ok > Kitchen.CreditCardAuthorized",
    ]);
    expect(short("deadline-breaks-the-published-rule", "warning")).toEqual([]);
  });
});

describe("a report", () => {
  it("prints its bound, and the ends with the ways to them", () => {
    expect(check(reference("order-lifecycle"), asPublished)).toMatchObject({
      name: "order lifecycle",
      bound: {
        sagas: 1,
        channel: "bag",
        commands: { createOrder: 1, cancelOrder: "unbounded" },
        timers: true,
        cap: 15,
      },
      states: 161,
      transitions: 341,
      exhausted: true,
      ends: [
        { name: "nothing", states: 1 },
        { name: "approved", states: 3 },
        { name: "rejected", states: 2 },
        { name: "cancelled", states: 2 },
      ],
    });
  });

  it("says in the choreography's own words what was found", () => {
    const [first] = check(reference("create-order-1-as-published"), asPublished).findings;
    expect(first?.message).toBe("TicketCreated may reach Accounting in ABSENT, which does not handle it");
    const [broken] = check(reference("deadline-breaks-the-published-rule"), asPublished).findings;
    expect(broken?.message).toBe(
      '"no food for a rejected order" is broken: Order in REJECTED and Kitchen in AWAITING_ACCEPTANCE',
    );
  });

  it("is the same every time", () => {
    const once = check(reference("create-order-3-order-listens"), asPublished);
    expect(check(reference("create-order-3-order-listens"), asPublished)).toEqual(once);
  });
});

describe("what is shared", () => {
  const contract = reference("create-order");
  const wrong = { sagas: 2, shared: ["Order", "Nope"] };

  it.each([
    ["check", () => check(contract, wrong)],
    ["explore", () => explore(contract, wrong)],
    ["toPromela", () => toPromela(contract, wrong)],
    ["toTla", () => toTla(contract, wrong)],
  ])("is a participant, or %s throws a sentence that lists them", (_, run) => {
    expect(run).toThrow(
      new RangeError(
        "Create Order has no participant Nope that could be shared: there are Order, Consumer, Kitchen and Accounting",
      ),
    );
  });
});
