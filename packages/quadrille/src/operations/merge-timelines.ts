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
 * rows keep their order of positions, and no row stands before the row whose event it took.
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
  for (let next = nextQueue(queues, waiting); next !== undefined; next = nextQueue(queues, waiting)) {
    const entry = next.shift();
    if (entry === undefined) break;
    waiting.delete(placeOf(entry));
    merged.push(entry);
  }
  return merged;
}

/**
 * The queue whose head comes next: the earliest row whose cause is already in the timeline, or the earliest
 * of all if there is none.
 */
function nextQueue(
  queues: readonly TimelineEntry[][],
  waiting: ReadonlySet<string>,
): TimelineEntry[] | undefined {
  const open = queues.filter((queue) => queue.length > 0);
  const ready = open.filter(([head]) => head !== undefined && !waiting.has(causeOf(head)));
  const time = (queue: readonly TimelineEntry[]): number => queue[0]?.time ?? 0;
  return (ready.length > 0 ? ready : open).toSorted((a, b) => time(a) - time(b))[0];
}

function placeOf({ participant, lane, position }: TimelineEntry): string {
  return `${participant}/${lane}/${position}`;
}

function causeOf({ cause }: TimelineEntry): string {
  return `${cause.source}/${cause.lane}/${cause.position}`;
}
