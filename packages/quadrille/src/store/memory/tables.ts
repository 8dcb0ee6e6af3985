// One participant's tables in memory, and what a flush does to them: check everything, then write everything.
import { invariant } from "../../errors.ts";
import type {
  AnswerRecord,
  EntityRecord,
  GenerationRecord,
  JournalRecord,
  OriginRecord,
  ParkedRecord,
  RequestRecord,
  SubscriptionRecord,
} from "../records.ts";
import { assertFlush, assertFlushes } from "../flush-shape.ts";
import { copied } from "../as-json.ts";
import type { LaneMark, ParticipantSetup, RoundFlushes, RoundResult } from "../database.ts";
import type { Flush, FlushResult, OriginQuery } from "../store.ts";

/** A lane's row with what belongs to it. */
export interface MemoryLane {
  turn: number;
  head: number;
  generation: number;
  /** The position before the first row of the journal that is still there. */
  floor: number;
  /** The rows after `floor`. */
  readonly journal: JournalRecord[];
  readonly inbox: Map<string, number>;
  /** By source and event. */
  readonly subscriptions: Map<string, SubscriptionRecord>;
}

/** One participant's tables. */
export interface MemoryTables {
  readonly lanes: readonly MemoryLane[];
  readonly entities: Map<string, EntityRecord>;
  readonly parked: Map<string, ParkedRecord>;
  readonly answers: Map<string, AnswerRecord>;
  readonly origins: Map<string, OriginRecord>;
  readonly generations: GenerationRecord[];
  /** Requests by id, in their order. */
  readonly requests: Map<string, MemoryRequest>;
}

/** A request, and its answer once it has one. */
export interface MemoryRequest {
  readonly record: RequestRecord;
  answer: object | undefined;
}

/** Empty tables for a participant. */
export function memoryTables(setup: ParticipantSetup): MemoryTables {
  const lanes = Array.from({ length: setup.lanes }, () => ({
    turn: 0,
    head: 0,
    generation: 0,
    floor: 0,
    journal: [],
    inbox: new Map(),
    subscriptions: new Map(),
  }));
  return {
    lanes,
    entities: new Map(),
    parked: new Map(),
    answers: new Map(),
    origins: new Map(),
    generations: [],
    requests: new Map(),
  };
}

/** The lane's row. */
export function memoryLane(tables: MemoryTables, lane: number): MemoryLane {
  const row = tables.lanes[lane];
  invariant(
    row !== undefined,
    `there is no lane ${lane}; the participant was opened with ${tables.lanes.length}`,
  );
  return row;
}

/** Whether the flush may be written now. It looks only; {@link writeFlush} writes. */
export function checkFlush(tables: MemoryTables, flush: Flush): FlushResult {
  assertFlush(flush);
  const lane = memoryLane(tables, flush.lane);
  for (const source of flush.inbox.keys()) {
    invariant(
      lane.inbox.has(source),
      `${source} is not among the sources that the participant was opened with`,
    );
  }
  if (lane.turn !== flush.turn || lane.head !== flush.head - flush.journal.length) return "overtaken";
  if (flush.created.some(({ key }) => tables.entities.has(key))) return "overtaken";
  if (flush.changed.some(({ record, known }) => tables.entities.get(record.key)?.version !== known))
    return "overtaken";
  if (flush.requests?.some(({ id }) => !isOpen(tables.requests.get(id))) === true) return "overtaken";
  if (flush.answers.some(({ idempotencyKey }) => tables.answers.has(idempotencyKey))) return "repeated";
  return "committed";
}

/** Writes a flush that {@link checkFlush} has let pass, without a pause between the two. */
export function writeFlush(tables: MemoryTables, flush: Flush): void {
  const lane = memoryLane(tables, flush.lane);
  lane.turn += 1;
  lane.head = flush.head;
  lane.journal.push(...flush.journal.map(copied));
  for (const [source, position] of flush.inbox) lane.inbox.set(source, position);
  for (const record of flush.created) tables.entities.set(record.key, copied(record));
  for (const { record, dataChanged } of flush.changed) {
    const { data, dataVersion } = (dataChanged ? record : tables.entities.get(record.key)) ?? record;
    tables.entities.set(record.key, copied(withData(record, { data, dataVersion })));
  }
  for (const id of flush.unparked) tables.parked.delete(id);
  for (const record of flush.parked) {
    const known = tables.parked.get(record.id);
    tables.parked.set(record.id, copied(known === undefined ? record : changedParked(known, record)));
  }
  for (const { id, answer } of flush.requests ?? []) {
    const request = tables.requests.get(id);
    if (request !== undefined) request.answer = copied(answer);
  }
  for (const record of flush.answers) tables.answers.set(record.idempotencyKey, copied(record));
  for (const record of flush.origins ?? []) tables.origins.set(originKey(record), copied(record));
}

