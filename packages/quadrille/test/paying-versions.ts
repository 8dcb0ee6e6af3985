// Two versions of payloads and of an entity's data: amounts were in euros, and are in cents of a currency.
import { z } from "zod";
import { choreography, type Choreography } from "../src/contract/choreography.ts";
import { type Service, service } from "../src/contract/handler.ts";
import { to } from "../src/contract/outcome.ts";
import { participant } from "../src/contract/participant.ts";
import { defer, on } from "../src/contract/reaction.ts";
import { command, type CommandType, event, type Schema } from "../src/contract/trigger.ts";
import { versioned } from "../src/contract/versioned.ts";

const payCommand = command("pay", z.object({ amount: z.number() }));
/** Pays an amount: in euros in the first version, in cents in the second. */
export const pay: CommandType<"pay", { readonly amount: number }> = payCommand;
const openCommand = command("open");
/** Has the book take what it has deferred. */
export const open: CommandType<"open", undefined> = openCommand;
const closeCommand = command("close");
/** Has the till be looked at. */
export const close: CommandType<"close", undefined> = closeCommand;

const Euros = z.object({ amount: z.number() });
const Cents = z.object({ amount: z.number().int(), currency: z.string() });
type Money = z.infer<typeof Cents>;

const toCents = ({ amount }: z.infer<typeof Euros>): Money => ({ amount: amount * 100, currency: "EUR" });

/** What handlers saw. */
export interface SeenMoney {
  readonly booked: unknown[];
  readonly held: unknown[];
}

/** A version of the choreography. */
export interface PayingVersion {
  readonly choreography: Choreography;
  readonly services: readonly [Service, Service];
  readonly seen: SeenMoney;
}

/** Money in the second version is the schema given; in the first it is in euros. */
function version(
  money: Schema<{ readonly amount: number }>,
  make: (amount: number) => { amount: number },
): PayingVersion {
  const Paid = event("Paid", money);
  const seen: SeenMoney = { booked: [], held: [] };
  const till = participant("Till", {
    entity: "Till",
    data: money,
    initial: "none",
    states: {
      none: [on(payCommand, to("PAID").emits(Paid))],
      PAID: [on(closeCommand, { ok: to("CLOSED") })],
      CLOSED: [],
    },
  });
  const book = participant("Book", {
    entity: "Page",
    initial: "none",
    states: {
      none: [defer(Paid), on(openCommand, to("OPEN"))],
      OPEN: [on(Paid, { ok: to("BOOKED") })],
      BOOKED: [],
    },
  });
  const services = [
    service(till, {
      handlers: {
        none: {
          pay: ({ payload: { amount }, choose }) => {
            const value = make(amount);
            return choose({ Paid: value }, { data: value });
          },
        },
        PAID: {
          close: ({ entity, choose }) => {
            seen.held.push(entity.data);
            return choose.ok({ data: entity.data });
          },
        },
      },
    }),
    service(book, {
      handlers: {
        OPEN: {
          Paid: ({ payload: paid, choose }) => {
            seen.booked.push(paid);
            return choose.ok();
          },
        },
      },
    }),
  ] as const;
  return { choreography: choreography("Paying", { participants: [till, book], ends: {} }), services, seen };
}

/** Amounts in euros. */
export const inEuros = (): PayingVersion => version(Euros, (amount) => ({ amount }));
/** Amounts in cents, with a way from euros. */
export const inCents = (): PayingVersion =>
  version(versioned(Cents, toCents), (amount) => ({ amount, currency: "EUR" }));
/** Amounts in cents, without a way from euros. */
export const inCentsOnly = (): PayingVersion => version(Cents, (amount) => ({ amount, currency: "EUR" }));
