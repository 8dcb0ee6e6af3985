// The transport's port: how a consumer reads the journal of another participant, wherever that journal is.
import type { CarriedRow } from "../store/records.ts";

/** A place in a journal and how much to read from there. */
export interface Reading {
  /** The participant whose journal it is. */
  readonly source: string;
  readonly lane: number;
  /** The last position the consumer has taken; 0 before the first. */
  readonly after: number;
  /** The most rows to deliver. */
  readonly limit: number;
  /** The most bytes of payloads as JSON to deliver; the last row may be over it. No limit unless given. */
  readonly bytesMax?: number;
}

/** What a read delivers. */
export interface Delivery {
  readonly rows: readonly CarriedRow[];
  /**
   * Whether rows that were committed before the read began may be missing, although `limit` and `bytesMax`
   * have room for them. A deadline waits for a read that is not partial, because an event that was published
   * before it goes first.
   */
  readonly isPartial: boolean;
}

/**
 * Carries journals to their consumers. The promise: per source and lane in order, at least once, from a given
 * position.
 *
 * In detail: `read` delivers committed rows only, their positions rising by one. It starts at `after + 1` or
 * earlier (rows at or below `after` are repeats; the consumer drops them) and never later, so no row is
 * skipped. It may deliver fewer rows than there are, also none, and says so by `isPartial`; asked again and
 * again it delivers every row in the end.
 */
export interface Transport {
  read(reading: Reading): Promise<Delivery>;
  /**
   * Calls `wake` when the source may have new rows, until the returned function is called. It is only a hint:
   * it may come early, late, twice or not at all, so a consumer also polls. `wake` only sets a flag; it must
   * not throw and does no work.
   */
  watch(source: string, wake: () => void): () => void;
}
