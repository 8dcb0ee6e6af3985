// Counts what happens to orders: placed, approved, rejected by reason, in flight, how long they took.
import { percentile } from "./percentile.ts";

/** Durations kept for the percentiles; more than the whole year has orders. */
const durationsMax = 50_000;
/** Ends kept of sagas that were not reported as placed yet, or are placed by another process. */
const earlyMax = 10_000;

/** A saga that came to an end. */
export interface Ended {
  readonly sagaId: string;
  readonly end: string;
  readonly durationMs: number | undefined;
}

/** The counts at a moment. */
export interface BoardView {
  readonly placed: number;
  readonly approved: number;
  readonly rejected: number;
  /** Rejected orders by reason; those whose reason was not looked up yet are missing. */
  readonly reasons: ReadonlyMap<string, number>;
  readonly inFlight: number;
  /** Ends seen since the start of this process. */
  readonly ended: number;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

/** What was there before this process. */
export interface Earlier {
  readonly approved: number;
  readonly reasons: ReadonlyMap<string, number>;
  /** Sagas that have not come to an end yet. */
  readonly live: readonly string[];
}

/** The board. */
export interface Board {
  /** An order is about to be placed; it counts as in flight from now on. Returns what to call once its saga is known, or failed. */
  placing(): (sagaId: string | undefined) => void;
  ended(end: Ended): void;
  view(): BoardView;
  /** Rejected orders whose reason is to be looked up; each is given once. */
  takeUnexplained(): readonly string[];
  explain(reasons: readonly string[]): void;
  /** Resolves once fewer than `count` orders are in flight, or when `signal` aborts. */
  below(count: number, signal: AbortSignal): Promise<void>;
}

/** A board that begins with what was there before. */
export function makeBoard(earlier: Earlier): Board {
  const tally = new Tally(earlier);
  const watchers = new Set<() => void>();
  const changed = (): void => {
    for (const watcher of watchers) watcher();
  };
  return {
    placing: () => {
      tally.sending += 1;
      return (sagaId) => {
        tally.sending -= 1;
        if (sagaId !== undefined) tally.placed(sagaId);
        changed();
      };
    },
    ended: (end) => {
      tally.ended(end);
      changed();
    },
    view: () => tally.view(),
    takeUnexplained: () => tally.unexplained.splice(0),
    explain: (reasons) => tally.explain(reasons),
    below: (count, signal) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const watcher = () => {
        if (tally.inFlight >= count && !signal.aborted) return;
        watchers.delete(watcher);
        signal.removeEventListener("abort", watcher);
        resolve();
      };
      watchers.add(watcher);
      signal.addEventListener("abort", watcher);
      watcher();
      return promise;
    },
  };
}

/** The counts behind the board. */
class Tally {
  readonly unexplained: string[] = [];
  /** Orders sent whose saga is not known yet. */
  sending = 0;
  readonly #live: Set<string>;
  readonly #early = new Map<string, Ended>();
  readonly #reasons: Map<string, number>;
  readonly #durationsMs: number[] = [];
  #approved: number;
  #rejected: number;
  #ended = 0;

  constructor(earlier: Earlier) {
    this.#live = new Set(earlier.live);
    this.#reasons = new Map(earlier.reasons);
    this.#approved = earlier.approved;
    this.#rejected = [...earlier.reasons.values()].reduce((sum, count) => sum + count, 0);
  }

  get inFlight(): number {
    return this.#live.size + this.sending;
  }

  placed(sagaId: string): void {
    this.#live.add(sagaId);
    const early = this.#early.get(sagaId);
    if (early !== undefined) this.ended(early);
  }

  ended(end: Ended): void {
    if (!this.#live.delete(end.sagaId)) return this.#keep(end);
    this.#early.delete(end.sagaId);
    this.#ended += 1;
    if (end.durationMs !== undefined) this.#durationsMs[this.#ended % durationsMax] = end.durationMs;
    if (end.end === "approved") {
      this.#approved += 1;
    } else {
      this.#rejected += 1;
      this.unexplained.push(end.sagaId);
    }
  }

  explain(reasons: readonly string[]): void {
    for (const reason of reasons) this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
  }

  view(): BoardView {
    const sorted = this.#durationsMs.filter((duration) => duration !== undefined).toSorted((a, b) => a - b);
    return {
      placed: this.#approved + this.#rejected + this.inFlight,
      approved: this.#approved,
      rejected: this.#rejected,
      reasons: new Map(this.#reasons),
      inFlight: this.inFlight,
      ended: this.#ended,
      p50Ms: percentile(sorted, 0.5),
      p99Ms: percentile(sorted, 0.99),
    };
  }

  #keep(end: Ended): void {
    this.#early.set(end.sagaId, end);
    const [oldest] = this.#early.keys();
    if (this.#early.size > earlyMax && oldest !== undefined) this.#early.delete(oldest);
  }
}
