// The port to business time as a database keeps it.

/** Where business time stands, and how fast it goes on from there. */
export interface TimeRecord {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The machine's time then, likewise. */
  readonly measuredAt: number;
  /** Business milliseconds in one of the machine's; 0 if it stands still until a process moves it. */
  readonly factor: number;
}

/**
 * The mover of a time lapse writes its time more often than this. A record that is older: no process moves
 * the time any more.
 */
const silentMsMax = 2_000;

/**
 * Which time it is by a record, in milliseconds since 1970, when the machines' time is `now`. A lapse whose
 * mover has been silent for too long stands still.
 */
export function timeAt({ at, measuredAt, factor }: TimeRecord, now: number): number {
  return Math.floor(at + factor * Math.min(now - measuredAt, silentMsMax));
}

/**
 * The one business time of a database. The promises: what is written never makes it earlier, and one process
 * at most may move it at a time.
 */
export interface TimeStore {
  /** Undefined where business time is the machine's. */
  read(): Promise<TimeRecord | undefined>;
  write(record: TimeRecord): Promise<void>;
  /** Claims to be the mover; undefined if another process is, or if that cannot be known now. */
  claim(): Promise<TimeClaim | undefined>;
}

/** Makes its holder the mover of business time. It ends with the holder's session. */
export interface TimeClaim {
  readonly isHeld: boolean;
  free(): Promise<void>;
}
