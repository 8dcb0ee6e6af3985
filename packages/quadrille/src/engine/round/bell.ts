// A bell to wake a sleeping loop: rung while no loop sleeps, it wakes the next one at once.
import type { Clock } from "../../ambient/ambient.ts";

/** Rings and waits. One waits at a time. */
export interface Bell {
  ring(): void;
  /** Resolves when rung, after `delayMs`, or when `signal` aborts. */
  wait(delayMs: number, signal: AbortSignal): Promise<void>;
}

/** A bell by the given clock. */
export function bell(clock: Clock): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring: () => {
      rung = true;
      wake?.();
    },
    wait: async (delayMs, signal) => {
      if (!rung && !signal.aborted) {
        // The sleep is cut short by its own controller, so that no timer outlives the wait.
        const cut = new AbortController();
        // A reason of our own: the default one is an error with a stack, made each time.
        const stop = (): void => cut.abort("rung");
        signal.addEventListener("abort", stop);
        wake = stop;
        await clock.sleep(delayMs, cut.signal);
        wake = undefined;
        signal.removeEventListener("abort", stop);
      }
      rung = false;
    },
  };
}
