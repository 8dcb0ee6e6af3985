// A choreography for several processes on the same participants: a shop that charges once and is then rated
// as often as its customers like, and a stock that ships what was paid.
import { choreography, type Choreography } from "../src/contract/choreography.ts";
import { type Service, service } from "../src/contract/handler.ts";
import { to } from "../src/contract/outcome.ts";
import { participant } from "../src/contract/participant.ts";
import { lock, on } from "../src/contract/reaction.ts";
import { activity, command, type CommandType, event } from "../src/contract/trigger.ts";

/** Begins a saga. */
export const buy: CommandType<"buy", undefined> = command("buy");
/** May come as often as it likes, once the saga is paid. */
export const rate: CommandType<"rate", undefined> = command("rate");
const Bought = event("Bought");
const Paid = event("Paid");
const charge = activity("charge");

const shop = participant("Shop", {
  entity: "Purchase",
  initial: "none",
  states: {
    none: [on(buy, to("CHARGING").emits(Bought))],
    CHARGING: lock([on(charge, to("PAID").emits(Paid))]),
    PAID: [on(rate, to("PAID"))],
  },
});
const stock = participant("Stock", {
  entity: "Parcel",
  initial: "none",
  states: {
    none: [on(Bought, to("RESERVED"))],
    RESERVED: [on(Paid, to("SHIPPED"))],
    SHIPPED: [],
  },
});

/** The choreography. */
export const shopping: Choreography = choreography("Shopping", {
  participants: [shop, stock],
  ends: { shipped: { Shop: "PAID", Stock: "SHIPPED" } },
  commands: { rate: "unbounded" },
});

/** Its services; `charge` is what goes to the outside world. */
export function shoppingServices(makeCharge: (callId: string) => Promise<undefined>): readonly Service[] {
  return [
    service(shop, {
      handlers: {
        none: { buy: ({ choose }) => choose() },
        CHARGING: { charge: ({ choose }) => choose() },
        PAID: { rate: ({ choose }) => choose() },
      },
      activities: { charge: ({ id }) => makeCharge(id) },
    }),
    service(stock, { handlers: {} }),
  ];
}
