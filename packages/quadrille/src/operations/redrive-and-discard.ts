// Redrive and discard: what an operator may do to parked messages. A redrive is one statement, however busy
// the lane is. A discard is a fenced flush like any other: a process that knew the older turn is overtaken
// and reloads.
import type { Table } from "../contract/table.ts";
import { triggerKey } from "../contract/table.ts";
import type { GivenUp } from "../contract/trigger.ts";
import type { CallRecord } from "../engine/lane/call-record.ts";
import { awaits, isOwn } from "../engine/lane/deadlines-and-calls.ts";
import { QuadrilleError } from "../errors.ts";
import type { ParkedRecord } from "../store/records.ts";
import type { Database } from "../store/database.ts";
import type { FlushResult, Inspection, OfferQuery, Recovery } from "../store/store.ts";
import type { RedriveFilter } from "./api.ts";

/** The lane's turns that an operator's change may lose to a busy engine before it gives up. */
const attemptsMax = 100;

/** Offered again at once: earlier than any time. */
const atOnce = 0;

/**
 * What a change makes of a parked message and its neighbours. Rejects with `Q_PARKED_REFUSED` where it does
 * not apply.
 */
type ParkedChange = (record: ParkedRecord) => Promise<readonly ParkedRecord[]>;

/** A parked message by its participant and id. */
export interface ParkedPlace {
  readonly table: Table;
  readonly id: string;
  readonly store: Inspection;
  /** Where a change is written. */
  readonly database: Pick<Database, "flush">;
  /** Where the message was seen last. */
  readonly lane: number;
}

/** Messages that are offered again by one statement, which holds the lane while it runs. */
const offeredAtOnceMax = 1_000;

/** Every ordinal. */
const anywhere = { after: Number.MIN_SAFE_INTEGER, until: Number.MAX_SAFE_INTEGER };

/**
 * Offers a dead or retrying message again, first of its key, with all its attempts before it. With
 * `callAgain` an activity is called once more, instead of its handler being tried on what the call came back
 * with.
 */
export async function redrive(
  place: ParkedPlace,
  { callAgain = false }: { readonly callAgain?: boolean } = {},
): Promise<void> {
  const { store, lane, id } = place;
  const { count } = await store.offer({ ...anywhere, lane, limit: 1, id, callAgain });
  if (count > 0) return;
  const [record] = await store.parked({ id, limit: 1 });
  if (record === undefined || record.reason === "discarded") throw unknown(place, "is not parked any more");
  throw refused(place, `is ${record.reason} and goes on by itself as soon as what it waits for is done`);
}

/**
 * Offers all dead or retrying messages that fit again, those that were parked before now. Gives how many they
 * were.
 */
export async function redriveAll(
  store: Pick<Inspection, "reading" | "recover" | "offer">,
  { participant: _participant, callAgain = false, ...filter }: RedriveFilter,
): Promise<number> {
  let count = 0;
  for (const { lane } of await store.reading()) {
    const { lastOrdinal: until } = await store.recover(lane);
    if (until === undefined) continue;
    const which: Omit<OfferQuery, "after"> = { ...filter, lane, until, limit: offeredAtOnceMax, callAgain };
    for (let after = anywhere.after; ; ) {
      const offered = await store.offer({ ...which, after });
      count += offered.count;
      if (offered.count === 0) break;
      after = offered.last;
    }
  }
  return count;
}

/**
 * Discards a message. A call that its entity waits for takes the outcome that the contract declares for a
 * call that was given up. Without such an outcome, and for a deadline, the discard is refused: the entity
 * would wait for ever.
 */
export function discard(place: ParkedPlace, note: string): Promise<void> {
  return fix(place, async (record) => {
    const state = await waitingState(place.store, record);
    if (state !== undefined) return [givenUp(place, record, { state, note })];
    return [
      { ...record, reason: "discarded", nextAt: undefined, note: storable(note) },
      ...(await nextInLine(place, record)),
    ];
  });
}

