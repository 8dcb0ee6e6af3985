// A worker's knowledge of its lane: the fence, the journal's head, pending and parked messages.
import type { Ambient } from "../../ambient/ambient.ts";
import { businessOf } from "../../ambient/business-clock.ts";
import type { Store } from "../../store/store.ts";
import { EventFilter } from "../message/event-filter.ts";
import { earliestDeadline } from "./deadlines-and-calls.ts";
import { Intake, type IntakeLimits, type ReadRows } from "./intake.ts";
import type { Arrivals } from "../message/arrival.ts";
import type { OwnGeneration } from "../generation/own-generation.ts";
import { type Census, Parking } from "./parking.ts";

/** A participant whose journal is read. */
export interface Source {
  readonly read: ReadRows;
  /** Every event that it publishes by its contract here. */
  readonly published: ReadonlySet<string>;
  /** Set where the source is of another choreography. */
  readonly arrivals?: Arrivals | undefined;
}

/** How to open a lane. */
export interface LaneOptions {
  readonly number: number;
  readonly store: Store;
  readonly sources: ReadonlyMap<string, Source>;
  readonly limits: IntakeLimits & { readonly pollMs: number };
  readonly generation: OwnGeneration;
  /** How many messages are parked, as last known. */
  readonly census: Census;
}

const never = Number.POSITIVE_INFINITY;

/** A lane as its worker last knew it; discarded and opened again after anything unexpected. */
export class Lane {
  readonly number: number;
  readonly parking: Parking;
  readonly intakes: readonly Intake[];
  /** Counts this lane's flushes; the fence. */
  turn: number;
  /** The last position in this lane's journal. */
  head: number;
  /** The earliest deadline, in milliseconds since 1970; infinite when there is none. */
  deadlineAt: number;
  /** When a parked message is to be offered next, in milliseconds since 1970; infinite when none is. */
  parkedAt: number;
  /** The pause before journals are read again for a deadline that waits for a whole read, in milliseconds. */
  readonly #pollMs: number;

  constructor(
    number: number,
    known: Pick<Lane, "parking" | "intakes" | "turn" | "head" | "deadlineAt" | "parkedAt"> & {
      readonly pollMs: number;
    },
  ) {
    this.number = number;
    this.parking = known.parking;
    this.intakes = known.intakes;
    this.turn = known.turn;
    this.head = known.head;
    this.deadlineAt = known.deadlineAt;
    this.parkedAt = known.parkedAt;
    this.#pollMs = known.pollMs;
  }

  /** Rows in memory. */
  get waiting(): number {
    return this.intakes.reduce((sum, intake) => sum + intake.waiting, 0);
  }

  /** Whether the time has come for a deadline or a parked message, as far as is known. */
  isDue(ambient: Ambient): boolean {
    const { deadlineAt, parkedAt } = this;
    // Asked for every lane in every round, and most have neither.
    if (deadlineAt === never && parkedAt === never) return false;
    return businessOf(ambient).untilMs(deadlineAt) <= 0 || parkedAt <= ambient.clock.now();
  }

  /** How long until time alone brings work, in the machine's milliseconds. */
  untilDueMs(ambient: Ambient): number {
    if (this.deadlineAt === never && this.parkedAt === never) return never;
    const untilMs = businessOf(ambient).untilMs(this.deadlineAt);
    const isHeld = untilMs <= 0 && this.intakes.some((intake) => intake.isPartial);
    return Math.min(isHeld ? this.#pollMs : untilMs, this.parkedAt - ambient.clock.now());
  }

  /** Whether rows wait here, or a look into the journals may bring some. */
  get hasRows(): boolean {
    return this.intakes.some((intake) => intake.behind || intake.waiting > 0);
  }

  /** The most rows that an inbox at these positions is beyond the one in the store. */
  rowsUnwritten(positions: ReadonlyMap<string, number>): number {
    return Math.max(0, ...this.intakes.map(({ source, written }) => (positions.get(source) ?? 0) - written));
  }

  /** All events published up to this time have been taken, or up to `now` if that is earlier. */
  takenUntil(now: number): number {
    return Math.min(now, ...this.intakes.map((intake) => intake.takenUntil));
  }
}

/**
 * Reads the lane from its store. What is parked stays there until it is needed. Throws
 * `Q_CONTRACT_SUPERSEDED` where a later contract has taken the tables.
 */
export async function openLane(options: LaneOptions): Promise<Lane> {
  const { number, store, sources, limits, census, generation } = options;
  const recovery = await store.recover(number);
  const { turn, head, inbox, lastOrdinal } = recovery;
  await generation.check(recovery.generation);
  const intakes = [...sources].map(([source, { read, published, arrivals }]) => {
    const subscriptions = recovery.subscriptions.filter((one) => one.source === source);
    const filter = new EventFilter({ published, subscriptions });
    return new Intake(source, inbox.get(source) ?? 0, { read, limits, filter, arrivals });
  });
  const deadlineAt = await earliestDeadline(store, number);
  const isEmpty = lastOrdinal === undefined;
  const parkedAt = isEmpty ? undefined : await store.nextParkedDue(number, Number.NEGATIVE_INFINITY);
  const parking = new Parking({ lane: number, lastOrdinal, census });
  return new Lane(number, {
    turn,
    head,
    parking,
    intakes,
    deadlineAt,
    parkedAt: parkedAt ?? Number.POSITIVE_INFINITY,
    pollMs: limits.pollMs,
  });
}
