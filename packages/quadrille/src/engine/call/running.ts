// An attempt of a call that is under way. Its code may go on when the lane has moved to another process: it
// is known until it ends, by the lane's next owner here too.
import type { ParkedError } from "../../store/records.ts";

/**
 * How an attempt ended. A failed one that is not `retryable` reported that another attempt cannot help. One
 * that was `notMade` could not begin, because the entity's data cannot be read. One without an answer in its
 * time has failed with `Q_ACTIVITY_TIMED_OUT`.
 */
export type CallResult =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly error: ParkedError;
      readonly retryable: boolean;
      readonly notMade?: boolean;
    };

/** An attempt that has not ended. */
export interface Running {
  readonly abort: AbortController;
  /** Resolves when its code has ended. */
  readonly ended: Promise<void>;
  /** Resolves when it has ended, or when its lane is given up. */
  readonly cut: Promise<void>;
  readonly leave: () => void;
  /** The lane was given up: no one hears of its result there. */
  isLeft: boolean;
  result: CallResult | undefined;
}
