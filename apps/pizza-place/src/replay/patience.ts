// Waits out temporary errors: a database that restarts, too many commands at once.
import { isQuadrilleError, type QuadrilleError } from "quadrille";

/** The pause when too many commands wait: they are fewer in a moment. */
const overloadMs = 50;
/** The first pause at other errors; it doubles with each failure in a row. */
const pauseMs = 100;
/** The longest pause; PostgreSQL needs a few seconds to recover after a crash. */
const pauseMsMax = 2_000;

/**
 * Repeats `work` until it succeeds, as long as its errors are retryable; `work` must be safe to repeat.
 * Resolves with `undefined` if `signal` aborts first, rejects with the first error that is not retryable.
 */
export type Patience = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T | undefined>;

/** What {@link patience} needs. */
export interface PatienceParts {
  readonly clock: { sleep(delayMs: number, signal: AbortSignal): Promise<void> };
  /** Informs the operator once when calls begin to fail, and once when all of them have succeeded. */
  readonly say: (text: string) => void;
}

/**
 * Patience for all calls of a run together: hundreds of them may fail at once, and the operator is informed
 * once.
 */
export function makePatience({ clock, say }: PatienceParts): Patience {
  const failing = new Set<object>();
  const begin = (call: object, { message }: QuadrilleError): void => {
    if (failing.size === 0) say(`The replay waits and goes on by itself. ${message}`);
    failing.add(call);
  };
  const succeed = (call: object): void => {
    if (failing.delete(call) && failing.size === 0) say("The replay goes on.");
  };
  return async (work, signal) => {
    const call = {};
    let failures = 0;
    while (!signal.aborted) {
      try {
        const result = await work();
        succeed(call);
        return result;
      } catch (error) {
        if (!isPassing(error)) throw error;
        if (signal.aborted) break;
        failures += 1;
        if (error.code !== "Q_OVERLOADED") begin(call, error);
        await clock.sleep(pauseOf(error, failures), signal);
      }
    }
    failing.delete(call);
    return undefined;
  };
}

function isPassing(error: unknown): error is QuadrilleError {
  return isQuadrilleError(error) && (error.retryable || error.code === "Q_OVERLOADED");
}

function pauseOf({ code }: QuadrilleError, failures: number): number {
  return code === "Q_OVERLOADED" ? overloadMs : Math.min(pauseMs * 2 ** (failures - 1), pauseMsMax);
}
