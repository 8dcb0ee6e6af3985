// Keeps the payment provider up to date during a run: it clears after sagas have ended, and only then.
import type { Patience } from "../replay/patience.ts";
import type { ReplayClock } from "../replay/replay-place.ts";
import type { System } from "./system.ts";

/** How long ends are gathered for one clearing. */
const clearMs = 500;

/** What it needs besides the system. */
export interface Keeping {
  readonly patience: Patience;
  readonly clock: Pick<ReplayClock, "sleep">;
}

/** Clears until `stop` aborts. What is left then is cleared by the audit, or at the next start. */
export async function keepClearing(
  { engine, clearing }: Pick<System, "engine" | "clearing">,
  { patience, clock }: Keeping,
  stop: AbortSignal,
): Promise<void> {
  let hasNews = true;
  const off = engine.onEnd(() => {
    hasNews = true;
  });
  while (!stop.aborted) {
    if (hasNews) {
      hasNews = false;
      await patience(clearing, stop);
    }
    await clock.sleep(clearMs, stop);
  }
  off();
}
