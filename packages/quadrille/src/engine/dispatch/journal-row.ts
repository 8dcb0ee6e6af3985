// What a reaction leaves in the journal, and what its consumers in this process are handed of it.
import type { OutcomeRow } from "../../contract/table.ts";
import type { Emitted } from "../../transition/transition.ts";
import { carriedOf, type EntityRecord, type JournalRecord } from "../../store/records.ts";
import type { HandedRow, Incoming } from "../message/incoming.ts";

/** A reaction that was decided. */
export interface DecidedReaction {
  readonly message: Pick<Incoming, "sagaId" | "cause" | "kind" | "trigger" | "trace">;
  readonly before: Pick<EntityRecord, "key" | "state">;
  readonly after: EntityRecord;
  readonly taken: { readonly outcome: Pick<OutcomeRow, "name">; readonly emitted: readonly Emitted[] };
}

/** Its row, at its place in the lane. */
export function journalRow(
  { message, before, after, taken }: DecidedReaction,
  { lane, position, time }: Pick<JournalRecord, "lane" | "position" | "time">,
): JournalRecord {
  return {
    lane,
    position,
    sagaId: message.sagaId,
    key: before.key,
    cause: message.cause,
    kind: message.kind,
    trigger: message.trigger,
    from: before.state,
    outcome: taken.outcome.name,
    to: after.state,
    emitted: taken.emitted,
    time,
    trace: message.trace,
  };
}

/** What consumers in this process are handed; its payloads have passed their schemas. */
export function handedRow(row: JournalRecord, weight: number): HandedRow {
  return { ...carriedOf(row), isChecked: true, weight };
}
