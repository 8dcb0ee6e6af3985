// How a call to the outside is attempted: time limit, number of attempts, pauses. Part of the contract, as
// plain data.
import { type Duration, durationMs } from "./duration.ts";
import { assertKnownKeys } from "./known-keys.ts";

/** How an activity is attempted. The engine's limits apply to what is absent. */
export interface CallPolicy {
  /** The longest that one attempt may take, in milliseconds. */
  readonly timeLimitMs?: number;
  /** How many attempts may fail; then the call is given up. From 1. */
  readonly attempts?: number;
  /** A call that still fails this long after its first failure is given up, in milliseconds. */
  readonly giveUpAfterMs?: number;
  /** The pause after the first failed attempt, in milliseconds; it doubles with each one. */
  readonly backoffMs?: number;
  /** The longest pause between attempts, in milliseconds. */
  readonly backoffMaxMs?: number;
}

/** A {@link CallPolicy} as an author writes it: `{ attempts: 5, timeLimit: "2s" }`. */
export interface CallOptions {
  /** The longest that one attempt may take; `activityMsMax` of the engine's limits unless given. */
  readonly timeLimit?: Duration;
  /** How many attempts may fail; then the call is given up. Without a limit unless given. */
  readonly attempts?: number;
  /** A call that still fails this long after its first failure is given up; a day unless given. */
  readonly giveUpAfter?: Duration;
  /** The pause after the first failed attempt; it doubles with each one. */
  readonly backoff?: Duration;
  /** The longest pause between attempts. */
  readonly backoffMax?: Duration;
}

const optionKeys: readonly (keyof CallOptions)[] = [
  "timeLimit",
  "attempts",
  "giveUpAfter",
  "backoff",
  "backoffMax",
];

/** The policy as data. Throws a `RangeError` that names the option and what it may be. */
export function callPolicy(activity: string, options: CallOptions): CallPolicy {
  assertKnownKeys(`the activity ${activity}`, options, optionKeys);
  const { attempts } = options;
  if (attempts !== undefined && !(Number.isSafeInteger(attempts) && attempts >= 1)) {
    throw new RangeError(`${activity}: attempts is ${attempts}; it is a whole number from 1`);
  }
  return Object.freeze({
    ...milliseconds(activity, "timeLimitMs", options.timeLimit),
    ...(attempts === undefined ? {} : { attempts }),
    ...milliseconds(activity, "giveUpAfterMs", options.giveUpAfter),
    ...milliseconds(activity, "backoffMs", options.backoff),
    ...milliseconds(activity, "backoffMaxMs", options.backoffMax),
  });
}

function milliseconds(activity: string, key: keyof CallPolicy, duration: Duration | undefined): CallPolicy {
  if (duration === undefined) return {};
  const value = durationMs(duration);
  if (value > 0) return { [key]: value };
  throw new RangeError(`${activity}: ${key.replace(/Ms$/, "")} is ${duration}; it is longer than that`);
}
