// One timeline of a saga from the journals of all participants: causes before effects, otherwise by time.
import type { JournalRecord } from "../store/records.ts";
import type { TimelineEntry } from "./api.ts";

/** The rows of one participant. */
export interface OwnTimeline {
  readonly participant: string;
  readonly rows: readonly JournalRecord[];
}

/**
 * Merges the journals. Clocks of several machines may disagree, so time alone does not order them: a lane's
 * rows keep their order of positions, and no row stands before the row whose event it took. In stepped time
 * many rows have one moment: there, events are in the order of their publication, and stand before what comes
 * from outside, such as a command.
 */
export function mergeTimelines(timelines: readonly OwnTimeline[]): readonly TimelineEntry[] {
  const queues = timelines.flatMap(({ participant, rows }) => {
    const lanes = Map.groupBy(rows, ({ lane }) => lane).values();
    return Array.from(lanes, (lane) =>
      lane.toSorted((a, b) => a.position - b.position).map((row) => ({ ...row, participant })),
    );
  });
  const waiting = new Set(queues.flatMap((queue) => queue.map(placeOf)));
  const merged: TimelineEntry[] = [];
  const places = new Map<string, number>();
  for (let next = nextQueue(queues, { waiting, places }); next !== undefined; ) {
    const entry = next.shift();
    if (entry === undefined) break;
    const place = placeOf(entry);
    waiting.delete(place);
    places.set(place, merged.length);
    merged.push(entry);
    next = nextQueue(queues, { waiting, places });
  }
  return merged;
}

/** The rows that are still to come, and where the others stand in the timeline. */
interface Merging {
  readonly waiting: ReadonlySet<string>;
  readonly places: ReadonlyMap<string, number>;
}

/**
 * The queue whose head comes next: the earliest row whose cause is already in the timeline, or the earliest
 * of all if there is none.
 */
function nextQueue(
  queues: readonly TimelineEntry[][],
  { waiting, places }: Merging,
): TimelineEntry[] | undefined {
  const heads = queues.flatMap((queue) => {
    const [head] = queue;
    if (head === undefined) return [];
    const cause = causeOf(head);
    return [
      { queue, time: head.time, place: places.get(cause) ?? places.size, isReady: !waiting.has(cause) },
    ];
  });
  const ready = heads.filter(({ isReady }) => isReady);
  const [next] = (ready.length > 0 ? ready : heads).toSorted((a, b) => a.time - b.time || a.place - b.place);
  return next?.queue;
}

function placeOf({ participant, lane, position }: TimelineEntry): string {
  return `${participant}/${lane}/${position}`;
}

function causeOf({ cause }: TimelineEntry): string {
  return `${cause.source}/${cause.lane}/${cause.position}`;
}
