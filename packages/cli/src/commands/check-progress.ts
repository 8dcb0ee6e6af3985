// Follows a long check: shows its progress on a terminal, and stops it when its time is over.
import type { Clock } from "quadrille";
import { counted, type ShouldStop } from "quadrille/check";
import type { Terminal } from "../terminal/terminal.ts";

/** Progress is shown of a check that takes longer than this, and then this often. */
const showAfterMs = 1_000;
const showEachMs = 500;

/** A check that is followed. */
export interface Followed {
  readonly shouldStop: ShouldStop;
  /** Removes the line of progress. */
  readonly done: () => void;
}

/** What {@link follow} needs. */
export interface Following {
  readonly clock: Pick<Clock, "steady">;
  readonly terminal: Pick<Terminal, "progress">;
  /** How long it may take, in seconds. */
  readonly seconds: number | undefined;
}

/**
 * Begins to follow one. Each exploration counts for itself: a check makes several, for P14 and for patches.
 */
export function followCheck({ clock, terminal, seconds }: Following): Followed {
  const begun = clock.steady();
  let shownMs = showAfterMs - showEachMs;
  return {
    shouldStop: ({ states }) => {
      const passedMs = clock.steady() - begun;
      if (passedMs >= shownMs + showEachMs) {
        shownMs = passedMs;
        terminal.progress(`${counted(states, "state")}, ${Math.round(passedMs / 1_000)} s`);
      }
      return seconds !== undefined && passedMs >= seconds * 1_000;
    },
    done: () => terminal.progress(""),
  };
}
