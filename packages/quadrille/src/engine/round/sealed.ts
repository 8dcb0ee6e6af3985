// A batch that is ready to be written, and the consequences of its flush once its result is known.
import type { Staged, Staging } from "../dispatch/staging.ts";
import type { EntityRecord, JournalRecord } from "../../store/records.ts";
import type { Flush, Store } from "../../store/store.ts";
import type { Activities, Returned } from "../call/activities.ts";
import { callId } from "../lane/deadlines-and-calls.ts";
import { isSame } from "../lane/decided.ts";
import type { EntityCache } from "../lane/entity-cache.ts";
import type { Lane } from "../lane/lane.ts";
import { repeated, type Verdict, type Waiting } from "../message/commands.ts";
import { requestAnswerOf } from "../message/command-request.ts";

/** A call to be made once more. */
export interface CallAgain {
  readonly entity: EntityRecord;
  readonly attempt: number;
}

/** What one participant has decided in a round. */
export interface Sealed {
  readonly flush: Flush;
  /** The entities that the flush writes. */
  readonly entities: readonly Staged[];
  /** Whether there is anything to flush. */
  readonly writes: boolean;
  /** Failed calls to be made once more, after the commit. */
  readonly calls: readonly CallAgain[];
  /** The answers to callers, to be given once the flush has committed. */
  readonly verdicts: readonly Verdict[];
  /** Sagas of which it has taken a message without effect. */
  readonly passedOver: ReadonlySet<string>;
  /** The entities before the decisions. */
  readonly known: ReadonlyMap<string, EntityRecord>;
}

/**
 * Whether a batch without a flush has refused a command because of a stale entity. A flush would have been
 * fenced; without one, nothing else shows that another process has changed the entity meanwhile.
 */
export async function isStale(store: Store, { verdicts, writes, known }: Sealed): Promise<boolean> {
  if (writes) return false;
  const keys = verdicts.flatMap(({ answer, command }) =>
    answer.status === "accepted" ? [] : [command.message.key],
  );
  if (keys.length === 0) return false;
  const now = await store.load(keys);
  return keys.some((key) => now.get(key)?.version !== known.get(key)?.version);
}

/**
 * A repeated command may be refused because of its own first effect; it still gets the first answer. Asked
 * after the commit: within a handler's transaction it would wait for a second connection, or on PGlite for
 * itself.
 */
export async function firstAnswers(store: Store, verdicts: readonly Verdict[]): Promise<readonly Verdict[]> {
  const keys = verdicts.flatMap(({ answer, command }) =>
    answer.status === "accepted" || command.idempotencyKey === undefined ? [] : [command.idempotencyKey],
  );
  if (keys.length === 0) return verdicts;
  const answers = await store.answers(keys);
  return verdicts.map((verdict) => {
    const first =
      verdict.answer.status === "accepted" ? undefined : answers.get(verdict.command.idempotencyKey ?? "");
    return first === undefined ? verdict : { ...verdict, answer: repeated(first, verdict.command) };
  });
}

/** The first answers to commands that came before. */
export async function verdictsOfRepeats(
  store: Store,
  commands: readonly Waiting[],
): Promise<readonly Verdict[]> {
  const keys = commands.flatMap(({ idempotencyKey }) =>
    idempotencyKey === undefined ? [] : [idempotencyKey],
  );
  const answers = await store.answers(keys);
  return commands.flatMap((command) => {
    const first = answers.get(command.idempotencyKey ?? "");
    return first === undefined ? [] : [{ command, answer: repeated(first, command) }];
  });
}

/** The answers to other processes' commands: the flush writes them where their callers find them. */
export function answersToRequests(verdicts: readonly Verdict[]): Pick<Flush, "requests"> {
  const requests = verdicts.flatMap(({ command: { requestId }, answer }) =>
    requestId === undefined ? [] : [{ id: requestId, answer: requestAnswerOf(answer) }],
  );
  return requests.length === 0 ? {} : { requests };
}

/**
 * A batch whose answer was lost, if its flush has committed after all, with the answers that its commands
 * got.
 */
export async function findLost(
  store: Store,
  lane: Lane,
  lost: Sealed | undefined,
): Promise<Sealed | undefined> {
  if (lost === undefined || !(await hasCommitted(store, lane, lost.flush))) return undefined;
  return { ...lost, verdicts: await firstAnswers(store, lost.verdicts) };
}

/**
 * Whether a flush whose answer was lost has committed after all: its rows then stand in the journal where it
 * put them. To be asked after the lane's turn was skipped and the lane read; before, it might still commit.
 */
async function hasCommitted(store: Store, lane: Lane, { head, journal }: Flush): Promise<boolean> {
  if (journal.length === 0 || lane.head < head) return false;
  const rows = await store.reactions(lane.number, head - journal.length, journal.length);
  return journal.every((ours: JournalRecord, index) => {
    const theirs = rows[index];
    return theirs !== undefined && isSame(ours, theirs);
  });
}

/** A worker's memory of its lane's entities. */
export interface Memory {
  readonly participant: string;
  readonly cache: EntityCache;
  readonly activities: Activities;
}

/** After the commit: updates memory, and starts the calls of the states that were entered. */
export function remember(memory: Memory, lane: Lane, sealed: Sealed): void {
  const { flush, writes } = sealed;
  if (writes) lane.turn += 1;
  lane.head = flush.head;
  for (const intake of lane.intakes) {
    const position = flush.inbox.get(intake.source);
    if (position !== undefined && writes) intake.wrote(position);
  }
  for (const { record, weight } of sealed.entities) {
    memory.cache.wrote(record, weight);
    if (record.deadline !== undefined) lane.deadlineAt = Math.min(lane.deadlineAt, record.deadline.at);
  }
  // A deadline that has waited for what was parked may go now.
  if (flush.parked.length + flush.unparked.length > 0) {
    for (const { deadline } of sealed.known.values())
      lane.deadlineAt = Math.min(lane.deadlineAt, deadline?.at ?? lane.deadlineAt);
  }
  for (const { nextAt } of flush.parked) lane.parkedAt = Math.min(lane.parkedAt, nextAt ?? lane.parkedAt);
  startCalls(memory, lane, sealed);
}

function startCalls({ participant, activities }: Memory, lane: Lane, { entities, calls }: Sealed): void {
  for (const { entity, attempt } of calls) activities.start(entity, attempt);
  for (const { record } of entities) {
    if (record.activity === undefined) continue;
    // A call that is parked waits for its time, whatever else happens in its state.
    const parked = lane.parking.call({ key: record.key, id: callId("activity", participant, record) });
    if (parked === undefined) activities.start(record);
  }
}

/**
 * After the commit: says which calls are not made again, so that no outage is reported for their sake. Those
 * are calls that came back and are not tried again, and calls of states that were left.
 */
export function endCalls(activities: Activities, returned: readonly Returned[], sealed: Sealed): void {
  const { flush, known } = sealed;
  const again = new Set(flush.parked.flatMap(({ id, reason }) => (reason === "retrying" ? [id] : [])));
  for (const { id, entity } of returned) if (!again.has(id)) activities.over(entity);
  for (const { record } of flush.changed) {
    const before = known.get(record.key);
    if (before !== undefined && before.since !== record.since) activities.over(before);
  }
}

/** A call to be made once more, unless its state was left later in the batch. */
export function stillAwaited({ entity, attempt }: CallAgain, staging: Staging): readonly CallAgain[] {
  const last = staging.entity(entity.key) ?? entity;
  return last.since === entity.since ? [{ entity: last, attempt }] : [];
}
