// Redrive and discard: the two things an operator may do to what is set aside. Each is a fenced flush like any other, so
// it cannot come between a running engine's decision and its commit: whoever knew the older turn is overtaken and reloads.
import { QuadrilleError } from "../errors.ts";
import type { ParkedHead, ParkedRecord } from "../store/records.ts";
import type { Inspection, ParkedReader, ParticipantStore, Recovery } from "../store/store.ts";

/** The lane's turns that an operator's change may lose to a busy engine before it gives up. */
const attemptsMax = 100;

/** Offered again at once: earlier than any time. */
const atOnce = 0;

/** What operators need of a store. */
export type MendingStore = ParticipantStore & Pick<Inspection, "parked"> & Pick<ParkedReader, "parkedFor">;

/** What a change makes of a parked message and its neighbours. Rejects with `Q_PARKED_REFUSED` where it does not apply. */
type Change = (record: ParkedRecord) => Promise<readonly ParkedRecord[]>;

/** A parked message by its participant and id. */
export interface ParkedPlace {
  readonly participant: string;
  readonly id: string;
  readonly store: MendingStore;
  /** Where the message was seen last. */
  readonly lane: number;
}

/**
 * Offers a dead or retrying message again, first of its key, with all its attempts before it. With `callAgain` an activity
 * is called once more, instead of its handler being tried on what the call came back with.
 */
export function redrive(
  place: ParkedPlace,
  { callAgain = false }: { readonly callAgain?: boolean } = {},
): Promise<void> {
  return mend(place, async (record) => {
    if (record.reason !== "dead" && record.reason !== "retrying") {
      throw refused(place, `is ${record.reason} and goes on by itself as soon as what it waits for is done`);
    }
    const data = callAgain && record.kind === "activity" ? undefined : record.data;
    return [{ ...record, data, reason: "waiting", attempts: 0, nextAt: atOnce }];
  });
}

/** Gives a message up. A call or a deadline for which its entity's state waits is refused: nothing else would come. */
export function discard(place: ParkedPlace, note: string): Promise<void> {
  return mend(place, async (record) => {
    const state = await waitingState(place.store, record);
    if (state !== undefined) {
      throw refused(
        place,
        `is what ${record.key} waits for in ${state}, so it cannot be given up; mend its cause and redrive it`,
      );
    }
    return [
      { ...record, reason: "discarded", nextAt: undefined, note: storable(note) },
      ...(await nextInLine(place, record)),
    ];
  });
}

/** Whatever the message held up is offered: the next in line, or what was deferred meanwhile. */
async function nextInLine(
  { store }: ParkedPlace,
  { id, lane, key }: ParkedRecord,
): Promise<readonly ParkedRecord[]> {
  const heads = (await store.parkedFor(lane, [key], 2)).filter((one) => one.id !== id && !isCall(one));
  const next = heads.find(({ reason }) => reason !== "deferred") ?? heads[0];
  if (next === undefined || next.reason === "dead" || next.reason === "retrying") return [];
  const [record] = await store.parked({ id: next.id, limit: 1 });
  return record === undefined ? [] : [{ ...record, nextAt: atOnce }];
}

function isCall({ kind }: ParkedHead): boolean {
  return kind === "activity" || kind === "deadline";
}

async function mend(place: ParkedPlace, change: Change): Promise<void> {
  const { store, lane, id, participant } = place;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const recovery = await store.recover(lane);
    const [record] = await store.parked({ id, limit: 1 });
    if (record === undefined || record.reason === "discarded") {
      throw unknown(place, "is not set aside any more");
    }
    const parked = await change(record);
    if ((await write(store, { lane, recovery, parked })) === "committed") return;
  }
  throw new QuadrilleError(
    "Q_STORE_FAILED",
    `Lane ${lane} of ${participant} is too busy: ${attemptsMax} changes of ${id} were overtaken. Try again.`,
    { retryable: true },
  );
}

interface Writing {
  readonly lane: number;
  readonly recovery: Recovery;
  readonly parked: readonly ParkedRecord[];
}

function write(
  store: ParticipantStore,
  { lane, recovery, parked }: Writing,
): ReturnType<ParticipantStore["flush"]> {
  const { turn, head } = recovery;
  const nothing = {
    created: [],
    changed: [],
    journal: [],
    inbox: new Map<string, number>(),
    unparked: [],
    answers: [],
  };
  return store.flush({ ...nothing, lane, turn, head, parked });
}

/** The state of the entity that waits for this very call or deadline, if one does. */
async function waitingState(
  store: ParticipantStore,
  { kind, key, trigger, cause }: ParkedRecord,
): Promise<string | undefined> {
  if (kind !== "activity" && kind !== "deadline") return undefined;
  const entity = (await store.load([key])).get(key);
  if (entity?.since !== cause.position) return undefined;
  const awaited = kind === "activity" ? entity.activity : entity.deadline?.name;
  return awaited === trigger ? entity.state : undefined;
}

function refused({ participant, id }: ParkedPlace, what: string): QuadrilleError {
  return new QuadrilleError("Q_PARKED_REFUSED", `The message ${id} of ${participant} ${what}.`);
}

function unknown({ participant, id }: ParkedPlace, what: string): QuadrilleError {
  return new QuadrilleError("Q_PARKED_UNKNOWN", `The message ${id} of ${participant} ${what}.`);
}

/** As PostgreSQL can keep it: without NUL and half surrogate pairs. */
function storable(text: string): string {
  return text.replaceAll("\0", "\uFFFD").toWellFormed();
}
