// What Kitchen publishes.
import { event } from "quadrille";
import { z } from "zod";
import { Cents } from "../shared/money.ts";
import { Kept, Refusal, Revision } from "./order.ts";

export const TicketCreated = event(
  "TicketCreated",
  z.object({ orderId: z.string(), pizzas: z.int().min(1) }),
);
export const TicketCreationFailed = event("TicketCreationFailed", Refusal);

const OfTicket = z.object({ orderId: z.string(), revision: Revision });
export const TicketCancelPending = event("TicketCancelPending", OfTicket);
export const TicketCancelRefused = event("TicketCancelRefused", Kept);
export const TicketRevisionPending = event("TicketRevisionPending", OfTicket.extend({ total: Cents }));
export const TicketRevisionRefused = event("TicketRevisionRefused", Kept);
