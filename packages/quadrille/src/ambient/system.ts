// The real clock, randomness and ids of the running system.
import { getRandomValues } from "node:crypto";
import type { Ambient, LogLine } from "./ambient.ts";
import { uuidV7 } from "./uuid.ts";

/**
 * The ambient of production. Warnings and errors are logged to the standard error stream unless `log` is
 * given.
 */
export function systemAmbient(log: (line: LogLine) => void = toStandardError): Ambient {
  const now = (): number => Date.now();
  return {
    clock: {
      now,
      steady: () => performance.now(),
      sleep,
    },
    random: () => Math.random(),
    id: uuidV7(now, (bytes) => getRandomValues(bytes)),
    log,
    failpoint: () => undefined,
  };
}

function toStandardError({ level, participant, message }: LogLine): void {
  if (level === "info") return;
  process.stderr.write(`${level}: ${participant === undefined ? "" : `${participant}: `}${message}\n`);
}

/** Runs `act` after a while, unless it is cancelled before. */
export function later(delayMs: number, act: () => void): { readonly cancel: () => void } {
  const timer = setTimeout(act, delayMs);
  return { cancel: () => clearTimeout(timer) };
}

/** Resolves once everything else that waits for the event loop has run. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Node turns longer waits into one millisecond. */
const longestMs = 2 ** 31 - 1;

// `timers/promises` rejects with an error made for each abort; at thousands of short sleeps a second that was
// 8 % of the engine's time.
function sleep(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const wake = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", wake);
      resolve();
    };
    const timer = setTimeout(wake, Math.min(delayMs, longestMs));
    signal.addEventListener("abort", wake);
  });
}
