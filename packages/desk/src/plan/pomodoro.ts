// The Pomodoro timer: spans of work with breaks, a long break after every fourth.
import type { Clock } from "../ambient/clock.ts";

/** How long, in minutes, and how many spans. */
export interface Pomodoro {
  readonly workMin: number;
  readonly breakMin: number;
  readonly longBreakMin: number;
  readonly spans: number;
}

/** A part of it: work, or a break after it. */
export interface Span {
  readonly kind: "work" | "break" | "long break";
  /** Which span of work, from 1. */
  readonly number: number;
  readonly minutes: number;
}

const longAfter = 4;

/** The parts in their order; no break after the last span. */
export function spansOf({ workMin, breakMin, longBreakMin, spans }: Pomodoro): readonly Span[] {
  return Array.from({ length: spans }, (_, index): readonly Span[] => {
    const number = index + 1;
    const work: Span = { kind: "work", number, minutes: workMin };
    if (number === spans) return [work];
    const isLong = number % longAfter === 0;
    return [
      work,
      { kind: isLong ? "long break" : "break", number, minutes: isLong ? longBreakMin : breakMin },
    ];
  }).flat();
}

/**
 * Runs them one after another. `tick` hears of every second that is left. Rejects with an `AbortError` when
 * the signal fires.
 */
export async function runSpans(
  spans: readonly Span[],
  tick: (span: Span, secondsLeft: number) => void,
  { clock, signal }: { readonly clock: Pick<Clock, "sleep">; readonly signal: AbortSignal },
): Promise<void> {
  for (const span of spans) {
    for (let left = span.minutes * 60; left > 0; left -= 1) {
      tick(span, left);
      await clock.sleep(1_000, signal);
    }
    tick(span, 0);
  }
}
