// The real clock, randomness and ids of the running system.
import { setTimeout as delay } from "node:timers/promises";
import { getRandomValues } from "node:crypto";
import type { Ambient, LogLine } from "./ambient.ts";
import { uuidV7 } from "./uuid.ts";

/** The ambient of production. `log` goes nowhere unless given. */
export function systemAmbient(log: (line: LogLine) => void = () => undefined): Ambient {
  const now = (): number => Date.now();
  return {
    clock: {
      now,
      steady: () => performance.now(),
      sleep: async (delayMs, signal) => {
        // Node turns longer waits into one millisecond.
        const longestMs = 2 ** 31 - 1;
        await delay(Math.min(delayMs, longestMs), undefined, { signal }).catch(() => undefined);
      },
    },
    random: () => Math.random(),
    id: uuidV7(now, (bytes) => getRandomValues(bytes)),
    log,
    failpoint: () => undefined,
  };
}
