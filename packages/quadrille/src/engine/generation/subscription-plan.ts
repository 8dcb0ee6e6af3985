// The position from which a participant reads each event, when it starts with a contract or source that its
// tables do not know.
import type { InboxRecord, SubscriptionRecord } from "../../store/records.ts";
import type { Enrolment, LaneReading } from "../../store/store.ts";

/** A participant whose journal is read, as far as a plan is concerned. */
export interface PlanSource {
  readonly name: string;
  /** Every event that it publishes by its contract here. */
  readonly published: ReadonlySet<string>;
  /** Of a source of another choreography, the events that may be taken from it; all of them where absent. */
  readonly offered?: ReadonlySet<string>;
  readonly lanes: readonly LaneReading[];
}

/** What a plan is made from. */
export interface PlanRequest {
  /** The events that the contract takes. */
  readonly events: readonly string[];
  /** Those that a new reader takes from the beginning. */
  readonly fromBeginning: ReadonlySet<string>;
  readonly sources: readonly PlanSource[];
  /** How far the participant has read. */
  readonly own: readonly LaneReading[];
  /**
   * Whether the tables have no contract yet. An earlier version of quadrille has read every event up to its
   * position.
   */
  readonly isFirst: boolean;
}

/** An event that begins at a place where the source has published something before. */
export interface Beginning {
  readonly source: string;
  readonly event: string;
  readonly lane: number;
  readonly after: number;
}

/** What to write, and what to report. */
export interface SubscriptionPlan extends Omit<Enrolment, "generation"> {
  /** Events that begin after position 0 of their source's lane. */
  readonly beginnings: readonly Beginning[];
}

/**
 * The plan. A new event begins at the head of its source's journal, or at the first row that is still there
 * where the contract says "beginning", or where an earlier contract first met it without knowing it. If that
 * lies before the position already read, the journal is read again from there, and all other events are
 * skipped up to their own positions.
 */
export function planSubscriptions(request: PlanRequest): SubscriptionPlan {
  const parts = request.own.flatMap((own) => request.sources.map((source) => planLane(request, own, source)));
  return {
    inbox: parts.flatMap(({ inbox }) => inbox),
    subscriptions: parts.flatMap(({ subscriptions }) => subscriptions),
    dropped: parts.flatMap(({ dropped }) => dropped),
    beginnings: parts.flatMap(({ beginnings }) => beginnings),
  };
}

function planLane(request: PlanRequest, own: LaneReading, source: PlanSource): SubscriptionPlan {
  const { lane } = own;
  const there = source.lanes[lane] ?? { lane, floor: 0, head: 0 };
  const position = own.inbox.get(source.name);
  const known = new Map(
    own.subscriptions.filter((one) => one.source === source.name).map((one) => [one.event, one]),
  );
  // An event that this process does not see published may be published by a later version of its source.
  const offered = source.offered ?? source.published;
  const wanted = request.events.filter((event) => offered.has(event) || known.has(event));
  const fresh = wanted.filter((event) => !isTaken(known.get(event), position));
  const begun = fresh.map((event): SubscriptionRecord => {
    const after = beginningOf(request, { event, before: known.get(event), position, there });
    return { lane, source: source.name, event, after, until: undefined, isUnknown: false };
  });
  const going = wanted
    .filter((event) => !fresh.includes(event))
    .flatMap((event) => known.get(event) ?? [])
    .map((one) => ({ ...one, until: undefined }));
  const others = [...known.values()].filter(({ event }) => !wanted.includes(event));
  const kept = others.flatMap((one) => keptOf(one, { source, position, head: there.head }));
  const first = Math.min(position ?? there.head, ...begun.map(({ after }) => after));
  const again = position !== undefined && first < position;
  const skipping = [...going, ...kept].map((one) =>
    again && !one.isUnknown ? { ...one, after: Math.max(one.after, position) } : one,
  );
  const written = [...begun, ...skipping].filter((one) => !isSame(one, known.get(one.event)));
  const inbox: readonly InboxRecord[] =
    wanted.length > 0 && (position === undefined || again)
      ? [{ lane, source: source.name, position: first }]
      : [];
  return {
    inbox,
    subscriptions: written,
    dropped: others.filter((one) => !kept.some(({ event }) => event === one.event)),
    beginnings: begun
      .filter(({ after, event }) => after > 0 && known.get(event) === undefined)
      .map(({ event, after }) => ({ source: source.name, event, lane, after })),
  };
}

/** Whether the event was taken before and continues from where it was left. */
function isTaken(known: SubscriptionRecord | undefined, position = 0): boolean {
  if (known === undefined || known.isUnknown) return false;
  return known.until === undefined || position < known.until;
}

interface Beginner {
  readonly event: string;
  readonly before: SubscriptionRecord | undefined;
  readonly position: number | undefined;
  readonly there: Pick<LaneReading, "floor" | "head">;
}

function beginningOf(request: PlanRequest, { event, before, position, there }: Beginner): number {
  if (request.isFirst && position !== undefined) return 0;
  if (before?.isUnknown === true) return Math.max(before.after, there.floor);
  if (!request.fromBeginning.has(event)) return there.head;
  // What an earlier contract has taken is not taken once more.
  return Math.max(before?.until ?? 0, there.floor);
}

interface SourceReading {
  readonly source: PlanSource;
  readonly position: number | undefined;
  readonly head: number;
}

/** The subscription of an event that is no longer taken, or was never known. */
function keptOf(
  one: SubscriptionRecord,
  { source, position = 0, head }: SourceReading,
): readonly SubscriptionRecord[] {
  const isPublished = source.published.has(one.event);
  if (one.isUnknown) return isPublished ? [] : [one];
  const until = one.until ?? head;
  // Where something is under way, it is still to be taken; where the source's contract does not have the
  // event, it may come again. Otherwise all of it was taken.
  return [{ ...one, after: position >= until && isPublished ? until : one.after, until }];
}

function isSame(a: SubscriptionRecord, b: SubscriptionRecord | undefined): boolean {
  return a.after === b?.after && a.until === b.until && a.isUnknown === b.isUnknown;
}
