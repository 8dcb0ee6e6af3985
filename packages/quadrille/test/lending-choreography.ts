// A loan whose deadline is computed from its data: it is due at a time, or never, and a renewal sets it
// again.
import { z } from "zod";
import { choreography, type Choreography } from "../src/contract/choreography.ts";
import { type Service, service } from "../src/contract/handler.ts";
import { to } from "../src/contract/outcome.ts";
import { participant } from "../src/contract/participant.ts";
import { after, lock, on } from "../src/contract/reaction.ts";
import { command, type CommandType } from "../src/contract/trigger.ts";

/** When the book is due, in milliseconds since 1970; null for never. */
export interface LoanData {
  readonly dueAt: number | null;
}
const Loan = z.object({ dueAt: z.number().nullable() });
export const lend: CommandType<"lend", LoanData> = command("lend", Loan);
export const renew: CommandType<"renew", LoanData> = command("renew", Loan);
export const note: CommandType<"note", LoanData> = command("note", Loan);
export const bring: CommandType<"bringBack"> = command("bringBack");
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
export const library: Choreography = choreography("Library", {
  participants: [loan],
  ends: { back: { Loan: "BACK" } },
  commands: { renew: "unbounded", note: "unbounded" },
});
export const services: readonly Service[] = [
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
