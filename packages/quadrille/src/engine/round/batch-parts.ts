// What a worker keeps for its batches: what it knows of its lane's entities, and what waits for a batch.
import type { Ambient } from "../../ambient/ambient.ts";
import type { Store } from "../../store/store.ts";
import type { HandlersDatabase } from "../dispatch/walls.ts";
import type { Runnable } from "../message/code.ts";
import type { Limits } from "../message/limits.ts";
import type { PayloadChecker } from "../message/payload.ts";
import { Activities, type ActivitiesOptions } from "../call/activities.ts";
import { callRules } from "../call/call-policy.ts";
import { RequestIntake } from "../dispatch/request-intake.ts";
import { BatchSize } from "../lane/batch-size.ts";
import type { EntityCache } from "../lane/entity-cache.ts";
import { ParkedLoader } from "../lane/parked-loader.ts";
import { Commands } from "../message/commands.ts";
import type { WorkerOptions } from "./worker-options.ts";

/** What a worker gives to each of its batches. */
export interface BatchParts {
  readonly code: Runnable;
  readonly database: HandlersDatabase;
  readonly store: Store;
  readonly ambient: Ambient;
  readonly limits: Limits;
  readonly payloads: PayloadChecker;
  readonly commands: Commands;
  readonly requests: RequestIntake;
  readonly cache: EntityCache;
  readonly activities: Activities;
  readonly loader: ParkedLoader;
  readonly size: BatchSize;
}

/** When calls have come back. */
type CallsBack = Pick<ActivitiesOptions, "onReturn" | "onLate">;

/** Made once for each worker. */
export function batchParts(options: WorkerOptions, back: CallsBack): BatchParts {
  const { ambient, limits, payloads, code, database, store, cache } = options;
  // The lane may have been another process's since this one last worked on it.
  cache.forget(options.lane);
  const activities = new Activities({
    participant: code.table.name,
    activities: code.service.activities,
    queues: options.queues,
    lane: options.lane,
    bytesMax: limits.cachedBytesMax,
    timeLimitMs: (activity) => callRules(code.table.policies.get(activity), limits).timeLimitMs,
    dataOf: (entity) => payloads.held(code.table.data, `data of ${code.table.entity}`, entity).data,
    ambient,
    ...back,
    hasLeft: (entity) => cache.hasLeft(entity),
  });
  const commands = new Commands(limits);
  const loader = new ParkedLoader({ store, limits, fresh: options.fresh });
  const size = new BatchSize(limits.batchMessagesMax);
  const requests = new RequestIntake(store, { lane: options.lane, commands });
  const own = { commands, requests, cache, activities, loader, size };
  return { code, database, store, ambient, limits, payloads, ...own };
}
