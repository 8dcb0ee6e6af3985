// Kitchen: makes a ticket that goes live once the card is authorized; its staff accepts and prepares.
import { command, ignore, lock, on, participant, to } from "quadrille";
import { z } from "zod";
import { CreditCardAuthorized } from "../accounting/events.ts";
import { OrderCreated, OrderRejected } from "../order/events.ts";
import { TicketCreated, TicketCreationFailed } from "./events.ts";

export const acceptTicket = command("acceptTicket");
export const startPreparing = command("startPreparing");

/** What Kitchen remembers of an order: what to bake. */
const TicketData = z.object({
  pizzas: z.array(z.object({ pizza: z.string(), size: z.string(), quantity: z.int() })),
});

export const kitchen = participant("Kitchen", {
  entity: "Ticket",
  data: TicketData,
  initial: "ABSENT",
  otherwise: "never",
  states: {
    ABSENT: [
      on(OrderCreated, {
        ok: to("CREATE_PENDING").emits(TicketCreated),
        no: to("REJECTED").emits(TicketCreationFailed),
      }),
      on(OrderRejected, to("REJECTED")), // the rejection overtook the order: leave a tombstone
    ],
    CREATE_PENDING: lock([
      on(CreditCardAuthorized, to("AWAITING_ACCEPTANCE")),
      on(OrderRejected, to("REJECTED")),
    ]),
    REJECTED: [ignore(OrderCreated), ignore(OrderRejected)],
    AWAITING_ACCEPTANCE: [on(acceptTicket, to("ACCEPTED"))],
    ACCEPTED: [on(startPreparing, to("PREPARING"))],
    PREPARING: [],
  },
});
