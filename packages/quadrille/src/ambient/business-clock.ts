// Business time: deadlines are kept in it, journals record it, and handlers see it. Polls, backoff and limits
// use the machine's time.
import type { Ambient, BusinessClock, Clock } from "./ambient.ts";

/** The business time of an ambient: the machine's, unless there is another. */
export function businessOf({ business, clock }: Pick<Ambient, "business" | "clock">): BusinessClock {
  return business ?? machineTime(clock);
}

function machineTime(clock: Pick<Clock, "now">): BusinessClock {
  return { now: () => clock.now(), untilMs: (at) => at - clock.now() };
}
