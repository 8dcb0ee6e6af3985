// Kitchen: makes a ticket that goes live once the card is authorized; its staff works on it until it is
// picked up.
import { command, defer, type EventType, ignore, lock, on, participant, to } from "quadrille";
import { z } from "zod";
import { CreditCardAuthorized } from "../events/accounting.ts";
import {
  OrderCancelled,
  OrderCancelRejected,
  OrderCancelRequested,
  OrderCreated,
  OrderRejected,
  OrderRevised,
  OrderRevisionProposed,
  OrderRevisionRejected,
  Revision,
} from "../events/order.ts";
import {
  TicketCancelPending,
  TicketCancelRefused,
  TicketCreated,
  TicketCreationFailed,
  TicketRevisionPending,
  TicketRevisionRefused,
} from "../events/kitchen.ts";

export const acceptTicket = command("acceptTicket");
export const startPreparing = command("startPreparing");
export const finishPreparing = command("finishPreparing");
export const pickUpTicket = command("pickUpTicket");

const Pizzas = z.array(z.object({ pizza: z.string(), size: z.string(), quantity: z.int() }));

/** What Kitchen keeps of an order: what to bake, and what a requested revision would change. */
export const TicketData = z.object({
  pizzas: Pizzas,
  /** Absent as long as nothing was revised. */
  revision: Revision.optional(),
  proposed: z.object({ revision: Revision, pizzas: Pizzas }).optional(),
});
export type TicketData = z.infer<typeof TicketData>;

// A request that meets a lock is deferred, never dropped: it is taken when the lock is left.
const later = [defer(OrderCancelRequested), defer(OrderRevisionProposed)] as const;

/**
 * A cancel or a revision is being settled by Accounting. The state returns to where it came from, or ends.
 */
const cancelling = <const S extends string>(from: S) =>
  lock([on(OrderCancelled, to("CANCELLED")), on(OrderCancelRejected, to(from)), ...later]);
const revising = <const S extends string>(from: S) =>
  lock([on(OrderRevised, to(from)), on(OrderRevisionRejected, to(from)), ...later]);

/** Once preparing, it is too late. */
const tooLate = <const S extends string>(state: S) =>
  [
    on(OrderCancelRequested, to(state).emits(TicketCancelRefused)),
    on(OrderRevisionProposed, to(state).emits(TicketRevisionRefused)),
  ] as const;

/** The ticket's states; it goes live on `goLive`. */
export const ticket = <const E extends EventType>(goLive: E) =>
  ({
    ABSENT: [
      on(OrderCreated, {
        ok: to("CREATE_PENDING").emits(TicketCreated),
        no: to("REJECTED").emits(TicketCreationFailed),
      }),
      on(OrderRejected, to("REJECTED")), // the rejection overtook the order: leave a tombstone
    ],
    CREATE_PENDING: lock([
      on(goLive, to("AWAITING_ACCEPTANCE")),
      on(OrderRejected, to("REJECTED")),
      ...later,
    ]),
    REJECTED: [ignore(OrderCreated), ignore(OrderRejected)],
    CANCELLED: [],
    AWAITING_ACCEPTANCE: [
      on(OrderCancelRequested, to("CANCEL_PENDING.A").emits(TicketCancelPending)),
      on(OrderRevisionProposed, {
        ok: to("REVISION_PENDING.A").emits(TicketRevisionPending),
        no: to("AWAITING_ACCEPTANCE").emits(TicketRevisionRefused),
      }),
      on(acceptTicket, to("ACCEPTED")),
    ],
    "CANCEL_PENDING.A": cancelling("AWAITING_ACCEPTANCE"),
    "REVISION_PENDING.A": revising("AWAITING_ACCEPTANCE"),
    ACCEPTED: [
      on(OrderCancelRequested, to("CANCEL_PENDING.C").emits(TicketCancelPending)),
      on(OrderRevisionProposed, {
        ok: to("REVISION_PENDING.C").emits(TicketRevisionPending),
        no: to("ACCEPTED").emits(TicketRevisionRefused),
      }),
      on(startPreparing, to("PREPARING")),
    ],
    "CANCEL_PENDING.C": cancelling("ACCEPTED"),
    "REVISION_PENDING.C": revising("ACCEPTED"),
    PREPARING: tooLate("PREPARING"),
  }) as const;

/** The same, until the ticket is picked up. */
export const untilPickUp = <const E extends EventType>(goLive: E) =>
  ({
    ...ticket(goLive),
    PREPARING: [...tooLate("PREPARING"), on(finishPreparing, to("READY_FOR_PICKUP"))],
    READY_FOR_PICKUP: [...tooLate("READY_FOR_PICKUP"), on(pickUpTicket, to("PICKED_UP"))],
    PICKED_UP: tooLate("PICKED_UP"),
  }) as const;

/** The other common parts of Kitchen's contracts. */
export const head = { entity: "Ticket", data: TicketData, initial: "ABSENT" } as const;

export const kitchen = participant("Kitchen", { ...head, states: untilPickUp(CreditCardAuthorized) });
