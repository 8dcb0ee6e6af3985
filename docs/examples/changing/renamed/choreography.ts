// A version that cannot be deployed while payments are under way: the event has another name.
import { choreography, command, event, on, participant, service, to } from "quadrille";
import { z } from "zod";

const Euros = z.object({ amount: z.number() });
const Paid = event("PaymentReceived", Euros);
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
    handlers: { NEW: { pay: ({ payload: paid, choose }) => choose({ PaymentReceived: paid }) } },
  }),
  service(book, {
    handlers: {
      EMPTY: {
        PaymentReceived: ({ payload: { amount }, choose }) => {
          console.log(`written: ${amount} euros`);
          return choose();
        },
      },
    },
  }),
];
