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

/** Who placed an order: the replay (of this or of another process), or the API. */
export type Origin = "replay" | "api";

/** An order as the books have it. */
export interface FoundOrder {
  readonly sagaId: string;
  readonly origin: Origin;
  /** The data set's number, of an order of the year. */
  readonly reference?: string | undefined;
  /** The state of its ticket, where it has one. */
  readonly ticket?: string | undefined;
  /** `undefined` while it is under way. */
  readonly end: string | undefined;
  /** Why it was rejected. */
  readonly reason: string | undefined;
}

/** The counts at a moment. */
export interface BoardView {
  /** Orders of any origin. */
  readonly placed: number;
  /** Those among them that are not of the data set: they came through the API. */
  readonly throughApi: number;
  readonly approved: number;
  readonly rejected: number;
  readonly cancelled: number;
  /** Rejected orders by reason; those whose reason was not looked up yet are missing. */
  readonly reasons: ReadonlyMap<string, number>;
  readonly inFlight: number;
  /** Ends seen since the start of this process. */
  readonly ended: number;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

export interface Board {
  /**
   * An order is about to be placed; it counts as in flight from now on. Returns what to call once its saga is
   * known, or failed.
   */
  placing(origin: Origin): (sagaId: string | undefined) => void;
  ended(end: Ended): void;
  /** Adds what the books have: orders placed by others, and sagas that ended in other processes. */
  found(orders: readonly FoundOrder[]): void;
  /** Whether the saga is on the board. */
  knows(sagaId: string): boolean;
  /** The sagas in flight that were so at the last call, too. */
  lingering(): readonly string[];
  view(): BoardView;
  /** Rejected orders whose reason has to be looked up; each is returned once. */
  takeUnexplained(): readonly string[];
  explain(reasons: readonly string[]): void;
  /** Resolves once fewer than `count` orders are in flight, or when `signal` aborts. */
  below(count: number, signal: AbortSignal): Promise<void>;
}

/** A board that begins with what was there before. */
export function makeBoard(before: readonly FoundOrder[]): Board {
  const tally = new Tally();
  tally.found(before);
  let seen: ReadonlySet<string> = new Set();
  const watchers = new Set<() => void>();
  const changed = (): void => {
    for (const watcher of watchers) watcher();
  };
  return {
    placing: (origin) => {
      tally.sending += 1;
      return (sagaId) => {
        tally.sending -= 1;
        if (sagaId !== undefined) tally.placed(sagaId, origin);
        changed();
      };
    },
    ended: (end) => {
      // A large order rests until a person approves it, so it counts as in flight.
      if (end.end === "waiting") return;
      tally.ended(end);
      changed();
    },
    found: (orders) => {
      tally.found(orders);
      changed();
    },
    knows: (sagaId) => tally.knows(sagaId),
    lingering: () => {
      const live = tally.live;
      const both = live.intersection(seen);
      seen = live;
      return [...both];
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

/** What an order that has ended counts as. */
type Counted = "approved" | "rejected" | "cancelled";

/** The counts behind the board. */
class Tally {
  readonly unexplained: string[] = [];
  /** Orders sent whose saga is not known yet. */
  sending = 0;
  readonly #live = new Set<string>();
  /**
   * Orders counted as ended: each is counted once, whichever process reports it. An id for each order in the
   * books, a few megabytes for the year.
   */
  readonly #settled = new Map<string, Counted>();
  readonly #early = new Map<string, Ended>();
  readonly #reasons = new Map<string, number>();
  readonly #durationsMs: number[] = [];
  readonly #counts: Record<Counted, number> = { approved: 0, rejected: 0, cancelled: 0 };
  #throughApi = 0;
  #ended = 0;

  get inFlight(): number {
    return this.#live.size + this.sending;
  }

  get live(): ReadonlySet<string> {
    return new Set(this.#live);
  }

  knows(sagaId: string): boolean {
    return this.#live.has(sagaId) || this.#settled.has(sagaId);
  }

  placed(sagaId: string, origin: Origin): void {
    if (this.knows(sagaId)) return;
    this.#live.add(sagaId);
    if (origin === "api") this.#throughApi += 1;
    const early = this.#early.get(sagaId);
    if (early !== undefined) this.ended(early);
  }

  found(orders: readonly FoundOrder[]): void {
    for (const { sagaId, origin, end, reason } of orders) {
      this.placed(sagaId, origin);
      if (end === undefined) continue;
      if (this.#settled.has(sagaId)) this.#settle(sagaId, end);
      if (!this.#live.has(sagaId)) continue;
      if (this.#settle(sagaId, end) === "rejected") this.explain([reason ?? "unknown reason"]);
    }
  }

  ended(end: Ended): void {
    // An approved order may still be cancelled; the time to its end is that to its first one.
    if (this.#settled.has(end.sagaId)) return void this.#settle(end.sagaId, end.end);
    if (!this.#live.has(end.sagaId)) return this.#keep(end);
    const counted = this.#settle(end.sagaId, end.end);
    this.#ended += 1;
    if (end.durationMs !== undefined) this.#durationsMs[this.#ended % durationsMax] = end.durationMs;
    if (counted === "rejected") this.unexplained.push(end.sagaId);
  }

  explain(reasons: readonly string[]): void {
    for (const reason of reasons) this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
  }

  view(): BoardView {
    const sorted = this.#durationsMs.filter((duration) => duration !== undefined).toSorted((a, b) => a - b);
    return {
      placed: this.#settled.size + this.inFlight,
      throughApi: this.#throughApi,
      ...this.#counts,
      reasons: new Map(this.#reasons),
      inFlight: this.inFlight,
      ended: this.#ended,
      p50Ms: percentile(sorted, 0.5),
      p99Ms: percentile(sorted, 0.99),
    };
  }

  #settle(sagaId: string, end: string): Counted {
    const before = this.#settled.get(sagaId);
    const counted = end === "approved" || end === "cancelled" ? end : "rejected";
    if (before !== undefined) this.#counts[before] -= 1;
    this.#live.delete(sagaId);
    this.#early.delete(sagaId);
    this.#settled.set(sagaId, counted);
    this.#counts[counted] += 1;
    return counted;
  }

  #keep(end: Ended): void {
    this.#early.set(end.sagaId, end);
    const [oldest] = this.#early.keys();
    if (this.#early.size > earlyMax && oldest !== undefined) this.#early.delete(oldest);
  }
}
