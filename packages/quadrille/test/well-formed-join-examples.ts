// The rules about joins.
import { to } from "../src/contract/outcome.ts";
import { after, ignore, lock, never, on } from "../src/contract/reaction.ts";
import { all } from "../src/contract/trigger.ts";
import type { WellFormedCode } from "../src/contract/rules/well-formed-rules.ts";
import { Cooked, Ordered, Paid, join, joinOf, joining, withWaiter } from "./well-formed-dinner.ts";
import type { Examples } from "./well-formed-example.ts";

/** Examples for each code, the plainest first. */
export const joinExamples: Readonly<
  Record<Extract<WellFormedCode, "W07" | "W16" | "W17" | "W29" | "W31" | "W36">, Examples>
> = {
  W07: [
    {
      says: "Waiter in IDLE has 2 joins: Ordered+Cooked, Cooked+Paid",
      broken: joining(on(all(Cooked, Paid), to("DONE"))),
      clean: withWaiter({
        IDLE: [on(all(Ordered, Cooked, Paid), to("DONE").emits(Paid))],
        DONE: [ignore(Ordered), ignore(Cooked), ignore(Paid)],
      }),
    },
  ],
  W16: [
    {
      says: 'Waiter in IDLE says "never Paid" once Paid has been seen, which is not a fact of a join in that state',
      broken: joining(ignore(Paid), never(Paid, { once: [Paid] })),
    },
    {
      says: 'Waiter in IDLE says "never Paid" once all facts have been seen, when the state has been left',
      broken: joining(ignore(Paid), never(Paid, { once: [Ordered, Cooked] })),
      clean: joining(ignore(Paid), never(Paid, { once: [Ordered] })),
    },
    {
      says: 'Waiter in IDLE says "never Cooked" once Ordered has been seen, but the join waits for it then',
      broken: withWaiter({
        IDLE: [on(join, to("DONE")), never(Cooked, { once: [Ordered] })],
        DONE: [ignore(Ordered), ignore(Cooked)],
      }),
      clean: withWaiter({
        IDLE: [on(join, to("DONE")), never(Cooked, { once: [Cooked] })],
        DONE: [ignore(Ordered), ignore(Cooked)],
      }),
    },
  ],
  W17: [
    {
      says: 'Waiter in IDLE on Ordered+Cooked says "by", which a join cannot',
      broken: withWaiter({
        IDLE: [on(join, to("DONE"), { by: () => "a" })],
        DONE: [ignore(Ordered), ignore(Cooked)],
      }),
      clean: withWaiter({
        IDLE: [on(join, to("DONE"))],
        DONE: [ignore(Ordered), ignore(Cooked)],
      }),
    },
  ],
  W29: [
    {
      says: "Waiter in IDLE joins Ordered twice",
      broken: withWaiter({
        IDLE: [on(all(Ordered, Cooked, Ordered), to("DONE"))],
        DONE: [ignore(Ordered), ignore(Cooked)],
      }),
      clean: withWaiter({
        IDLE: [on(all(Ordered, Cooked), to("DONE"))],
        DONE: [ignore(Ordered), ignore(Cooked)],
      }),
    },
    {
      says: "Waiter in IDLE joins 25 events; a join has 2 to 24",
      broken: withWaiter({ IDLE: [on(joinOf(25), to("IDLE"))] }),
      clean: withWaiter({ IDLE: [on(joinOf(24), to("IDLE"))] }),
    },
  ],
  W31: [
    {
      says: "Waiter in IDLE is a lock, and its join may rest",
      broken: withWaiter({
        IDLE: lock([on(join, to("DONE"), { rests: true })]),
        DONE: [ignore(Ordered), ignore(Cooked)],
      }),
      clean: withWaiter({
        IDLE: [on(join, to("DONE"), { rests: true })],
        DONE: [ignore(Ordered), ignore(Cooked)],
      }),
    },
  ],
  W36: [
    {
      says: "Waiter in IDLE on after 1h stays there and empties its join: what has come so far is forgotten",
      broken: withWaiter({
        IDLE: [on(join, to("DONE")), after("1h", to("IDLE"))],
        DONE: [ignore(Ordered), ignore(Cooked)],
      }),
      clean: withWaiter({
        IDLE: [on(join, to("DONE"))],
        DONE: [after("1h", to("LATE")), ignore(Ordered), ignore(Cooked)],
        LATE: [ignore(Ordered), ignore(Cooked)],
      }),
    },
  ],
};
