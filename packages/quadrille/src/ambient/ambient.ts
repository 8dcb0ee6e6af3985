// The only access to clock, randomness, ids, logging and failpoints: everything that is not a function of its
// input.
import type { Fit } from "./uuid.ts";

/** Time, as the engine sees it: real, or virtual in tests and simulations. */
export interface Clock {
  /** Whether its time is virtual, as in tests: then it does not follow the database's clock. */
  readonly isVirtual?: boolean;
  /** Milliseconds since 1970. */
  now(): number;
  /** A steady count of milliseconds for measuring spans; its origin means nothing. */
  steady(): number;
  /** Resolves after `delayMs`, or at once when `signal` aborts; it never rejects. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>;
}

/** One line of the operator's log. */
export interface LogLine {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  readonly code?: string;
  readonly participant?: string;
}

/** Business time, as the engine sees it. */
export interface BusinessClock {
  /** Milliseconds since 1970. It never runs back. */
  now(): number;
  /**
   * How long until it is `at`, in the machine's milliseconds; infinite for stepped time, which a driver
   * moves.
   */
  untilMs(at: number): number;
}

/** The engine's access to the outside, besides store and transport. */
export interface Ambient {
  readonly clock: Clock;
  /** Business time; by default that of the clock. An engine that is given another business time sets it. */
  readonly business?: BusinessClock;
  /** A number in [0, 1). */
  random(): number;
  /**
   * A new id, unique and rising with time (UUID version 7, RFC 9562). One that fits is preferred, where
   * several would do.
   */
  id(fit?: Fit): string;
  log(line: LogLine): void;
  /**
   * A named place where a crash matters, such as `batch-decided`. Does nothing in production; tests and
   * simulations stop, delay or throw here.
   */
  failpoint(name: Failpoint): Promise<void> | undefined;
}

/** The named crash windows of the engine. */
export type Failpoint = "batch-decided" | "flush-committed" | "activity-started" | "activity-returned";
