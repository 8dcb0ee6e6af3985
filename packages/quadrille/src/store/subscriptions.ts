// Whether an event at a position belongs to a subscriber.
import type { SubscriptionRecord } from "./records.ts";

/** An event in a source's journal. */
export interface EventPlace {
  readonly source: string;
  readonly event: string;
  readonly position: number;
}

/**
 * Whether all that an earlier contract took of the event was taken, and the present one does not take it: it
 * is kept so that a later one that does begins after that.
 */
export function isFinished({ after, until }: Pick<SubscriptionRecord, "after" | "until">): boolean {
  return until !== undefined && after >= until;
}

/**
 * Whether the event comes before the place where its subscription began; where nothing is recorded, it does
 * not.
 */
export function isBeforeBeginning(
  subscriptions: readonly SubscriptionRecord[],
  { source, event, position }: EventPlace,
): boolean {
  const found = subscriptions.find((one) => one.source === source && one.event === event);
  return found !== undefined && (found.isUnknown || position <= found.after);
}
