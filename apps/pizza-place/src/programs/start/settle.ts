// The end of a replay: waits for the ends of all orders, however they were placed and wherever they come
// about; then the audit.
import type { Ambient, ParticipantStatus } from "quadrille";
import type { AuditReport } from "../../audit/audit.ts";
import { readFound } from "../../composition/found.ts";
import type { Patience } from "../../replay/patience.ts";
import type { Shift } from "../../replay/shift.ts";
import type { System } from "../../composition/system.ts";

/** How often a run that waits for ends looks whether they can still come. */
const stuckMs = 500;
/** An audit is repeated for ten seconds: another process is done with what is under way in less. */
const auditsMax = 20;

/** What waiting needs. */
export interface Waiting {
  readonly ambient: Ambient;
  readonly patience: Patience;
  /** Whether other processes may work on the database, too: the embedded one has one owner. */
  readonly isShared: boolean;
  /** What goes on with orders after their approval, where something does. */
  readonly shift?: Pick<Shift, "below">;
  /** Aborts when the run is to stop. */
  readonly stop: AbortSignal;
}

/**
 * Waits until no order is in flight, or until those in flight cannot go on by themselves. Then it adds the
 * orders that other processes placed from the books, and waits for those as well.
 */
export async function untilEnded(
  { board, engine, books }: System,
  waiting: Waiting,
  onQuiet: () => void,
): Promise<void> {
  const sagas = books.operations.sagas.bind(books.operations);
  for (;;) {
    const isStuck = await untilQuiet({ board, engine }, waiting);
    onQuiet();
    if (!waiting.isShared) return;
    const found = await waiting.patience(() => readFound({ orders: books.orders, sagas }), waiting.stop);
    if (found === undefined) return;
    board.found(found);
    if (isStuck || board.view().inFlight === 0) return;
  }
}

/**
 * Audits the books. An order that another process has placed since is not a finding: that process works on
 * it. It may also go on with orders of this run: its messages are under way, or an order is cancelled while
 * the books are read. So where there are differences, the audit is repeated.
 */
export async function settledAudit(
  { board, books, clearing, engine }: System,
  { ambient, isShared, patience, stop }: Waiting,
): Promise<AuditReport | undefined> {
  const isOther = (sagaId: string): boolean => !board.knows(sagaId);
  await patience(clearing, stop);
  for (let audits = 1; ; audits += 1) {
    const report = await patience(() => books.audit({ settled: true, isOther }), stop);
    const mayGoOn = isShared && !isStuckAtRest(engine.status());
    if (report === undefined || report.green || !mayGoOn || audits === auditsMax) return report;
    await ambient.clock.sleep(stuckMs, stop);
  }
}

/** Returns whether the orders in flight are stuck. */
async function untilQuiet(
  { board, engine }: Pick<System, "board" | "engine">,
  { ambient, shift, stop }: Waiting,
): Promise<boolean> {
  const stuck = new AbortController();
  const over = new AbortController();
  const signal = AbortSignal.any([stop, stuck.signal, over.signal]);
  const watching = (async () => {
    while (!signal.aborted) {
      await ambient.clock.sleep(stuckMs, signal);
      if (isStuckAtRest(engine.status())) stuck.abort();
    }
  })();
  await board.below(1, signal);
  await shift?.below(1, signal);
  const isEndless = stuck.signal.aborted;
  over.abort();
  await watching;
  return isEndless;
}

/** Whether nothing goes on by itself, and a dead letter is the reason. */
function isStuckAtRest(participants: readonly ParticipantStatus[]): boolean {
  return participants.some(isStuck) && participants.every(isAtRest);
}

function isStuck({ parked }: ParticipantStatus): boolean {
  return parked.dead > 0;
}

function isAtRest({ waiting, parked, activitiesRunning }: ParticipantStatus): boolean {
  return waiting === 0 && activitiesRunning === 0 && parked.retrying === 0;
}
