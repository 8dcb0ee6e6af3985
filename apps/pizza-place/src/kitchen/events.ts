// What Kitchen publishes.
import { event } from "quadrille";
import { z } from "zod";
import { Refusal } from "../order/events.ts";

export const TicketCreated = event(
  "TicketCreated",
  z.object({ orderId: z.string(), pizzas: z.int().min(1) }),
);
export const TicketCreationFailed = event("TicketCreationFailed", Refusal);
