// After a recovery: starts the calls that the entities' states ask for.
import type { Agenda } from "../../store/store.ts";
import type { Activities } from "../call/activities.ts";
import { callId } from "../lane/deadlines-and-calls.ts";
import type { EntityCache } from "../lane/entity-cache.ts";
import type { Lane } from "../lane/lane.ts";
import type { ParkedLoader } from "../lane/parked-loader.ts";

/** What is needed to start calls. */
export interface Unfinished {
  readonly store: Pick<Agenda, "unfinished">;
  readonly participant: string;
  readonly loader: ParkedLoader;
  readonly cache: EntityCache;
  readonly activities: Activities;
}

/** Entities that are read at once: they come with their data, however large. */
const pageMax = 64;

/**
 * Starts the calls of the lane's entities, as many as there is room for, except those parked until their
 * time.
 */
export async function startUnfinished(
  { store, participant, loader, cache, activities }: Unfinished,
  lane: Lane,
): Promise<void> {
  for (let after = "", more = true; more && !activities.isOverflown; ) {
    const page = await store.unfinished(lane.number, after, pageMax);
    await loader.loadCalls(lane, page);
    for (const entity of page) {
      cache.renew(entity);
      const parked = lane.parking.call({ key: entity.key, id: callId("activity", participant, entity) });
      if (parked === undefined) activities.start(entity);
      else if (lane.parking.isUnderWay(parked)) activities.start(entity, parked.attempts + 1);
    }
    after = page.at(-1)?.key ?? "";
    more = page.length === pageMax;
  }
}
