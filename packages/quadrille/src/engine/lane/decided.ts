// Questions of a batch about entities and rows: which are equal, which are new.
import type { EntityRecord, JournalRecord, ReactionRecord } from "../../store/records.ts";
import type { Runnable } from "../message/code.ts";

/**
 * Whether two rows are of one reaction. A command is known by its number. For any other message, another
 * process may have written the same reaction instead: then nothing is left to do either.
 */
export function isSame(
  ours: JournalRecord,
  { key, kind, trigger, cause, outcome, to }: ReactionRecord,
): boolean {
  return (
    ours.key === key &&
    ours.kind === kind &&
    ours.trigger === trigger &&
    ours.cause.source === cause.source &&
    ours.cause.position === cause.position &&
    ours.outcome === outcome &&
    ours.to === to
  );
}

/** An entity to which nothing has happened yet. */
export function blank(
  { table }: Pick<Runnable, "table">,
  lane: number,
  { key, sagaId }: Pick<EntityRecord, "key" | "sagaId">,
): EntityRecord {
  return {
    key,
    sagaId,
    lane,
    state: table.initial,
    facts: undefined,
    data: undefined,
    version: 0,
    since: 0,
    beganAt: 0,
    enteredAt: 0,
    activity: undefined,
    deadline: undefined,
  };
}
