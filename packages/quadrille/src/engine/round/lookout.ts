// Looks from time to time at what other processes have written: one statement for all lanes of the database, whatever runs
// here. Notices come earlier; this is for those that get lost, and for writers that send none.
import type { Clock } from "../../ambient/ambient.ts";
import type { Database } from "../../store/database.ts";
import type { Worker } from "./worker.ts";

/** What a lookout is made of. */
export interface LookoutOptions {
  readonly database: Pick<Database, "look">;
  /** Those that work now. */
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
    for (const worker of workers()) worker.noticed(marks);
    if (isDirect) return;
  } catch {
    // The workers find out for themselves, and say what is wrong.
  }
  for (const worker of workers()) worker.look();
}
