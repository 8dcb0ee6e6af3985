// Waits for the end of one saga, even if participants in other processes end it.
import type { Ambient } from "../../ambient/ambient.ts";
import type { SagaEnd } from "../message/api.ts";
import type { Limits } from "../message/limits.ts";
import { untilAborted } from "../message/waiting.ts";
import { bell } from "../round/bell.ts";
import type { Trackers } from "./trackers.ts";

/** Which saga is waited for, and how. */
export interface Awaited {
  readonly sagaId: string;
  readonly tracker: Trackers;
  readonly ambient: Pick<Ambient, "clock">;
  /** How often the tables are asked. */
  readonly limits: Pick<Limits, "renewMs">;
  /** Whether no other process changes sagas, so that what this one knows is how they are. */
  readonly isAlone: boolean;
  /** Aborts when the engine stops: from then on it hears of no end. */
  readonly stopped: AbortSignal;
}

/** The saga's end; `undefined` where `given` aborts first, or the engine stops. */
export async function endOf(
  { sagaId, tracker, ambient, limits, isAlone, stopped }: Awaited,
  given: AbortSignal | undefined,
): Promise<SagaEnd | undefined> {
  const signal = given === undefined ? stopped : AbortSignal.any([given, stopped]);
  const committed = bell(ambient.clock);
  const leave = tracker.wait(sagaId, committed);
  try {
    // An end that is known may have been left: by a command that another process has answered just now.
    if (!isAlone && (await untilAborted(tracker.endOf(sagaId), signal)) !== undefined)
      await untilAborted(tracker.renew(sagaId), signal);
    for (;;) {
      const end = await untilAborted(tracker.endOf(sagaId), signal);
      if (end !== undefined || signal.aborted) return end;
      await committed.wait(limits.renewMs, signal);
      // Commits in other processes are not seen here, so the tables are polled.
      if ((await untilAborted(tracker.endOf(sagaId), signal)) === undefined && !signal.aborted)
        await untilAborted(tracker.renew(sagaId), signal);
    }
  } finally {
    leave();
  }
}
