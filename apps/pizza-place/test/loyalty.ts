// For tests: loyalty points, a choreography of its own that is started by the public event of an approved
// order.
import { choreography, from, on, participant, service, to } from "quadrille";
import { z } from "zod";
import { orderLife } from "../src/choreography.ts";
import type { Beside } from "../src/composition/system.ts";
import { OrderApproved } from "../src/events/order.ts";

const points = participant("Points", {
  entity: "Earning",
  data: z.object({ orderId: z.string() }),
  initial: "none",
  states: { none: [on(OrderApproved, to("EARNED"))], EARNED: [] },
});

const loyalty = choreography("Loyalty points", {
  participants: [points],
  takes: [from(orderLife, OrderApproved)],
  ends: { earned: { Points: "EARNED" } },
});

const code = service(points, {
  handlers: {
    none: { OrderApproved: ({ payload, choose }) => choose({ data: { orderId: payload.orderId } }) },
  },
});

export const besideOrders: Beside = { choreographies: [loyalty], services: [code] };
