// Three ways to stop: the first signal asks for an orderly end, the second one ends the process at once, and
// so does the time that an orderly end may take.
import type { EventEmitter } from "node:events";
import type { Ambient } from "quadrille";

/** Exit code of a process that was interrupted, by the shells' convention. */
const interrupted = 130;

/** Nothing that an orderly end waits for takes as long; SIGTERM is promised to stop within ten seconds. */
const stopMsMax = 9_500;

/** A process that can be stopped, and what it is stopped with. */
export interface Stoppable {
  readonly program: Pick<EventEmitter, "on" | "off"> & { readonly exit: (code: number) => void };
  readonly clock: Pick<Ambient["clock"], "sleep">;
  readonly say: (text: string) => void;
}

/**
 * Aborts at the first SIGINT or SIGTERM; the second one exits. Returns the signal and what stops listening.
 */
export function onStopSignals({ program, clock, say }: Stoppable): {
  readonly signal: AbortSignal;
  readonly off: () => void;
} {
  const stop = new AbortController();
  const stopped = new AbortController();
  const stopNow = (): void => {
    say("Stopped at once. Nothing that was committed is lost.");
    program.exit(interrupted);
  };
  const stopLate = async (): Promise<void> => {
    await clock.sleep(stopMsMax, stopped.signal);
    if (!stopped.signal.aborted) stopNow();
  };
  const listener = (): void => {
    if (stop.signal.aborted) return stopNow();
    stop.abort();
    void stopLate();
  };
  program.on("SIGINT", listener);
  program.on("SIGTERM", listener);
  const off = (): void => {
    stopped.abort();
    program.off("SIGINT", listener);
    program.off("SIGTERM", listener);
  };
  return { signal: stop.signal, off };
}
