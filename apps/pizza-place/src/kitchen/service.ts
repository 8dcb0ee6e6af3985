// Kitchen's code: an order that the kitchen can make gets a ticket, another one the reason; likewise a
// revision of it.
import { type Code, service, type Service } from "quadrille";
import type { KeptReason, Proposal } from "../events/order.ts";
import { expectRevision, revisionOf } from "../shared/revision.ts";
import { kitchen, type TicketData } from "./contract.ts";
import { countPizzas, kitchenRule, type KitchenRules, type Refuse } from "./rules.ts";
import { kitchenOnApproval, publishedKitchen, publishedKitchenOnApproval } from "./variants.ts";

/** Kitchen, ready to be run with its rules. */
export function kitchenService(rules: KitchenRules): Service<typeof kitchen> {
  return service(kitchen, { handlers: handlersOf(kitchenRule(rules)) });
}

/** The same, where a ticket goes live on the order's approval. */
export function kitchenServiceOnApproval(rules: KitchenRules): Service<typeof kitchenOnApproval> {
  return service(kitchenOnApproval, { handlers: handlersOf(kitchenRule(rules)) });
}

/** The published part of it. */
export function publishedKitchenService(rules: KitchenRules): Service<typeof publishedKitchen> {
  return service(publishedKitchen, { handlers: published(rules) });
}
export function publishedKitchenServiceOnApproval(
  rules: KitchenRules,
): Service<typeof publishedKitchenOnApproval> {
  return service(publishedKitchenOnApproval, { handlers: published(rules) });
}

type KitchenHandlers = Code<typeof kitchen>["handlers"];

function published(rules: KitchenRules): Omit<KitchenHandlers, "READY_FOR_PICKUP" | "PICKED_UP"> {
  const { READY_FOR_PICKUP: _, PICKED_UP: __, ...handlers } = handlersOf(kitchenRule(rules));
  return handlers;
}

function handlersOf(refuse: Refuse): KitchenHandlers {
  const ask = (proposal: Proposal, ticket: TicketData) => proposed(refuse, proposal, ticket);
  return {
    ABSENT: {
      OrderCreated: ({ payload, choose }) => {
        const { orderId } = payload;
        const reason = refuse(payload);
        if (reason !== undefined) return choose.no({ TicketCreationFailed: { orderId, reason } });
        return choose.ok(
          { TicketCreated: { orderId, pizzas: countPizzas(payload) } },
          { data: { pizzas: pizzasOf(payload) } },
        );
      },
    },
    AWAITING_ACCEPTANCE: {
      OrderCancelRequested: ({ payload, entity, choose }) => choose(cancelling(payload, entity.data)),
      OrderRevisionProposed: ({ payload, entity, choose }) => {
        const answer = ask(payload, entity.data);
        return answer.ok ? choose.ok(answer.payloads, answer.changes) : choose.no(answer.payloads);
      },
    },
    ACCEPTED: {
      OrderCancelRequested: ({ payload, entity, choose }) => choose(cancelling(payload, entity.data)),
      OrderRevisionProposed: ({ payload, entity, choose }) => {
        const answer = ask(payload, entity.data);
        return answer.ok ? choose.ok(answer.payloads, answer.changes) : choose.no(answer.payloads);
      },
    },
    "REVISION_PENDING.A": {
      OrderRevised: ({ payload, entity, choose }) => choose(revised(payload, entity.data)),
      OrderRevisionRejected: ({ payload, entity, choose }) => choose(unrevised(payload, entity.data)),
    },
    "REVISION_PENDING.C": {
      OrderRevised: ({ payload, entity, choose }) => choose(revised(payload, entity.data)),
      OrderRevisionRejected: ({ payload, entity, choose }) => choose(unrevised(payload, entity.data)),
    },
    PREPARING: {
      OrderCancelRequested: ({ payload, choose }) => choose({ TicketCancelRefused: tooLate(payload) }),
      OrderRevisionProposed: ({ payload, choose }) => choose({ TicketRevisionRefused: tooLate(payload) }),
    },
    READY_FOR_PICKUP: {
      OrderCancelRequested: ({ payload, choose }) => choose({ TicketCancelRefused: tooLate(payload) }),
      OrderRevisionProposed: ({ payload, choose }) => choose({ TicketRevisionRefused: tooLate(payload) }),
    },
    PICKED_UP: {
      OrderCancelRequested: ({ payload, choose }) => choose({ TicketCancelRefused: tooLate(payload) }),
      OrderRevisionProposed: ({ payload, choose }) => choose({ TicketRevisionRefused: tooLate(payload) }),
    },
  };
}

interface OfOrder {
  readonly orderId: string;
  readonly revision: number;
}

function cancelling({ orderId, revision }: OfOrder, ticket: TicketData) {
  expectRevision(revisionOf(ticket), { orderId, revision });
  return { TicketCancelPending: { orderId, revision } };
}

/** How a live ticket reacts to a revision: the same rules as for a new order. */
function proposed(refuse: Refuse, proposal: Proposal, ticket: TicketData) {
  const { orderId, revision, basedOn, total } = proposal;
  const isOther = basedOn !== revisionOf(ticket) || revision !== basedOn + 1;
  const reason: KeptReason | undefined = isOther ? "revised meanwhile" : refuse(proposal);
  if (reason !== undefined)
    return { ok: false, payloads: { TicketRevisionRefused: { orderId, revision, reason } } } as const;
  const data = { ...ticket, proposed: { revision, pizzas: pizzasOf(proposal) } };
  const payloads = { TicketRevisionPending: { orderId, revision, total } };
  return { ok: true, payloads, changes: { data } } as const;
}

function revised(event: OfOrder, ticket: TicketData): { readonly data: TicketData } {
  const { revision, pizzas } = proposedIn(ticket, event);
  return { data: { pizzas, revision } };
}

/** Exact undo: the ticket is what it was. */
function unrevised(event: OfOrder, ticket: TicketData): { readonly data: TicketData } {
  proposedIn(ticket, event);
  const { proposed: _, ...before } = ticket;
  return { data: before };
}

function tooLate({ orderId, revision }: OfOrder) {
  return { orderId, revision, reason: "already preparing" } as const;
}

function proposedIn(ticket: TicketData, event: OfOrder): NonNullable<TicketData["proposed"]> {
  if (ticket.proposed === undefined)
    throw new Error(`The ticket of order ${event.orderId} has no revision that is asked for`);
  expectRevision(ticket.proposed.revision, event);
  return ticket.proposed;
}

function pizzasOf({ lines }: { readonly lines: TicketData["pizzas"] }): TicketData["pizzas"] {
  return lines.map(({ pizza, size, quantity }) => ({ pizza, size, quantity }));
}