/** The call as its engine is offered it: given up, and why. */
function givenUp(
  place: ParkedPlace,
  record: ParkedRecord,
  { state, note }: { readonly state: string; readonly note: string },
): ParkedRecord {
  const { kind, key, trigger, attempts } = record;
  const waits = `is what ${key} waits for in ${state}`;
  if (kind !== "activity") throw refused(place, `${waits}: fix its cause and redrive it`);
  const sentence = place.table.states.get(state)?.sentences.get(triggerKey("activity", trigger));
  if (sentence?.kind !== "reaction" || sentence.gaveUp === undefined) {
    const what = `${waits}, and the contract does not say what happens when ${trigger} is given up`;
    throw refused(place, `${what}: fix its cause and redrive it, or declare gaveUp(${trigger}, …) there`);
  }
  const { code = "Q_ACTIVITY_FAILED", message = "no reason is known" } = record.error ?? {};
  const why: GivenUp = { attempts, error: { code, message: `${message}; discarded: ${note}` } };
  const data: CallRecord = { cameBack: "gave up", value: why };
  return { ...record, data, reason: "waiting", attempts: 0, nextAt: atOnce };
}

/** Offers the messages that it held up: the next of its key, or those deferred meanwhile. */
async function nextInLine(
  { store }: ParkedPlace,
  { id, lane, key }: ParkedRecord,
): Promise<readonly ParkedRecord[]> {
  const heads = (await store.parkedFor(lane, [key], 2)).filter((one) => one.id !== id && !isOwn(one));
  const next = heads.find(({ reason }) => reason !== "deferred") ?? heads[0];
  if (next === undefined || next.reason === "dead" || next.reason === "retrying") return [];
  const [record] = await store.parked({ id: next.id, limit: 1 });
  return record === undefined ? [] : [{ ...record, nextAt: atOnce }];
}

/**
 * Writes a change, again each time it is overtaken. Rejects with `Q_PARKED_UNKNOWN` where the message is
 * no longer parked, and with `Q_STORE_FAILED` where the lane is too busy.
 */
async function fix(place: ParkedPlace, change: ParkedChange): Promise<void> {
  const { store, lane, id, table } = place;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const recovery = await store.recover(lane);
    const [record] = await store.parked({ id, limit: 1 });
    if (record === undefined || record.reason === "discarded") {
      throw unknown(place, "is not parked any more");
    }
    const parked = await change(record);
    if ((await write(place, { lane, recovery, parked })) === "committed") return;
  }
  throw new QuadrilleError(
    "Q_STORE_FAILED",
    `Lane ${lane} of ${table.name} is too busy: ${attemptsMax} changes of ${id} were overtaken. Try again.`,
    { retryable: true },
  );
}

interface ParkedWriting {
  readonly lane: number;
  readonly recovery: Recovery;
  readonly parked: readonly ParkedRecord[];
}

async function write(
  { database, table }: ParkedPlace,
  { lane, recovery, parked }: ParkedWriting,
): Promise<FlushResult> {
  const { turn, head } = recovery;
  const nothing = {
    created: [],
    changed: [],
    journal: [],
    inbox: new Map<string, number>(),
    unparked: [],
    answers: [],
  };
  const flush = { ...nothing, lane, turn, head, parked };
  return (await database.flush(new Map([[table.name, [flush]]]))).result;
}

/** The state of the entity that waits for this very call or deadline, if one does. */
async function waitingState(
  store: Pick<Inspection, "load">,
  record: ParkedRecord,
): Promise<string | undefined> {
  if (!isOwn(record)) return undefined;
  const entity = (await store.load([record.key])).get(record.key);
  // A deadline that is parked has come.
  return entity !== undefined && awaits(entity, record, Number.POSITIVE_INFINITY) ? entity.state : undefined;
}

function refused({ table, id }: ParkedPlace, what: string): QuadrilleError {
  return new QuadrilleError("Q_PARKED_REFUSED", `The message ${id} of ${table.name} ${what}.`);
}

function unknown({ table, id }: ParkedPlace, what: string): QuadrilleError {
  return new QuadrilleError("Q_PARKED_UNKNOWN", `The message ${id} of ${table.name} ${what}.`);
}

/** As PostgreSQL can keep it: without NUL and half surrogate pairs. */
function storable(text: string): string {
  return text.replaceAll("\0", "\uFFFD").toWellFormed();
}
