// A purchase with a card: the provider answers, or the call is given up and the stock goes back.
import { choreography, type Choreography } from "../src/contract/choreography.ts";
import { to } from "../src/contract/outcome.ts";
import { participant } from "../src/contract/participant.ts";
import { gaveUp, lock, on } from "../src/contract/reaction.ts";
import { activity, command, type CommandType, event } from "../src/contract/trigger.ts";

/** Its command. */
export const buy: CommandType<"buy", undefined> = command("buy");
const StockTaken = event("StockTaken");
const Paid = event("Paid");
const Declined = event("Declined");
const charge = activity("charge", { attempts: 5 });
const answers = { ok: to("PAID").emits(Paid), declined: to("REFUSED").emits(Declined) };

/** With what happens when the call is given up, or without. */
export function cardSaga({ saysGaveUp }: { readonly saysGaveUp: boolean }): Choreography {
  const stock = participant("Stock", {
    entity: "Stock",
    initial: "none",
    states: {
      none: [on(buy, to("TAKEN").emits(StockTaken))],
      TAKEN: lock([on(Paid, to("SOLD")), on(Declined, to("BACK"))]),
      SOLD: [],
      BACK: [],
    },
  });
  const payment = participant("Payment", {
    entity: "Payment",
    initial: "none",
    states: {
      none: [on(StockTaken, to("CHARGING"))],
      CHARGING: lock([
        on(charge, answers),
        ...(saysGaveUp ? [gaveUp(charge, to("REFUSED").emits(Declined))] : []),
      ]),
      PAID: [],
      REFUSED: [],
    },
  });
  return choreography("Card", {
    participants: [stock, payment],
    ends: {
      sold: { Stock: "SOLD", Payment: "PAID" },
      back: { Stock: "BACK", Payment: "REFUSED" },
    },
  });
}
