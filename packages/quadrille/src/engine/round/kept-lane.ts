// A worker's lane as it was last read, and what makes it necessary to read it again: another process has
// written to it, a flush was not written, or its answer was lost.
import { invariant } from "../../errors.ts";
import { openLane, type Lane } from "../lane/lane.ts";
import { ParkedCount } from "../lane/parked-count.ts";
import type { Census } from "../lane/parking.ts";
import type { BatchParts } from "./batch-parts.ts";
import { findLost, type Sealed } from "./sealed.ts";
import { startUnfinished, type Unfinished } from "./unfinished.ts";
import type { WorkerOptions } from "./worker-options.ts";

/** The lane of one worker, over all the times that it is read. */
export class KeptLane {
  readonly #options: WorkerOptions;
  readonly #parts: BatchParts;
  readonly #count: ParkedCount;
  readonly #unfinished: Unfinished;
  #lane: Lane | undefined;
  #hasBatch = false;
  /** A flush whose answer was lost: the lane's turn has to be skipped before anything is read or decided. */
  #inDoubt: Sealed | undefined;
  /** The lane's turn as last known here. */
  #turn: number | undefined;
  /** The lane's turn as last seen in the database. */
  #seenTurn = 0;
  #loadedAt = 0;
  /** How far the journals go that are read, as last known: what is missing at their end is missed again. */
  #heads: ReadonlyMap<string, number> = new Map();

  constructor(options: WorkerOptions, parts: BatchParts) {
    const participant = options.code.table.name;
    this.#options = options;
    this.#parts = parts;
    this.#count = new ParkedCount({ ...options, participant });
    this.#unfinished = { ...parts, participant };
  }

  /** As last read; `undefined` where it has to be read first. */
  get lane(): Lane | undefined {
    return this.#lane;
  }

  /**
   * Whether another process has written to the lane: an operator who redrove something, or an engine that
   * left behind a deadline, a call or a parked message and is gone. To be asked between rounds: in a round,
   * it may be its own flush.
   */
  get isOvertaken(): boolean {
    if (this.#lane === undefined || this.#seenTurn <= this.#lane.turn) return false;
    // Two processes that write in turn would do nothing but read.
    return this.#options.ambient.clock.steady() - this.#loadedAt > this.#options.limits.renewMs;
  }

  /** Whether commands that a batch has taken may have been written. */
  get mayBeWritten(): boolean {
    return this.#inDoubt !== undefined || this.#hasBatch;
  }

  /** Whether the parked messages of the lane that was read are to be counted again. */
  get wantsCount(): boolean {
    return this.#lane !== undefined && this.#count.isWanted(this.#lane.parking);
  }

  /** How many messages are parked, as last known. */
  get census(): Census {
    return this.#lane?.parking.census() ?? this.#count.last;
  }

  /** Notes the turn that stands in the database: another process may have written. */
  seen(turn: number): void {
    this.#seenTurn = Math.max(this.#seenTurn, turn);
  }

  /**
   * Prepares a round: reads the lane if it is unknown, or if another process has written to it. Returns a
   * flush in doubt that turned out to be committed.
   */
  async open(): Promise<Sealed | undefined> {
    const lane = this.isOvertaken ? undefined : this.#lane;
    if (lane === undefined) return this.#read();
    await this.#count.renew(lane.parking);
    if (this.#parts.activities.takeOverflow()) await startUnfinished(this.#unfinished, lane);
    return undefined;
  }

  /** Reads the lane if a flush is in doubt. Returns the flush if it turned out to be committed. */
  async settleDoubt(): Promise<Sealed | undefined> {
    return this.#inDoubt === undefined ? undefined : this.#read();
  }

  /** The open lane, for a batch that begins. */
  begin(): Lane {
    this.#hasBatch = true;
    return this.#open;
  }

  /** The batch has ended. `doubtful` is a flush of it that may have been written, or may be later. */
  ended(doubtful?: Sealed): void {
    this.#hasBatch = false;
    this.#inDoubt = doubtful ?? this.#inDoubt;
  }

  /** The batch has ended, and the lane has the turn of its flush. */
  committed(): void {
    this.#hasBatch = false;
    this.#turn = this.#open.turn;
  }

  /** Warns where more messages are parked than the limit says. */
  warnOfParked(): void {
    this.#count.warn(this.#open.parking);
  }

  /** The lane is to be read again, and its commands are to be taken again. */
  forget(): void {
    if (this.#lane !== undefined) {
      this.#count.keep(this.#lane.parking);
      this.#parts.loader.forget(this.#lane.parking);
      this.#heads = new Map(this.#lane.intakes.map(({ source, head }) => [source, head]));
    }
    this.#lane = undefined;
    if (this.#options.isShared) this.#parts.requests.markStale();
    this.#parts.commands.putBack(this.mayBeWritten);
  }

  get #open(): Lane {
    invariant(this.#lane !== undefined, `the lane of ${this.#options.code.table.name} was not opened`);
    return this.#lane;
  }

  async #read(): Promise<Sealed | undefined> {
    const { store, lane: number, sources, limits, generation } = this.#options;
    // A flush whose answer was lost may commit at any moment. From here on it has, or never will.
    if (this.#inDoubt !== undefined) await store.skipTurn(number);
    const lane = await openLane({ number, store, sources, limits, generation, census: this.#count.last });
    for (const intake of lane.intakes) intake.reached(this.#heads.get(intake.source) ?? 0);
    await this.#count.renew(lane.parking);
    // Another process has written. The fence is up to date now and would accept decisions made from an old
    // entity.
    if (this.#turn !== undefined && this.#turn !== lane.turn) this.#parts.cache.forget(number);
    this.#lane = lane;
    this.#turn = lane.turn;
    if (this.#options.isShared) this.#parts.requests.markStale();
    this.#loadedAt = this.#options.ambient.clock.steady();
    await startUnfinished(this.#unfinished, lane);
    // Last of all: it is found once. If the store does not answer here either, the question stays open.
    const lost = this.#inDoubt;
    const found = await findLost(store, lane, lost);
    this.#inDoubt = undefined;
    const inbox = new Map(lane.intakes.map(({ source, written }) => [source, written]));
    this.#options.onRecovered({ participant: this.#unfinished.participant, lane: number, inbox, lost });
    return found;
  }
}