function originKey({ sagaId, event, cause: { source, lane, position } }: OriginRecord): string {
  return JSON.stringify([sagaId, source, lane, position, event]);
}

/** The origins that are asked for, by place and saga. */
export function originsIn({ origins }: MemoryTables, query: OriginQuery): readonly OriginRecord[] {
  const isAsked = ({ sagaId, causedBy }: OriginRecord): boolean =>
    "sagaId" in query ? sagaId === query.sagaId : causedBy.sagaId === query.causedBy;
  return [...origins.values()].filter(isAsked).toSorted(byPlace).map(copied);
}

function byPlace(a: OriginRecord, b: OriginRecord): number {
  const [left, right] = [a.cause, b.cause];
  if (left.source !== right.source) return left.source < right.source ? -1 : 1;
  return left.lane - right.lane || left.position - right.position || (a.sagaId < b.sagaId ? -1 : 1);
}

function isOpen(request: MemoryRequest | undefined): boolean {
  return request !== undefined && request.answer === undefined;
}

/** The changing fields of a parked message; an error belongs to the reason it was written with. */
function changedParked(known: ParkedRecord, now: ParkedRecord): ParkedRecord {
  const { reason, attempts, nextAt, version, parkedAt, note, causeTime } = now;
  const { data, dataVersion } = known.cause.source === "activity" ? now : known;
  const error = now.error ?? (reason === known.reason ? known.error : undefined);
  return {
    ...withData(known, { data, dataVersion }),
    reason,
    attempts,
    nextAt,
    version,
    parkedAt,
    note,
    error,
    ...(causeTime === undefined ? {} : { causeTime }),
  };
}

function withData<Row extends Pick<EntityRecord, "data" | "dataVersion">>(
  { dataVersion: _old, ...record }: Row,
  { data, dataVersion }: { readonly data: unknown; readonly dataVersion: number | undefined },
): Omit<Row, "dataVersion"> & Pick<EntityRecord, "data" | "dataVersion"> {
  return dataVersion === undefined ? { ...record, data } : { ...record, data, dataVersion };
}

/** Where the lanes stand. */
export function marksOf({ lanes, requests }: MemoryTables): ReadonlyMap<number, LaneMark> {
  const open = [...requests.values()].filter(({ answer }) => answer === undefined);
  const waiting = new Set(open.map(({ record }) => record.lane));
  return new Map(lanes.map(({ turn, head }, lane) => [lane, { turn, head, hasRequests: waiting.has(lane) }]));
}

/** Checks every flush before it writes any, without a pause between. */
export function flushRound(
  participants: ReadonlyMap<string, MemoryTables>,
  round: RoundFlushes,
): RoundResult {
  const parts = [...round].map(([participant, flushes]) => {
    const tables = participants.get(participant);
    invariant(tables !== undefined, `${participant} was not opened`);
    assertFlushes(flushes);
    return { participant, tables, flushes };
  });
  for (const { participant, tables, flushes } of parts) {
    const answers = flushes.flatMap((flush) => flush.answers.map(({ idempotencyKey }) => idempotencyKey));
    const isTwice = new Set(answers).size < answers.length;
    const results = flushes.map((flush) => {
      const result = checkFlush(tables, flush);
      return isTwice && result === "committed" && flush.answers.length > 0 ? "repeated" : result;
    });
    const result = results.find((one) => one !== "committed") ?? "committed";
    if (result === "committed") continue;
    const lanes = flushes.filter((_, index) => results[index] === result).map(({ lane }) => lane);
    return { result, participant, lanes };
  }
  for (const { tables, flushes } of parts) for (const flush of flushes) writeFlush(tables, flush);
  return { result: "committed" };
}
