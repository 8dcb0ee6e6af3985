// Looks up orders that have been in flight for long. Another process on the same database may have ended
// them, and an engine reports only the sagas that end in its own process.
import type { Ended } from "./board.ts";
import type { ReplayClock } from "./replay-place.ts";

/** How often the board is looked at: an order in flight at two looks is asked for. */
const lookMs = 2_000;
/** Orders asked for at once; more than a replay has in flight. */
const askedMax = 1_000;

/** What asking needs. */
export interface OverdueParts {
  readonly board: { lingering(): readonly string[]; ended(end: Ended): void };
  /** Looks into the database, too; resolves at the saga's end, or with `undefined` when `signal` aborts. */
  readonly ended: (sagaId: string, signal: AbortSignal) => Promise<Ended | undefined>;
  readonly clock: Pick<ReplayClock, "sleep">;
}

/** Asks until `signal` aborts. */
export async function askForOverdue(
  { board, ended, clock }: OverdueParts,
  signal: AbortSignal,
): Promise<void> {
  const asked = new Map<string, Promise<void>>();
  const ask = async (sagaId: string): Promise<void> => {
    const end = await ended(sagaId, signal);
    asked.delete(sagaId);
    // How long it took is not known: it is later now.
    if (end !== undefined) board.ended({ ...end, durationMs: undefined });
  };
  while (!signal.aborted) {
    const overdue = board.lingering().filter((sagaId) => !asked.has(sagaId));
    for (const sagaId of overdue.slice(0, askedMax - asked.size)) asked.set(sagaId, ask(sagaId));
    await clock.sleep(lookMs, signal);
  }
  await Promise.all(asked.values());
}
