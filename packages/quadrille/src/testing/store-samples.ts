// Rows and flushes to try stores with: every field filled, each overridable.
import { journalRow } from "../engine/dispatch/journal-row.ts";
import type { AnswerRecord, EntityRecord, JournalRecord, ParkedRecord } from "../store/records.ts";
import type { Database } from "../store/database.ts";
import type { Flush, FlushResult } from "../store/store.ts";

/** A flush of lane 0 that changes nothing but the turn. */
export function flushOf(part: Partial<Flush>): Flush {
  return {
    lane: 0,
    turn: 0,
    head: 0,
    created: [],
    changed: [],
    journal: [],
    inbox: new Map(),
    parked: [],
    unparked: [],
    answers: [],
    ...part,
  };
}

/** Commits a round with one flush, of a participant that was opened in the database. */
export async function flushOne(
  to: { readonly database: Pick<Database, "flush">; readonly participant: string },
  flush: Flush,
): Promise<FlushResult> {
  return (await to.database.flush(new Map([[to.participant, [flush]]]))).result;
}

/** An entity with a deadline, an activity, data and facts. */
export function entityOf(key: string, part: Partial<EntityRecord> = {}): EntityRecord {
  return {
    key,
    sagaId: `saga-${key}`,
    lane: 0,
    state: "PENDING",
    facts: { OrderCreated: { total: 10 } },
    factVersions: { OrderCreated: 2 },
    data: { key, items: [1, 2, 3] },
    dataVersion: 3,
    version: 1,
    since: 1,
    beganAt: 1_420_070_400_000,
    enteredAt: 1_420_070_400_000,
    activity: "authorizeCard",
    deadline: { name: "15m", at: 1_800_000_000_000 },
    ...part,
  };
}

/** A journal row at `position` of lane 0, as the engine makes it: so it has every column filled. */
export function journalOf(position: number, part: Partial<JournalRecord> = {}): JournalRecord {
  const reaction = {
    message: {
      sagaId: `saga-${position}`,
      cause: { source: "order", lane: 0, position: 3_000_000_000 + position },
      kind: "event" as const,
      trigger: "OrderCreated",
      trace: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    },
    before: { key: `key-${position}`, state: "none" },
    after: entityOf(`key-${position}`),
    taken: { outcome: { name: "accept" }, emitted: [{ event: "TicketCreated", data: { position } }] },
  };
  return { ...journalRow(reaction, { lane: 0, position, time: 1_790_000_000_000 + position }), ...part };
}

/** Journal rows of lane 0 from `first` to `last`. */
export function journalFrom(first: number, last: number): readonly JournalRecord[] {
  return Array.from({ length: last - first + 1 }, (_, index) => journalOf(first + index));
}

/** A parked message. */
export function parkedOf(id: string, part: Partial<ParkedRecord> = {}): ParkedRecord {
  return {
    id,
    lane: 0,
    key: `key-${id}`,
    sagaId: `saga-${id}`,
    ordinal: 1,
    kind: "event",
    trigger: "TicketCreated",
    data: { id },
    dataVersion: 2,
    cause: { source: "kitchen", lane: 0, position: 7 },
    causeTime: 1,
    reason: "retrying",
    attempts: 3,
    nextAt: 1_790_000_060_000,
    version: 2,
    error: { code: "Q_HANDLER_THREW", message: "no such ticket" },
    parkedAt: 1_790_000_000_000,
    trace: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    note: "a test",
    ...part,
  };
}

/** A parked message in a row from before it was kept when its cause took place. */
export function parkedWithoutTime(id: string, part: Partial<ParkedRecord> = {}): ParkedRecord {
  const { causeTime: _unknown, ...record } = parkedOf(id, part);
  return record;
}

/** The first answer to a command. */
export function answerOf(idempotencyKey: string, part: Partial<AnswerRecord> = {}): AnswerRecord {
  return {
    idempotencyKey,
    digest: `digest of ${idempotencyKey}`,
    command: "CreateOrder",
    sagaId: "saga-1",
    key: "key-1",
    state: "APPROVAL_PENDING",
    outcome: "",
    time: 1_790_000_000_000,
    ...part,
  };
}
