// A journal that ends before a position that a reader has taken: its schema was dropped and made again, or
// brought back from an older copy. Its next rows would have positions that the reader passes over.
import { QuadrilleError } from "../../errors.ts";
import type { LaneReading } from "../../store/store.ts";
import type { PlanSource } from "./subscription-plan.ts";

/**
 * Throws `Q_ROWS_MISSING` where a source ends before what was taken of it. `own` was read before `sources`.
 */
export function refuseOlder(
  participant: string,
  own: readonly LaneReading[],
  sources: readonly Pick<PlanSource, "name" | "lanes">[],
): void {
  for (const { name, lanes } of sources) {
    const heads = new Map(lanes.map(({ lane, head }) => [lane, head]));
    for (const { lane, inbox } of own) {
      const [taken, head] = [inbox.get(name) ?? 0, heads.get(lane) ?? 0];
      if (taken <= head) continue;
      throw new QuadrilleError(
        "Q_ROWS_MISSING",
        `The journal of ${name} ends at position ${head} of lane ${lane}, and ${participant} has taken it up to ${taken}: ` +
          "what it publishes next would be passed over. Bring the tables of both back from one copy.",
      );
    }
  }
}
