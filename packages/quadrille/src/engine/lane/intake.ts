// The pending rows of one source's lane: handed over in memory if possible, otherwise read from the journal.
// The journal is authoritative; memory has the same rows in the same order, only sooner.
import { QuadrilleError } from "../../errors.ts";
import type { ReadLimit } from "../../store/store.ts";
import type { Delivery } from "../../transport/transport.ts";
import type { Arrivals } from "../message/arrival.ts";
import type { EventFilter } from "../message/event-filter.ts";
import type { HandedRow } from "../message/incoming.ts";
import { weigh } from "../message/weigh.ts";

/** Reads rows of the source's lane after a position, in order. */
export type ReadRows = (after: number, limit: ReadLimit) => Promise<Delivery>;

/** Sizes of an intake. */
export interface IntakeLimits {
  readonly handoverRowsMax: number;
  readonly readRowsMax: number;
  readonly batchBytesMax: number;
}

/** In a row's JSON, a character is at most six bytes and an escape. */
const bytesPerCharacterMax = 8;

/**
 * The number of batches whose rows are kept in memory; rows beyond stay in the journal until there is room.
 */
const batchesHandedMax = 4;

/** One source's lane on the consumer's side. */
export class Intake {
  readonly source: string;
  readonly filter: EventFilter;
  /** Set where the source is of another choreography. */
  readonly arrivals: Arrivals | undefined;
  readonly #read: ReadRows;
  readonly #limits: IntakeLimits;
  readonly #rows: HandedRow[] = [];
  /** The approximate bytes of the rows in memory, including those ahead. */
  #weight = 0;
  #taken: number;
  #written: number;
  /** The last position that the source is known to have committed. */
  #head = 0;
  /** There may be rows in the journal that are not in memory. */
  #behind = true;
  /** Offered rows with a gap before them: the rows in between have to be read first. */
  #ahead: HandedRow[] = [];
  /** Rows were offered and dropped since the last read began. */
  #missed = false;
  /** The source commits in this process. */
  #local = false;
  /** Every row that was committed at this time is in memory or taken; milliseconds since 1970. */
  #completeAt = Number.NEGATIVE_INFINITY;
  #isPartial = false;

  constructor(
    source: string,
    taken: number,
    how: {
      readonly read: ReadRows;
      readonly limits: IntakeLimits;
      readonly filter: EventFilter;
      readonly arrivals?: Arrivals | undefined;
    },
  ) {
    this.source = source;
    this.filter = how.filter;
    this.arrivals = how.arrivals;
    this.#taken = taken;
    this.#written = taken;
    this.#read = how.read;
    this.#limits = how.limits;
  }

  get waiting(): number {
    return this.#rows.length;
  }

  /** The last position that the source is known to have committed. */
  get head(): number {
    return this.#head;
  }

  /** Whether a look into the journal may bring rows. */
  get behind(): boolean {
    return this.#behind;
  }

  /** Whether the last read may have left out rows that were there: a deadline waits for a whole one. */
  get isPartial(): boolean {
    return this.#isPartial;
  }

  /**
   * Every row published up to this time has been taken; milliseconds since 1970. A deadline at or before it
   * was not beaten by anything that still waits to be read.
   */
  get takenUntil(): number {
    const [first] = this.#rows;
    return first === undefined ? this.#completeAt : first.time - 1;
  }

