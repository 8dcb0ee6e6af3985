// Everything a contract can say, in a small saga: a parcel leaves when it is paid and packed, in whichever
// order.
import { z } from "zod";
import {
  all,
  choreography,
  command,
  event,
  ignore,
  lock,
  memoryDatabase,
  never,
  on,
  participant,
  service,
  startEngine,
  to,
  type Handler,
} from "quadrille";

const Wish = z.object({ article: z.string(), pieces: z.int().min(1) });
const order = command("order", Wish);
const Ordered = event("Ordered", Wish);
const Paid = event("Paid", z.object({ cents: z.int() }));
const NotPaid = event("NotPaid");
const Packed = event("Packed", z.object({ kilos: z.number() }));
const Sent = event("Sent", z.object({ kilos: z.number(), cents: z.int() }));

const shop = participant("Shop", {
  entity: "Order",
  data: Wish,
  initial: "none",
  states: {
    none: [on(order, to("OPEN").emits(Ordered))],
    OPEN: lock([on(Sent, to("DONE")), on(NotPaid, to("CANCELLED"))]),
    DONE: [],
    CANCELLED: [],
  },
});
const till = participant("Till", {
  entity: "Payment",
  initial: "none",
  states: {
    none: [
      on(Ordered, {
        ok: to("PAID").emits(Paid).tallies({ held: 1 }),
        tooMuch: to("REFUSED").emits(NotPaid),
      }),
    ],
    PAID: [],
    REFUSED: [],
  },
});
const store = participant("Store", {
  entity: "Parcel",
  initial: "none",
  states: {
    none: [on(Ordered, to("PACKED").emits(Packed)), on(NotPaid, to("NOT_WANTED"))],
    PACKED: [on(NotPaid, to("UNPACKED"))],
    UNPACKED: [],
    NOT_WANTED: [ignore(Ordered)],
  },
});
const carrier = participant("Carrier", {
  entity: "Shipment",
  initial: "none",
  states: {
    none: [
      on(all(Paid, Packed), to("SENT").emits(Sent), { as: "ready" }),
      on(NotPaid, to("CALLED_OFF")),
      never(NotPaid, { once: [Paid] }),
    ],
    SENT: [],
    CALLED_OFF: [ignore(Packed)],
  },
});

export const parcel = choreography("Parcel", {
  participants: [shop, till, store, carrier],
  ends: {
    sent: { Shop: "DONE", Till: "PAID", Store: "PACKED", Carrier: "SENT", tally: { held: 1 } },
    cancelled: {
      Shop: "CANCELLED",
      Till: "REFUSED",
      Store: ["UNPACKED", "NOT_WANTED"],
      Carrier: "CALLED_OFF",
      tally: { held: 0 },
    },
  },
  forbidden: { "nothing is sent unpaid": { Till: "REFUSED", Carrier: "SENT" } },
  commands: { order: 1 },
});

/** The largest number of pieces that can be paid. */
const piecesMax = 10;

const pay: Handler<typeof till, "none", "Ordered"> = ({ payload, choose }) =>
  payload.pieces > piecesMax ? choose.tooMuch() : choose.ok({ Paid: { cents: payload.pieces * 500 } });

export const services = [
  service(shop, {
    handlers: {
      none: { order: ({ payload, choose }) => choose({ Ordered: payload }, { data: payload }) },
    },
  }),
  service(till, { handlers: { none: { Ordered: pay } } }),
  service(store, {
    handlers: {
      none: { Ordered: ({ payload, choose }) => choose({ Packed: { kilos: payload.pieces * 0.5 } }) },
    },
  }),
  service(carrier, {
    handlers: {
      none: {
        ready: ({ payload: { Paid: paid, Packed: packed }, choose }) =>
          choose({ Sent: { kilos: packed.kilos, cents: paid.cents } }),
      },
    },
  }),
];

if (import.meta.main) {
  await using database = memoryDatabase();
  await using engine = await startEngine({ choreography: parcel, services, database });
  for (const pieces of [2, 20]) {
    const { sagaId } = await engine.send(order, { article: "lamp", pieces });
    console.log((await engine.saga(sagaId).ended({ signal: AbortSignal.timeout(5_000) }))?.end);
  }
}
