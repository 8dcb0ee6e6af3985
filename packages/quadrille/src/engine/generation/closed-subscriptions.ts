// Events that a contract takes again, after one that did not: whether some of them are still under way from
// the time before.
import type { JournalReader, LaneReading } from "../../store/store.ts";

/** Rows of a journal read at once. */
const pageRows = 1_000;

/** What is looked at. */
interface TakenAgain {
  /** The events that the contract takes. */
  readonly events: readonly string[];
  readonly sources: ReadonlyMap<string, JournalReader>;
}

/**
 * The same readings, where a closed subscription to one of the events ends with the last of it that is in the
 * journal and not read yet, or else where the reader is: then nothing is left of it.
 */
export function withoutFinished(
  own: readonly LaneReading[],
  again: TakenAgain,
): Promise<readonly LaneReading[]> {
  return Promise.all(
    own.map(async (reading) => {
      const subscriptions = await Promise.all(
        reading.subscriptions.map(async (one) => {
          const { until, source, event } = one;
          const position = reading.inbox.get(source) ?? 0;
          const journal = again.sources.get(source);
          const isOpen = until === undefined || until <= position || !again.events.includes(event);
          if (isOpen || journal === undefined) return one;
          const last = await lastOf(event, { journal, lane: reading.lane, after: position, until });
          return { ...one, until: last ?? position };
        }),
      );
      return { ...reading, subscriptions };
    }),
  );
}

interface Stretch {
  readonly journal: JournalReader;
  readonly lane: number;
  readonly after: number;
  readonly until: number;
}

/** The last position after `after`, up to `until`, where the event was published. */
async function lastOf(event: string, { journal, lane, after, until }: Stretch): Promise<number | undefined> {
  let last: number | undefined;
  for (let from = after; from < until; ) {
    const rows = await journal.read(lane, from, pageRows);
    const found = rows.findLast(
      ({ position, emitted }) => position <= until && emitted.some((one) => one.event === event),
    );
    last = found?.position ?? last;
    from = rows.at(-1)?.position ?? until;
  }
  return last;
}
