// A loan whose deadline is computed from its data: it is due at a time, or never, and a renewal sets it anew.
import { z } from "zod";
import { choreography } from "../src/contract/choreography.ts";
import { service } from "../src/contract/handler.ts";
import { to } from "../src/contract/outcome.ts";
import { participant } from "../src/contract/participant.ts";
import { after, lock, on } from "../src/contract/reaction.ts";
import { command } from "../src/contract/trigger.ts";

const Loan = z.object({ dueAt: z.number().nullable() });
type LoanData = z.infer<typeof Loan>;
export const lend = command("lend", Loan);
export const renew = command("renew", Loan);
export const note = command("note", Loan);
export const bring = command("bringBack");
const loan = participant("Loan", {
  entity: "Loan",
  data: Loan,
  initial: "none",
  states: {
    none: [on(lend, to("LENT"))],
    LENT: lock([
      on(renew, to("LENT").rearms()),
      on(note, to("LENT")),
      on(bring, to("BACK")),
      after(({ dueAt }: LoanData) => dueAt ?? undefined, to("OVERDUE"), "due"),
    ]),
    OVERDUE: lock([on(bring, to("BACK"))]),
    BACK: [],
  },
});
export const library = choreography("Library", {
  participants: [loan],
  ends: { back: { Loan: "BACK" } },
  commands: { renew: "unbounded", note: "unbounded" },
});
export const services = [
  service(loan, {
    handlers: {
      none: { lend: ({ payload, choose }) => choose({ data: payload }) },
      LENT: {
        renew: ({ payload, choose }) => choose({ data: payload }),
        note: ({ payload, choose }) => choose({ data: payload }),
      },
    },
  }),
];