  /** The last position in memory or taken. */
  get #last(): number {
    return this.#rows.at(-1)?.position ?? this.#taken;
  }

  /**
   * Takes rows from memory: committed ones, or rows that will be committed together with their effects. Rows
   * with a gap before them wait until it has been read from the journal.
   */
  offer(rows: readonly HandedRow[]): void {
    this.#local = true;
    const weight = rows.reduce((sum, row) => sum + weightOf(row), 0);
    const isTooMany = this.#rows.length + this.#ahead.length + rows.length > this.#limits.handoverRowsMax;
    if (isTooMany || this.#weight + weight > batchesHandedMax * this.#limits.batchBytesMax) {
      for (const row of this.#ahead) this.#weight -= weightOf(row);
      this.#ahead = [];
      this.#missed = true;
      this.#behind = true;
      return;
    }
    this.#ahead.push(...rows);
    this.#weight += weight;
    if (!this.#behind) this.#join();
    if (this.#ahead.length > 0) this.#behind = true;
  }

  /** Notes that another process may have added to the journal. */
  markStale(): void {
    this.#behind = true;
  }

  /** Whether there may be more in the journal, and there is room for it. */
  get wantsMore(): boolean {
    const { readRowsMax: limit, batchBytesMax: bytes } = this.#limits;
    return this.#behind && this.#rows.length < limit && (this.#rows.length === 0 || this.#weight < bytes);
  }

  /**
   * Reads on in the journal if it wants more. `now` is the time before the read. Rejects with
   * `Q_ROWS_MISSING` where the transport has left out a row, also one that no other follows.
   */
  async fill(now: number): Promise<void> {
    const { readRowsMax: limit, batchBytesMax: bytes } = this.#limits;
    if (!this.wantsMore) return;
    this.#missed = false;
    const head = this.#head;
    const { rows, isPartial } = await this.#read(this.#last, { rows: limit, bytes });
    let read = 0;
    // A transport may deliver rows again; it may not leave any out.
    for (const row of rows) {
      if (row.position <= this.#last) continue;
      this.#refuseGap(row.position);
      const weight = weigh(row.emitted);
      read += weight;
      this.#weight += weight;
      this.#rows.push({ ...row, weight });
    }
    this.#join();
    const isFull = rows.length >= limit || read * bytesPerCharacterMax >= bytes;
    // What a source in this process commits after this read is offered; of another one only an empty read
    // proves the end.
    const more = this.#local ? isFull : rows.length > 0;
    this.#behind = this.#missed || this.#ahead.length > 0 || more;
    this.#isPartial = isPartial;
    if (isFull || isPartial) return;
    if (this.#last >= head) this.#completeAt = now;
    else this.#refuseEnd(head);
  }

  /** Rows that were committed are gone, and none follows them. What came before is taken first. */
  #refuseEnd(head: number): void {
    this.#behind = true;
    if (this.#rows.length > 0) return;
    throw this.#rowsMissing(`goes up to position ${head}`, "the rows after that");
  }

  #refuseGap(position: number): void {
    const last = this.#last;
    if (position === last + 1) return;
    throw this.#rowsMissing(`goes on at position ${position}`, "the rows between");
  }

  #rowsMissing(goesOn: string, which: string): QuadrilleError {
    const message =
      `The journal of ${this.source} ${goesOn}, and was read up to ${this.#last}: ` +
      `${which} were removed before they had been taken here. Put them back.`;
    return new QuadrilleError("Q_ROWS_MISSING", message);
  }

  /** Appends the offered rows that have no gap before them. */
  #join(): void {
    let index = 0;
    for (; index < this.#ahead.length; index += 1) {
      const row = this.#ahead[index];
      if (row === undefined || row.position > this.#last + 1) break;
      if (row.position === this.#last + 1) this.#rows.push(row);
      else this.#weight -= weightOf(row);
    }
    this.#ahead = this.#ahead.slice(index);
  }

  /** Takes the next rows: at most `max`, and at least one unless that is 0. */
  take(limit: ReadLimit): readonly HandedRow[] {
    let bytes = 0;
    let end = 0;
    for (; end < Math.min(limit.rows, this.#rows.length); end += 1) {
      bytes += weightOf(this.#rows[end]);
      if (end > 0 && bytes > limit.bytes) break;
    }
    const rows = this.#rows.splice(0, end);
    for (const row of rows) this.#weight -= weightOf(row);
    this.#taken = rows.at(-1)?.position ?? this.#taken;
    return rows;
  }

  /**
   * The sagas of the next rows in memory, up to a number, that have one of these events; none where an event
   * starts or names another saga.
   */
  nextSagas(rows: number, events: { has(event: string): boolean }): readonly string[] {
    if (this.arrivals !== undefined) return [];
    return this.#rows
      .slice(0, rows)
      .flatMap(({ sagaId, emitted }) => (emitted.some(({ event }) => events.has(event)) ? [sagaId] : []));
  }

  /** The inbox position in the store, which lags behind when rows had nothing for this participant. */
  get written(): number {
    return this.#written;
  }

  /** Says that a flush has moved the inbox to `position`. */
  wrote(position: number): void {
    this.#written = position;
  }

  /** Says that the source has committed up to `head`, so that rows which found no room are read. */
  reached(head: number): void {
    this.#head = Math.max(this.#head, head);
    if (this.#last < head) this.#behind = true;
  }
}

function weightOf(row: HandedRow | undefined): number {
  return row?.weight ?? 0;
}
