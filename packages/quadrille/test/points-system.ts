// A system of two choreographies for tests: what is paid in the one earns points in the other.
import { z } from "zod";
import { type Choreography, choreography } from "../src/contract/choreography.ts";
import { from } from "../src/contract/elsewhere.ts";
import { service, type Service } from "../src/contract/handler.ts";
import { to } from "../src/contract/outcome.ts";
import { participant } from "../src/contract/participant.ts";
import { ignore, on } from "../src/contract/reaction.ts";
import { all, command, type CommandType, event } from "../src/contract/trigger.ts";

const Purchase = z.object({ customer: z.string(), cents: z.number() });
const buyCommand = command("buy", Purchase);
const returnCommand = command("giveBack");
const Sold = event("Sold", Purchase);
const Paid = event("Paid", Purchase);
const Returned = event("Returned", z.object({ visit: z.string() }));
const Earned = event("Earned", z.object({ points: z.number() }));
const NoneEarned = event("NoneEarned");

/** Buys for some cents. */
export const buy: CommandType<"buy", { readonly customer: string; readonly cents: number }> = buyCommand;
/** Gives back what was bought. */
export const giveBack: CommandType = returnCommand;

const shop = participant("Shop", {
  entity: "Purchase",
  initial: "none",
  states: {
    none: [on(buyCommand, to("SOLD").emits(Sold))],
    SOLD: [on(returnCommand, to("RETURNED").emits(Returned))],
    RETURNED: [],
  },
});
const till = participant("Till", {
  entity: "Payment",
  initial: "none",
  states: { none: [on(Sold, to("PAID").emits(Paid))], PAID: [] },
});
const points = participant("Points", {
  entity: "Account",
  initial: "none",
  states: {
    none: [on(Paid, { some: to("EARNED").emits(Earned), none: to("TOO_LITTLE").emits(NoneEarned) })],
    EARNED: [],
    TOO_LITTLE: [],
  },
});
const letters = participant("Letters", {
  entity: "Letter",
  initial: "none",
  states: {
    none: [on(all(Paid, Earned), to("SENT")), on(NoneEarned, to("UNSENT"))],
    SENT: [],
    UNSENT: [ignore(Paid)],
  },
});

/** What is bought and paid. */
export const sale: Choreography = choreography("Sale", {
  participants: [shop, till],
  publicEvents: [Paid, Returned],
  ends: {
    nothing: { Shop: "none", Till: "none" },
    paid: { Shop: "SOLD", Till: "PAID" },
    returned: { Shop: "RETURNED", Till: ["none", "PAID"] },
  },
});

/**
 * Points for what was paid, and a letter about them: both participants take the event that starts the saga.
 */
export const loyalty: Choreography = choreography("Loyalty", {
  participants: [points, letters],
  takes: [from(sale, Paid)],
  ends: {
    nothing: { Points: "none", Letters: "none" },
    earned: { Points: "EARNED", Letters: "SENT" },
    tooLittle: { Points: "TOO_LITTLE", Letters: "UNSENT" },
  },
});

const visit = command("visit");
const guests = participant("Guests", {
  entity: "Visit",
  initial: "none",
  states: {
    none: [on(visit, to("OPEN")), on(Returned, to("REGRETTED"))],
    OPEN: [on(Returned, to("REGRETTED"))],
    REGRETTED: [ignore(Returned)],
  },
});

/** Begins a visit. */
export const beginVisit: CommandType = visit;

/** A visit that an event of the sale joins: its payload names the saga. */
export const visits: Choreography = choreography("Visits", {
  participants: [guests],
  takes: [from(sale, Returned, { saga: (returned) => returned.visit })],
  ends: { nothing: { Guests: "none" }, open: { Guests: "OPEN" }, regretted: { Guests: "REGRETTED" } },
});

/** The services of the sale. `visitOf` names the visit to which a purchase belongs. */
export function saleServices(visitOf: (sagaId: string) => string = (sagaId) => sagaId): readonly Service[] {
  return [
    service(shop, {
      handlers: {
        none: { buy: ({ payload, choose }) => choose({ Sold: payload }) },
        SOLD: { giveBack: ({ entity, choose }) => choose({ Returned: { visit: visitOf(entity.sagaId) } }) },
      },
    }),
    service(till, { handlers: { none: { Sold: ({ payload, choose }) => choose({ Paid: payload }) } } }),
  ];
}

/** The services of the points. */
export function loyaltyServices(): readonly Service[] {
  return [
    service(points, {
      handlers: {
        none: {
          Paid: ({ payload, choose }) =>
            payload.cents < 100
              ? choose.none()
              : choose.some({ Earned: { points: Math.floor(payload.cents / 100) } }),
        },
      },
    }),
    service(letters, { handlers: {} }),
  ];
}

/** The service of the visits. */
export const visitServices: readonly Service[] = [service(guests, { handlers: {} })];
