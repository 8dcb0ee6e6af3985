// A small choreography around one call to the outside world: a payment is charged, or cancelled meanwhile.
import { z } from "zod";
import { choreography, type Choreography } from "../src/contract/choreography.ts";
import { type ActivityInput, service } from "../src/contract/handler.ts";
import { to } from "../src/contract/outcome.ts";
import { participant } from "../src/contract/participant.ts";
import { after, ignore, lock, on } from "../src/contract/reaction.ts";
import { activity, all, command, type CommandType, event } from "../src/contract/trigger.ts";
import type { Limits } from "../src/engine/message/limits.ts";
import { World } from "./engine-world.ts";

const Paid = event("Paid", z.object({ receipt: z.string() }));
const Declined = event("Declined");
const Checked = event("Checked");
const Weighed = event("Weighed");
/** A command of the choreography. */
export const pay: CommandType<"pay", undefined> = command("pay");
/** A command of the choreography. */
export const cancel: CommandType<"cancel", undefined> = command("cancel");
/** A command of the choreography. */
export const touch: CommandType<"touch", undefined> = command("touch");
/** A command of the choreography. */
export const check: CommandType<"check", undefined> = command("check");
const charge = activity("charge", z.object({ ok: z.boolean(), receipt: z.string() }));

const payer = participant("payer", {
  entity: "Payment",
  data: z.object({ receipt: z.string() }),
  initial: "NEW",
  states: {
    NEW: [on(pay, to("CHARGING"))],
    CHARGING: lock([
      on(charge, { good: to("PAID").emits(Paid), bad: to("DECLINED").emits(Declined) }),
      on(touch, to("CHARGING")),
      on(cancel, to("CANCELLED")),
      on(all(Checked, Weighed), to("CHARGING")),
      after("1h", to("CANCELLED")),
    ]),
    PAID: [ignore(Checked), ignore(Weighed)],
    DECLINED: [on(pay, to("CHARGING"))],
    CANCELLED: [on(pay, to("CHARGING"))],
  },
});
const checker = participant("checker", {
  entity: "Check",
  initial: "NEW",
  states: { NEW: [on(check, to("NEW").emits(Checked))], DONE: [on(check, to("DONE").emits(Weighed))] },
});
/** The choreography. */
export const paying: Choreography = choreography("Paying", {
  participants: [payer, checker],
  ends: { paid: { payer: "PAID" }, declined: { payer: "DECLINED" }, cancelled: { payer: "CANCELLED" } },
  publicEvents: [Paid, Declined],
});

/** The call. */
export type Charge = (input: ActivityInput<unknown>) => Promise<{ ok: boolean; receipt: string }>;

/**
 * A world in which the card is charged by `run`; `judge` is called with each result that is taken, and may
 * throw.
 */
export function payingWorld(
  run: Charge,
  limits: Partial<Limits> = {},
  judge: () => void = () => undefined,
): World {
  const services = [
    service(payer, {
      handlers: {
        CHARGING: {
          charge: ({ payload: { ok, receipt }, choose }) => {
            judge();
            return ok ? choose.good({ Paid: { receipt } }, { data: { receipt } }) : choose.bad();
          },
        },
      },
      activities: { charge: run },
    }),
    service(checker),
  ];
  return new World({ choreography: paying, services, limits: { pollMs: 1_000, ...limits } });
}

/** A result that is taken. */
export const good: Awaited<ReturnType<Charge>> = { ok: true, receipt: "r" };

/** What has happened to a payment: each trigger and the state it led to. */
export async function reactions(here: World, sagaId: string): Promise<readonly string[]> {
  return (await (await here.store("payer")).timeline(sagaId)).map((row) => `${row.trigger} ${row.to}`);
}
