// The notice to other processes after a commit.
import { noNotice, type Notice } from "../../store/notices.ts";
import type { Committed } from "./round.ts";

/**
 * Whose journals have grown, which sagas have come further, and who has answered requests; {@link noNotice}
 * where nothing did.
 */
export function noticeOf(committed: readonly Committed[]): Notice {
  const participants = new Set<string>();
  const answered = new Set<string>();
  const sagaIds = new Set<string>();
  for (const { participant, flush, passedOver } of committed) {
    if (flush.journal.length > 0) participants.add(participant);
    if (flush.requests !== undefined) answered.add(participant);
    for (const { sagaId } of flush.journal) sagaIds.add(sagaId);
    // No journal row shows it, and it may have been the last thing that an end waited for.
    for (const sagaId of passedOver ?? []) sagaIds.add(sagaId);
  }
  if (participants.size + answered.size + sagaIds.size === 0) return noNotice;
  return { ...noNotice, participants: [...participants], sagaIds: [...sagaIds], answered: [...answered] };
}
