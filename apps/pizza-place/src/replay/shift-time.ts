// Whose time consumers and staff go by: the orders' own, or the machine's.
import type { Agenda } from "./agenda.ts";
import type { ReplayClock } from "./replay-place.ts";

/** When a script goes on, and what its commands say of the time. */
export interface ShiftTime {
  /**
   * Resolves when it is `at`, in business milliseconds since 1970, or at the stop. `order` decides between
   * equal times.
   */
  until(at: number, order: string): Promise<void>;
  /** What a command that is sent then says of its time. */
  dated(at: number): { readonly at?: number };
  /** Begins a script. */
  work<T>(script: () => Promise<T>): Promise<T>;
}

/** Scripts go on when the agenda says so, and date their commands. */
export function steppedShift(agenda: Agenda): ShiftTime {
  return {
    until: (at, order) => agenda.until(at, order),
    dated: (at) => ({ at }),
    work: (script) => agenda.work(script),
  };
}

/** Each step takes a fixed time by the machine's clock, whatever the orders' time. */
export function machineShift(
  stepMs: number,
  { clock, stop }: { readonly clock: Pick<ReplayClock, "sleep">; readonly stop: AbortSignal },
): ShiftTime {
  return {
    until: async () => {
      if (stepMs > 0) await clock.sleep(stepMs, stop);
    },
    dated: () => ({}),
    work: (script) => script(),
  };
}
