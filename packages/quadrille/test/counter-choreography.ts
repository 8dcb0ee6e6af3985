// A small choreography for commands: a till that counts, locks and is closed, and a ledger that writes it
// down.
import { z } from "zod";
import { choreography, type Choreography } from "../src/contract/choreography.ts";
import { type Service, service } from "../src/contract/handler.ts";
import { to } from "../src/contract/outcome.ts";
import { participant } from "../src/contract/participant.ts";
import { lock, on } from "../src/contract/reaction.ts";
import { command, type CommandType, event } from "../src/contract/trigger.ts";

const amount = z.object({ amount: z.number().int() });
const Added = event("Added", amount);
const addCommand = command("add", amount);

/** Locks the till, unlocks it, closes it. */
export const lockTill: CommandType<"lockTill", undefined> = command("lockTill");
/** The way out of the lock. */
export const unlockTill: CommandType<"unlockTill", undefined> = command("unlockTill");
/** The end. */
export const closeTill: CommandType<"closeTill", undefined> = command("closeTill");
/** Adds a whole amount. */
export const add: CommandType<"add", { readonly amount: number }> = addCommand;

const till = participant("till", {
  entity: "Till",
  data: z.object({ sum: z.number() }),
  initial: "NEW",
  states: {
    NEW: [on(addCommand, to("OPEN").emits(Added))],
    OPEN: [on(addCommand, to("OPEN").emits(Added)), on(lockTill, to("LOCKED")), on(closeTill, to("CLOSED"))],
    LOCKED: lock([on(unlockTill, to("OPEN"))]),
    CLOSED: [],
  },
});
const ledger = participant("ledger", {
  entity: "Page",
  data: z.object({ sum: z.number() }),
  initial: "EMPTY",
  states: { EMPTY: [on(Added, to("WRITTEN"))], WRITTEN: [on(Added, to("WRITTEN"))] },
});

/** The choreography. */
export const counting: Choreography = choreography("Counting", {
  participants: [till, ledger],
  ends: { closed: { till: "CLOSED", ledger: "WRITTEN" } },
  commands: { add: "unbounded" },
});

/** The services. `emit` makes the payload of an addition, and may make a wrong one, or throw. */
export function countingServices(
  emit: (amount: number) => { readonly amount: number } = (added) => ({ amount: added }),
): readonly Service[] {
  return [
    service(till, {
      handlers: {
        NEW: {
          add: ({ payload: { amount: added }, choose }) =>
            choose({ Added: emit(added) }, { data: { sum: added } }),
        },
        OPEN: {
          add: ({ payload: { amount: added }, entity, choose }) =>
            choose({ Added: emit(added) }, { data: { sum: entity.data.sum + added } }),
        },
      },
    }),
    service(ledger, {
      handlers: {
        EMPTY: { Added: ({ payload: { amount: added }, choose }) => choose({ data: { sum: added } }) },
        WRITTEN: {
          Added: ({ payload: { amount: added }, entity, choose }) =>
            choose({ data: { sum: entity.data.sum + added } }),
        },
      },
    }),
  ];
}

/** The till, whose additions are made in the transaction. */
export function transactingTill(): Service {
  return service(till, {
    handlers: {
      NEW: {
        add: {
          transact: async ({ payload: { amount: added }, choose }, tx) => {
            await tx.query("select 1");
            return choose({ Added: { amount: added } }, { data: { sum: added } });
          },
        },
      },
      OPEN: {
        add: {
          transact: async ({ payload: { amount: added }, entity, choose }, tx) => {
            await tx.query("select 1");
            return choose({ Added: { amount: added } }, { data: { sum: entity.data.sum + added } });
          },
        },
      },
    },
  });
}
