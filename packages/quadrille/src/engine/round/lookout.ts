// Polls what other processes have written, with one statement for all lanes of the database. Notices come
// earlier; polling covers lost notices, and writers that send none.
import type { Clock } from "../../ambient/ambient.ts";
import type { Database } from "../../store/database.ts";
import type { Worker } from "./worker.ts";

/** What a lookout is made of. */
export interface LookoutOptions {
  readonly database: Pick<Database, "look">;
  /** The workers at present. */
  readonly workers: () => readonly Worker[];
  readonly clock: Clock;
  readonly pollMs: number;
  /** Whether the journals that the workers read are those of the database. */
  readonly isDirect: boolean;
}

/** Looks until `stop` aborts. It never rejects. */
export async function keepLookout(options: LookoutOptions, stop: AbortSignal): Promise<void> {
  const { clock, pollMs } = options;
  for (;;) {
    await clock.sleep(pollMs, stop);
    if (stop.aborted) return;
    await look(options);
  }
}

async function look({ database, workers, isDirect }: LookoutOptions): Promise<void> {
  try {
    const marks = await database.look();
    for (const worker of workers()) worker.inputs.noticed(marks);
    if (isDirect) return;
  } catch {
    // The workers notice by themselves, and report what is wrong.
  }
  for (const worker of workers()) worker.inputs.look();
}
