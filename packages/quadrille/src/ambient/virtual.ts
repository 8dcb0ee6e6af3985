// A clock that moves only when a test moves it, seeded randomness and counted ids: for tests and simulations.
import { QuadrilleError } from "../errors.ts";
import type { Ambient, Failpoint, LogLine } from "./ambient.ts";

/** The ambient of tests, with handles to move its time and to act at failpoints. */
export interface VirtualAmbient extends Ambient {
  /**
   * Moves time on; sleepers whose time has come wake in the order of their times. Throws `Q_ARGUMENT_INVALID`
   * for what is no number of milliseconds.
   */
  advance(byMs: number): void;
  /** How many sleep. */
  sleeping(): number;
  /** The milliseconds until the next sleeper wakes; `undefined` when none sleeps. */
  nextWakeMs(): number | undefined;
  /** What to do at a failpoint; throwing there is a crash at that place. */
  onFailpoint(act: (name: Failpoint) => Promise<void> | undefined): void;
  readonly logged: readonly LogLine[];
}

/** Starts at `startMs` (milliseconds since 1970) with the given seed, a whole number. */
export function virtualAmbient(seed = 1, startMs = 1_420_070_400_000): VirtualAmbient {
  let nowMs = startMs;
  let ids = 0;
  let act: (name: Failpoint) => Promise<void> | undefined = () => undefined;
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  const logged: LogLine[] = [];
  const earliest = () => [...sleepers].toSorted((a, b) => a.at - b.at)[0];
  return {
    clock: {
      isVirtual: true,
      now: () => nowMs,
      steady: () => nowMs,
      sleep: (delayMs, signal) =>
        new Promise((resolve) => {
          if (signal.aborted) return resolve();
          const wake = (): void => {
            sleepers.delete(sleeper);
            signal.removeEventListener("abort", wake);
            resolve();
          };
          const sleeper = { at: nowMs + delayMs, wake };
          sleepers.add(sleeper);
          signal.addEventListener("abort", wake);
        }),
    },
    random: mulberry32(seed),
    id: () => `00000000-0000-7000-8000-${(++ids).toString(16).padStart(12, "0")}`,
    log: (line) => void logged.push(line),
    failpoint: (name) => act(name),
    advance: (byMs) => {
      if (typeof byMs !== "number" || !(byMs >= 0))
        throw new QuadrilleError(
          "Q_ARGUMENT_INVALID",
          `advance takes milliseconds, a number from 0, not ${JSON.stringify(byMs)}.`,
        );
      const until = nowMs + byMs;
      for (let next = earliest(); next !== undefined && next.at <= until; next = earliest()) {
        nowMs = Math.max(nowMs, next.at);
        next.wake();
      }
      nowMs = until;
    },
    sleeping: () => sleepers.size,
    nextWakeMs: () => {
      const next = earliest();
      return next === undefined ? undefined : Math.max(0, next.at - nowMs);
    },
    onFailpoint: (how) => {
      act = how;
    },
    logged,
  };
}

/** Numbers in [0, 1) from a 32-bit seed (Mulberry32, T. Ettinger, 2017, public domain). */
export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
