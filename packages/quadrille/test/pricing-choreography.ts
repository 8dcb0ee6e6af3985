// A choreography whose schemas are not idempotent: each of them makes cents of euros, so a second parse shows
// at once.
import { z } from "zod";
import { choreography, type Choreography } from "../src/contract/choreography.ts";
import { type Service, service } from "../src/contract/handler.ts";
import { to } from "../src/contract/outcome.ts";
import { participant } from "../src/contract/participant.ts";
import { defer, on } from "../src/contract/reaction.ts";
import { activity, all, command, type CommandType, event } from "../src/contract/trigger.ts";

const price = z.object({ amount: z.number().transform((euros) => euros * 100) });

const buyCommand = command("buy", price);
/** Buys for an amount, in euros before the schema and in cents after it. */
export const buy: CommandType<"buy", { readonly amount: number }> = buyCommand;
const release = command("release");
/** Lets the till take what it has deferred. */
export const releaseTill: CommandType<"release", undefined> = release;
const Bought = event("Bought", price);
const Packed = event("Packed", price);
const quote = activity("quote", price);

const shop = participant("Shop", {
  entity: "Sale",
  data: price,
  initial: "NEW",
  states: {
    NEW: [on(buyCommand, to("QUOTING"))],
    QUOTING: [on(quote, to("BOUGHT").emits(Bought, Packed))],
    BOUGHT: [],
  },
});
const till = participant("Till", {
  entity: "Receipt",
  initial: "CLOSED",
  states: {
    CLOSED: [defer(Bought), on(release, to("OPEN"))],
    OPEN: [on(Bought, to("CHARGED"))],
    CHARGED: [],
  },
});
const depot = participant("Depot", {
  entity: "Parcel",
  initial: "EMPTY",
  states: { EMPTY: [on(all(Bought, Packed), to("SHIPPED"))], SHIPPED: [] },
});

/** The choreography: a sale is quoted, charged and shipped. */
export const pricing: Choreography = choreography("Pricing", {
  participants: [shop, till, depot],
  ends: { sold: { Shop: "BOUGHT", Till: "CHARGED", Depot: "SHIPPED" } },
  commands: { release: 1 },
});

/** What the handlers were given, in cents or what became of them, by where they saw it. */
export interface Seen {
  readonly command: number[];
  readonly result: number[];
  readonly data: number[];
  readonly charged: number[];
  readonly shipped: number[];
}

/**
 * Services that note what they see. Those in `throwsOnce` throw at their first message, so that it is
 * retried. The call comes back when `quoted` does.
 */
export function pricingServices(
  throwsOnce: ReadonlySet<"Shop" | "Till" | "Depot"> = new Set(),
  quoted: () => Promise<void> = () => Promise.resolve(),
): {
  readonly services: readonly [Service, Service, Service];
  readonly seen: Seen;
} {
  const seen: Seen = { command: [], result: [], data: [], charged: [], shipped: [] };
  const thrown = new Set<string>();
  const stumble = (name: "Shop" | "Till" | "Depot"): void => {
    if (!throwsOnce.has(name) || thrown.has(name)) return;
    thrown.add(name);
    throw new Error("a passing fault");
  };
  const services = [
    service(shop, {
      handlers: {
        NEW: {
          buy: ({ payload: { amount }, choose }) => {
            seen.command.push(amount);
            return choose({ data: { amount: 3 } });
          },
        },
        QUOTING: {
          quote: ({ payload: { amount }, entity, choose }) => {
            stumble("Shop");
            seen.result.push(amount);
            seen.data.push(entity.data.amount);
            return choose({ Bought: { amount: 5 }, Packed: { amount: 7 } });
          },
        },
      },
      activities: {
        quote: async () => {
          await quoted();
          return { amount: 2 };
        },
      },
    }),
    service(till, {
      handlers: {
        OPEN: {
          Bought: ({ payload: { amount }, choose }) => {
            stumble("Till");
            seen.charged.push(amount);
            return choose();
          },
        },
      },
    }),
    service(depot, {
      handlers: {
        EMPTY: {
          "Bought+Packed": ({ payload: { Bought: bought, Packed: packed }, choose }) => {
            stumble("Depot");
            seen.shipped.push(bought.amount, packed.amount);
            return choose();
          },
        },
      },
    }),
  ] as const;
  return { services, seen };
}
