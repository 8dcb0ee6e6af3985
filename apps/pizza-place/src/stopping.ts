// Two ways to stop: the first signal asks for an orderly end, the second one ends the process at once.

/** Exit code of a process that was interrupted, by the shells' convention. */
const interrupted = 130;

/**
 * Aborts at the first SIGINT or SIGTERM; the second one exits. Returns the signal and what stops listening.
 */
export function onStopSignals(say: (text: string) => void): {
  readonly signal: AbortSignal;
  readonly off: () => void;
} {
  const stop = new AbortController();
  const listener = (): void => {
    if (stop.signal.aborted) {
      say("Stopped at once. Nothing that was committed is lost.");
      process.exit(interrupted);
    }
    stop.abort();
  };
  process.on("SIGINT", listener);
  process.on("SIGTERM", listener);
  const off = (): void => {
    process.off("SIGINT", listener);
    process.off("SIGTERM", listener);
  };
  return { signal: stop.signal, off };
}
