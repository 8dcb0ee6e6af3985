// The pizza place as the HTTP API sees it: orders come in, tickets are worked on, sagas are read.
import type { Answer, Engine, ParticipantStatus, SagaEnd, SendOptions } from "quadrille";
import type { SagaReport } from "quadrille/operations";
import type { AuditReport } from "./audit/audit.ts";
import { acceptTicket, finishPreparing, pickUpTicket, startPreparing } from "./kitchen/contract.ts";
import { approveOrder, cancelOrder, createOrder, declineOrder, reviseOrder } from "./order/contract.ts";
import type { OrderRequest, RevisionRequest } from "./events/order.ts";
import type { Menu } from "./order/menu.ts";
import type { OrderBook } from "./order/order-book.ts";

/** When the first day's orders begin: the pizza place's time while nothing has been ordered. */
const openingTime = "2015-01-01T11:00:00";

/** What the kitchen's staff does with a ticket. */
export const ticketActions = {
  accept: { command: acceptTicket, from: "AWAITING_ACCEPTANCE" },
  prepare: { command: startPreparing, from: "ACCEPTED" },
  ready: { command: finishPreparing, from: "PREPARING" },
  "pick-up": { command: pickUpTicket, from: "READY_FOR_PICKUP" },
} as const;
export type TicketAction = keyof typeof ticketActions;

/**
 * Commands about an order besides a revision: by its consumer, or by the person who approves large orders.
 */
export const orderActions = {
  cancel: { command: cancelOrder, from: "APPROVED" },
  approve: { command: approveOrder, from: "AWAITING_APPROVAL" },
  decline: { command: declineOrder, from: "AWAITING_APPROVAL" },
} as const;
export type OrderAction = keyof typeof orderActions;

/** What makes a request safe to repeat. */
export type RequestKey = Pick<SendOptions, "idempotencyKey" | "idempotencyFingerprint">;

/** What goes with a replayed command: its key, and in stepped time when it takes place. */
export type SentBy = Pick<SendOptions, "idempotencyKey" | "at">;

/** What the API, the replay and the programs use of the running system. */
export interface PizzaPlace {
  readonly menu: Menu;
  readonly orders: OrderBook;
  /** What it runs on, without secrets. */
  readonly database: string;
  /**
   * The time by the pizza place's own clock: business time, or that of its latest order where it goes by the
   * machine's. `YYYY-MM-DDTHH:MM:SS`
   */
  now(): string;
  /** The ids that begin with `prefix`, in the order of their bytes. */
  orderIds(prefix: string, limit: number): Promise<readonly string[]>;
  /** Places an order. Rejects as {@link Engine.send} does. */
  placeOrder(order: OrderRequest, by?: RequestKey & SentBy): Promise<Answer>;
  workOnTicket(orderId: string, action: TicketAction, by?: RequestKey & SentBy): Promise<Answer>;
  decideOnOrder(orderId: string, action: OrderAction, by?: RequestKey & SentBy): Promise<Answer>;
  reviseOrder(orderId: string, revision: RevisionRequest, by?: RequestKey & SentBy): Promise<Answer>;
  saga(sagaId: string): Promise<SagaReport | undefined>;
  ended(sagaId: string, signal: AbortSignal): Promise<SagaEnd | undefined>;
  audit(options: { readonly settled: boolean }): Promise<AuditReport>;
  status(): readonly ParticipantStatus[];
}

/** Counts the orders that are being placed. */
export interface Placings {
  /** Returns what to call once the order's saga is known, or failed. */
  placing(origin: "api" | "replay"): (sagaId: string | undefined) => void;
}

/** What a place is made of. */
export interface PlaceParts
  extends Pick<PizzaPlace, "menu" | "orders" | "orderIds" | "database" | "saga" | "audit"> {
  readonly engine: Engine;
  readonly board: Placings;
  /** The time of the latest order so far, where there is one. */
  readonly latest: string | undefined;
  /** Business time as an order has it, where that is the orders' own. */
  readonly time?: (() => string) | undefined;
}

/** Puts the place together. */
export function pizzaPlace(parts: PlaceParts): PizzaPlace {
  const { engine, board } = parts;
  let latest = parts.latest ?? openingTime;
  const now = (): string => {
    const time = parts.time?.() ?? latest;
    return time > latest ? time : latest;
  };
  return {
    menu: parts.menu,
    orders: parts.orders,
    orderIds: parts.orderIds,
    database: parts.database,
    saga: parts.saga,
    audit: parts.audit,
    now,
    placeOrder: async (order, by) => {
      const known = board.placing(order.reference === undefined ? "api" : "replay");
      try {
        const answer = await engine.send(createOrder, order, by);
        // A repeat as well: its first answer may have been lost, and the board counts each order once.
        known(answer.status === "accepted" ? answer.sagaId : undefined);
        if (order.placedAt > latest) latest = order.placedAt;
        return answer;
      } catch (error) {
        known(undefined);
        throw error;
      }
    },
    workOnTicket: (orderId, action, by) =>
      engine.send(ticketActions[action].command, { sagaId: orderId, ...by }),
    decideOnOrder: (orderId, action, by) =>
      engine.send(orderActions[action].command, { sagaId: orderId, ...by }),
    reviseOrder: (orderId, revision, by) => engine.send(reviseOrder, revision, { sagaId: orderId, ...by }),
    ended: (sagaId, signal) => engine.saga(sagaId).ended({ signal }),
    status: () => engine.status(),
  };
}
