// Version 2: amounts are in cents of a currency. What version 1 has stored is read through an upcaster.
import { choreography, command, event, on, participant, service, to, versioned } from "quadrille";
import { z } from "zod";

const Euros = z.object({ amount: z.number() });
const Money = z.object({ cents: z.number().int(), currency: z.string() });
const fromEuros = ({ amount }: z.infer<typeof Euros>): z.infer<typeof Money> => ({
  cents: Math.round(amount * 100),
  currency: "EUR",
});
const Paid = event("Paid", versioned(Money, fromEuros));
const pay = command("pay", Euros);

const till = participant("Till", {
  entity: "Sale",
  initial: "NEW",
  states: { NEW: [on(pay, to("PAID").emits(Paid))], PAID: [] },
});
const book = participant("Book", {
  entity: "Page",
  initial: "EMPTY",
  states: { EMPTY: [on(Paid, to("WRITTEN"))], WRITTEN: [] },
});

/** Payments are written down. */
export default choreography("Payments", {
  participants: [till, book],
  ends: { written: { Till: "PAID", Book: "WRITTEN" } },
});

/** The code of the till and of the book. */
export const services = [
  service(till, {
    handlers: { NEW: { pay: ({ payload: paid, choose }) => choose({ Paid: fromEuros(paid) }) } },
  }),
  service(book, {
    handlers: {
      EMPTY: {
        Paid: ({ payload: { cents, currency }, choose }) => {
          console.log(`written: ${cents} cents ${currency}`);
          return choose();
        },
      },
    },
  }),
];
