// The edge graph: exactly the edges of the design, with the reactions behind them.
import { describe, expect, it } from "vitest";
import { references } from "../../test/references.ts";
import { graphOf, type Graph } from "./graph.ts";
import type { ChoreographyJson } from "../contract/json-form.ts";

function reference(name: string): ChoreographyJson {
  const json = references.get(name);
  if (json === undefined) throw new Error(`no reference ${name}`);
  return json;
}

function edgesOf(graph: Graph): readonly string[] {
  const byEvent = Map.groupBy(graph.edges, ({ event }) => event);
  return [...byEvent]
    .map(
      ([event, edges]) =>
        `${event}: ${edges[0]?.producer} → ${edges.map(({ subscriber }) => subscriber).join(", ")}`,
    )
    .toSorted();
}

describe("the graph of the order's life", () => {
  const graph = graphOf(reference("order-lifecycle"));

  it("has the edges that the design lists", () => {
    expect(edgesOf(graph)).toEqual([
      "AuthorizationReversalRefused: Accounting → Order",
      "AuthorizationReversed: Accounting → Order",
      "AuthorizationRevised: Accounting → Order",
      "AuthorizationRevisionRefused: Accounting → Order",
      "ConsumerVerificationFailed: Consumer → Order",
      "ConsumerVerified: Consumer → Accounting",
      "CreditCardAuthorizationFailed: Accounting → Order",
      "CreditCardAuthorized: Accounting → Order, Kitchen",
      "OrderCancelRejected: Order → Kitchen",
      "OrderCancelRequested: Order → Kitchen",
      "OrderCancelled: Order → Kitchen",
      "OrderCreated: Order → Consumer, Kitchen, Accounting",
      "OrderRejected: Order → Kitchen, Accounting",
      "OrderRevised: Order → Kitchen",
      "OrderRevisionProposed: Order → Kitchen",
      "OrderRevisionRejected: Order → Kitchen",
      "TicketCancelPending: Kitchen → Accounting",
      "TicketCancelRefused: Kitchen → Order",
      "TicketCreated: Kitchen → Accounting",
      "TicketCreationFailed: Kitchen → Order",
      "TicketRevisionPending: Kitchen → Accounting",
      "TicketRevisionRefused: Kitchen → Order",
    ]);
    expect(graph.open).toEqual([{ event: "OrderApproved", producer: "Order", public: true }]);
  });

  it("knows the commands, their addressees and how often they may come", () => {
    expect(graph.commands.map(({ command, participant, budget }) => [command, participant, budget])).toEqual([
      ["createOrder", "Order", 1],
      ["cancelOrder", "Order", "unbounded"],
      ["reviseOrder", "Order", "unbounded"],
      ["acceptTicket", "Kitchen", 1],
      ["startPreparing", "Kitchen", 1],
    ]);
  });
});

describe("an edge", () => {
  const graph = graphOf(reference("create-order"));

  it("says by which reactions the event is published and in which states it is taken", () => {
    const edge = graph.edges.find(
      ({ event, subscriber }) => event === "TicketCreationFailed" && subscriber === "Order",
    );
    expect(edge?.producedBy).toEqual([
      { state: "ABSENT", kind: "event", trigger: "OrderCreated", choice: "no" },
    ]);
    expect(edge?.takenIn).toEqual([
      { state: "ABSENT", disposition: "never" },
      { state: "APPROVAL_PENDING", disposition: "react" },
      { state: "REJECTED", disposition: "ignore" },
      { state: "APPROVED", disposition: "never" },
    ]);
  });

  it("is missing where no participant takes an event, and that shows", () => {
    const { open } = graphOf(reference("create-order-1-as-published"));
    expect(open).toContainEqual({ event: "OrderRejected", producer: "Order", public: false });
  });
});
