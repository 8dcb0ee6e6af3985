// What the board begins with: the counts of what was there before this process.
import { type AuditSources, collectFacts } from "../audit/collect.ts";
import type { Earlier } from "./board.ts";

/** Reads the orders and sagas of earlier runs. */
export async function readEarlier(sources: Omit<AuditSources, "ledger">): Promise<Earlier> {
  const { sagas, orders } = await collectFacts({ ...sources, ledger: async () => [] });
  const ended = new Map(sagas.map(({ sagaId, end }) => [sagaId, end]));
  const reasons = new Map<string, number>();
  for (const { orderId, reason = "unknown reason" } of orders) {
    if (ended.get(orderId) === "rejected") reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return {
    approved: sagas.filter(({ end }) => end === "approved").length,
    reasons,
    live: sagas.filter(({ end }) => end === undefined).map(({ sagaId }) => sagaId),
  };
}
