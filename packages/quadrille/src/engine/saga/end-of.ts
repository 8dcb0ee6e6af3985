// Waits for the end of one saga, even if participants in other processes end it.
import type { Clock } from "../../ambient/ambient.ts";
import type { SagaEnd } from "../message/api.ts";
import { untilAborted } from "../message/waiting.ts";
import { bell } from "../round/bell.ts";
import type { Trackers } from "./trackers.ts";

/** Which saga is waited for, and how. */
export interface Awaited {
  readonly sagaId: string;
  readonly tracker: Trackers;
  readonly clock: Clock;
  /** How often the tables are asked, in milliseconds. */
  readonly renewMs: number;
  /** Whether no other process changes sagas, so that what this one knows is how they are. */
  readonly isAlone: boolean;
}

/** The saga's end; `undefined` where `signal` aborts first. */
export async function endOf(
  { sagaId, tracker, clock, renewMs, isAlone }: Awaited,
  signal: AbortSignal,
): Promise<SagaEnd | undefined> {
  const committed = bell(clock);
  const leave = tracker.wait(sagaId, committed);
  try {
    // An end that is known may have been left: by a command that another process has answered just now.
    if (!isAlone && (await untilAborted(tracker.endOf(sagaId), signal)) !== undefined)
      await untilAborted(tracker.renew(sagaId), signal);
    for (;;) {
      const end = await untilAborted(tracker.endOf(sagaId), signal);
      if (end !== undefined || signal.aborted) return end;
      await committed.wait(renewMs, signal);
      // Commits in other processes are not seen here, so the tables are polled.
      if ((await untilAborted(tracker.endOf(sagaId), signal)) === undefined && !signal.aborted)
        await untilAborted(tracker.renew(sagaId), signal);
    }
  } finally {
    leave();
  }
}
