// Two choreographies that meet through a public event: an approved order earns the customer loyalty points.
import {
  choreography,
  command,
  event,
  from,
  lock,
  memoryDatabase,
  on,
  participant,
  service,
  startEngine,
  to,
} from "quadrille";
import { openOperations } from "quadrille/operations";
import { z } from "zod";

const Order = z.object({ customerId: z.string(), cents: z.int() });
const placeOrder = command("placeOrder", Order);
const OrderPlaced = event("OrderPlaced", Order);
const Accepted = event("Accepted");
const OrderApproved = event("OrderApproved", Order);

const order = participant("Order", {
  entity: "Order",
  data: Order,
  initial: "none",
  states: {
    none: [on(placeOrder, to("PENDING").emits(OrderPlaced))],
    PENDING: lock([on(Accepted, to("APPROVED").emits(OrderApproved))]),
    APPROVED: [],
  },
});
const kitchen = participant("Kitchen", {
  entity: "Ticket",
  initial: "none",
  states: { none: [on(OrderPlaced, to("ACCEPTED").emits(Accepted))], ACCEPTED: [] },
});
export const orders = choreography("Orders", {
  participants: [order, kitchen],
  publicEvents: [OrderApproved],
  ends: {
    approved: { Order: "APPROVED", Kitchen: "ACCEPTED" },
  },
});

const PointsEarned = event("PointsEarned", z.object({ points: z.int() }));
const points = participant("Points", {
  entity: "Earning",
  data: z.object({ points: z.int() }),
  initial: "none",
  states: {
    none: [on(OrderApproved, { some: to("EARNED").emits(PointsEarned), tooSmall: to("NOTHING") })],
    EARNED: [],
    NOTHING: [],
  },
});
export const loyalty = choreography("Loyalty points", {
  participants: [points],
  takes: [from(orders, OrderApproved)],
  publicEvents: [PointsEarned],
  ends: { earned: { Points: "EARNED" }, tooSmall: { Points: "NOTHING" } },
});

export const services = [
  service(order, {
    handlers: {
      none: { placeOrder: ({ payload, choose }) => choose({ OrderPlaced: payload }, { data: payload }) },
      PENDING: { Accepted: ({ entity, choose }) => choose({ OrderApproved: entity.data }) },
    },
  }),
  service(kitchen, { handlers: { none: { OrderPlaced: ({ choose }) => choose() } } }),
  service(points, {
    handlers: {
      none: {
        OrderApproved: ({ payload, choose }) => {
          const earned = Math.floor(payload.cents / 100);
          if (earned === 0) return choose.tooSmall();
          return choose.some({ PointsEarned: { points: earned } }, { data: { points: earned } });
        },
      },
    },
  }),
];

if (import.meta.main) {
  const system = { choreographies: [orders, loyalty], database: memoryDatabase() };
  await using engine = await startEngine({ ...system, services });
  const { sagaId } = await engine.send(placeOrder, { customerId: "Ada", cents: 1_250 });
  await engine.idle({ signal: AbortSignal.timeout(5_000) });
  const operations = await openOperations(system);
  const [caused] = (await operations.saga(sagaId))?.caused ?? [];
  const earning = await operations.saga(caused?.sagaId ?? "");
  console.log(`${caused?.choreography}: ${earning?.end}`);
  console.log(`caused by ${earning?.causedBy[0]?.event} of ${earning?.causedBy[0]?.choreography}`);
}
