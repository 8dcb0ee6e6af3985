// Business time as the database keeps it: one process moves it, the others of the database see the same. It
// never runs back, also over restarts: it goes on from the latest time in the tables.
import type { BusinessClock, Clock } from "../ambient/ambient.ts";
import type { Database } from "../store/database.ts";
import type { Store } from "../store/store.ts";
import { timeAt, type TimeClaim, type TimeRecord } from "../store/time-store.ts";
import type { BusinessTime } from "../ambient/business-time.ts";

/** A business clock that the database keeps. */
export interface KeptTime extends BusinessClock {
  /** Whether this process moves it now. */
  readonly isOwn: boolean;
  /**
   * Makes this process the mover, where it was given a business time and no other process is the mover.
   * Resolves to whether it is the mover now.
   */
  own(): Promise<boolean>;
  readonly kind: BusinessTime["kind"];
  /** What this process was given, if it was given one. */
  readonly given: BusinessTime | undefined;
  /** Moves stepped time on; an earlier time is ignored. */
  set(at: number): Promise<void>;
  /**
   * Reads business time again, where another process moves it. Resolves to whether it has moved. Without an
   * answer of the database the time known so far stays.
   */
  renew(): Promise<boolean>;
  /** Writes down where the time lapse of this process stands: the others see by it that the lapse goes on. */
  beat(): Promise<void>;
  /** Writes down where business time stands, so that it does not go on while no process runs. */
  stop(): Promise<void>;
}

/** What business time is opened with. */
export interface KeptTimeOptions {
  readonly given: BusinessTime | undefined;
  /** The machine's time, as all who use the database see it. */
  readonly clock: Clock;
  readonly database: Pick<Database, "businessTime">;
  readonly stores: ReadonlyMap<string, Store>;
  readonly lanes: number;
}

/** Opens business time; undefined where it is the machine's. */
export async function keptTime(options: KeptTimeOptions): Promise<KeptTime | undefined> {
  const { given, clock, database } = options;
  const before = await database.businessTime.read();
  const standing = { at: given?.from ?? 0, measuredAt: clock.now(), factor: given?.factor ?? 0 };
  if (given === undefined && before === undefined) return undefined;
  return new KeptClock(before ?? standing, options);
}

/**
 * The latest time in all journals: not that of their last rows, for rows of commands with a time of their own
 * stand in the order in which they were written.
 */
async function latestIn({ stores, lanes }: Pick<KeptTimeOptions, "stores" | "lanes">): Promise<number> {
  let latest = 0;
  for (const store of stores.values()) {
    for (let lane = 0; lane < lanes; lane += 1)
      latest = Math.max(latest, (await store.latestTime(lane)) ?? 0);
  }
  return latest;
}

class KeptClock implements KeptTime {
  readonly #options: KeptTimeOptions;
  #claim: TimeClaim | undefined;
  #record: TimeRecord;
  #latest: number;

  constructor(record: TimeRecord, options: KeptTimeOptions) {
    this.#record = record;
    this.#latest = record.at;
    this.#options = options;
  }

  get isOwn(): boolean {
    return this.#claim?.isHeld === true;
  }

  async own(): Promise<boolean> {
    const { given, clock, database } = this.#options;
    if (this.isOwn || given === undefined) return this.isOwn;
    this.#claim = await database.businessTime.claim();
    if (!this.isOwn) return false;
    try {
      // After a kill, a lapse goes on from the journals' last time: the hours since then do not count.
      const before = await database.businessTime.read();
      const at = Math.max(given.from, before?.at ?? 0, await latestIn(this.#options));
      const record = { at, measuredAt: clock.now(), factor: given.factor };
      await database.businessTime.write(record);
      this.#record = record;
      return true;
    } catch (error) {
      await this.#claim?.free();
      throw error;
    }
  }

  get given(): BusinessTime | undefined {
    return this.#options.given;
  }

  get kind(): BusinessTime["kind"] {
    return this.#record.factor === 0 ? "stepped" : "lapse";
  }

  now(): number {
    const { at, measuredAt, factor } = this.#record;
    const now = this.#options.clock.now();
    const time = this.isOwn ? Math.floor(at + factor * (now - measuredAt)) : timeAt(this.#record, now);
    this.#latest = Math.max(this.#latest, time);
    return this.#latest;
  }

  untilMs(at: number): number {
    const left = at - this.now();
    if (left <= 0) return 0;
    return this.#record.factor === 0 ? Number.POSITIVE_INFINITY : Math.ceil(left / this.#record.factor);
  }

  async set(at: number): Promise<void> {
    if (at <= this.now()) return;
    const record = { at, measuredAt: this.#options.clock.now(), factor: 0 };
    // Written first: no process then sees rows with a later time than its own.
    await this.#options.database.businessTime.write(record);
    this.#record = record;
  }

  async renew(): Promise<boolean> {
    const before = this.now();
    const record = await this.#options.database.businessTime.read().catch(() => undefined);
    if (record !== undefined && !this.isOwn) this.#record = record;
    return this.now() > before;
  }

  async beat(): Promise<void> {
    if (!this.isOwn || this.kind !== "lapse") return;
    const record = { ...this.#record, at: this.now(), measuredAt: this.#options.clock.now() };
    await this.#options.database.businessTime.write(record).catch(() => undefined);
  }

  async stop(): Promise<void> {
    if (!this.isOwn) return;
    const record = { at: this.now(), measuredAt: this.#options.clock.now(), factor: 0 };
    if (this.kind === "lapse") await this.#options.database.businessTime.write(record).catch(() => undefined);
    await this.#claim?.free();
  }
}
