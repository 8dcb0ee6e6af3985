// Two versions of what is stored while a saga is under way: facts of a join, a call's recorded result, the
// data a call is given.
import { z } from "zod";
import { choreography, type Choreography } from "../src/contract/choreography.ts";
import { type Service, service } from "../src/contract/handler.ts";
import { to } from "../src/contract/outcome.ts";
import { participant } from "../src/contract/participant.ts";
import { on } from "../src/contract/reaction.ts";
import { activity, all, command, type CommandType, event, type Schema } from "../src/contract/trigger.ts";
import { versioned } from "../src/contract/versioned.ts";

const payCommand = command("pay");
/** Has the till publish what was paid: the first fact. */
export const pay: CommandType<"pay", undefined> = payCommand;
const shipCommand = command("ship");
/** Has the depot publish that the goods are gone: the second fact. */
export const ship: CommandType<"ship", undefined> = shipCommand;

const Euros = z.object({ amount: z.number() });
const Cents = z.object({ amount: z.number().int(), currency: z.string() });
const toCents = ({ amount }: z.infer<typeof Euros>): z.infer<typeof Cents> => ({
  amount: amount * 100,
  currency: "EUR",
});

/** What code of a version was given; a handler may be asked again before its batch is written. */
export interface GivenMoney {
  /** To the handler of the join. */
  readonly joined: unknown[];
  /** To the call, as its entity's data. */
  readonly called: unknown[];
  /** To the handler of the call's result. */
  readonly taxed: unknown[];
}

/** A version of the choreography. */
export interface CollectingVersion {
  readonly choreography: Choreography;
  /** Till, depot, book. */
  readonly services: readonly [Service, Service, Service];
  readonly given: GivenMoney;
}

/** Options of a version. */
export interface Behaviour {
  /** The call's handler throws. */
  readonly isBroken?: boolean;
  /** The call does not come back. */
  readonly isSilent?: boolean;
}

interface Money {
  readonly amount: number;
  readonly currency?: string;
}

function version(
  money: Schema<{ readonly amount: number }>,
  value: Money,
  { isBroken = false, isSilent = false }: Behaviour,
): CollectingVersion {
  const given: GivenMoney = { joined: [], called: [], taxed: [] };
  const Paid = event("Paid", money);
  const Shipped = event("Shipped");
  const tax = activity("tax", money);
  const till = participant("Till", {
    entity: "Till",
    initial: "none",
    states: { none: [on(payCommand, to("PAID").emits(Paid))], PAID: [] },
  });
  const depot = participant("Depot", {
    entity: "Parcel",
    initial: "none",
    states: { none: [on(shipCommand, to("GONE").emits(Shipped))], GONE: [] },
  });
  const book = participant("Book", {
    entity: "Page",
    data: money,
    initial: "none",
    states: { none: [on(all(Paid, Shipped), to("TAXING"))], TAXING: [on(tax, to("BOOKED"))], BOOKED: [] },
  });
  const services = [
    service(till, { handlers: { none: { pay: ({ choose }) => choose({ Paid: value }) } } }),
    service(depot),
    service(book, {
      handlers: {
        none: {
          "Paid+Shipped": ({ payload: { Paid: paid }, choose }) => {
            given.joined.push(paid);
            return choose({ data: paid });
          },
        },
        TAXING: {
          tax: ({ payload, choose }) => {
            if (isBroken) throw new Error("a bug in the handler");
            given.taxed.push(payload);
            return choose();
          },
        },
      },
      activities: {
        tax: async ({ entity, signal }) => {
          given.called.push(entity.data);
          if (isSilent) await new Promise((_, reject) => signal.addEventListener("abort", reject));
          return value;
        },
      },
    }),
  ] as const;
  const participants = [till, depot, book];
  return { choreography: choreography("Collecting", { participants, ends: {} }), services, given };
}

/** Ten euros. */
export const collectsEuros = (behaviour: Behaviour = {}): CollectingVersion =>
  version(Euros, { amount: 10 }, behaviour);
/** Five cents, with a way from euros. */
export const collectsCents = (behaviour: Behaviour = {}): CollectingVersion =>
  version(versioned(Cents, toCents), { amount: 5, currency: "EUR" }, behaviour);
/** Five cents, without a way from euros. */
export const collectsCentsOnly = (behaviour: Behaviour = {}): CollectingVersion =>
  version(Cents, { amount: 5, currency: "EUR" }, behaviour);
