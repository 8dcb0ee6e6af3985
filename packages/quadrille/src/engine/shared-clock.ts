// One clock for all engines of a database. A machine's own clock may be wrong, differ from other machines,
// and jump. So time is read from the database now and then, and the steady clock counts on in between.
import type { Ambient, Clock } from "../ambient/ambient.ts";
import type { Database } from "../store/database.ts";

/** A clock that follows a database's. */
export interface SharedClock extends Clock {
  /** Reads the database's clock again. Keeps on counting when the database does not answer. */
  renew(): Promise<void>;
}

/** A correction of more than this is logged: the database's clock was set. */
const jumpMs = 1_000;

/** The clock of `database`, which never runs back. A virtual clock is used as it is. */
export async function sharedClock(
  { clock: own, log }: Pick<Ambient, "clock" | "log">,
  database: Database,
): Promise<SharedClock> {
  if (own.isVirtual === true) return { ...own, renew: async () => {} };
  /** Add it to the steady clock to get the time. */
  const measure = async (): Promise<number> => {
    const began = own.steady();
    const time = await database.time(own);
    return time - (began + own.steady()) / 2;
  };
  let offset = await measure();
  let latest = Number.NEGATIVE_INFINITY;
  return {
    now: () => {
      latest = Math.max(latest, Math.floor(offset + own.steady()));
      return latest;
    },
    steady: () => own.steady(),
    sleep: (delayMs, signal) => own.sleep(delayMs, signal),
    renew: async () => {
      const measured = await measure().catch(() => offset);
      const jumped = measured - offset;
      offset = measured;
      if (Math.abs(jumped) <= jumpMs) return;
      const message = `The clock of ${database.label} moved by ${Math.round(jumped)} ms. Deadlines are kept by it.`;
      log({ level: "warn", message });
    },
  };
}
