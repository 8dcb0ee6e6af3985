// What a worker knows of its lane: the fence, the journal's head, what waits and what is set aside.
import type { Store } from "../store/store.ts";
import { Intake, type IntakeLimits, type ReadRows } from "./intake.ts";
import { type Census, Parking } from "./parking.ts";

/** How to open a lane. */
export interface LaneOptions {
  readonly number: number;
  readonly store: Store;
  readonly sources: ReadonlyMap<string, ReadRows>;
  readonly limits: IntakeLimits;
  /** How many messages are set aside, as last known. */
  readonly census: Census;
}

/** A lane as its worker last knew it; thrown away and opened again after anything unexpected. */
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
  /** When a message set aside is to be offered next, in milliseconds since 1970; infinite when none is. */
  parkedAt: number;

  constructor(
    number: number,
    known: Pick<Lane, "parking" | "intakes" | "turn" | "head" | "deadlineAt" | "parkedAt">,
  ) {
    this.number = number;
    this.parking = known.parking;
    this.intakes = known.intakes;
    this.turn = known.turn;
    this.head = known.head;
    this.deadlineAt = known.deadlineAt;
    this.parkedAt = known.parkedAt;
  }

  /** Rows at hand. */
  get waiting(): number {
    return this.intakes.reduce((sum, intake) => sum + intake.waiting, 0);
  }

  /** All events published up to this time have been taken, or up to `now` if that is earlier. */
  takenUntil(now: number): number {
    return Math.min(now, ...this.intakes.map((intake) => intake.takenUntil));
  }

  /** When time alone will bring work, in milliseconds since 1970. */
  nextDue(): number {
    return Math.min(this.deadlineAt, this.parkedAt);
  }
}

/** Reads the lane from its store. What is set aside stays there until it is needed. */
export async function openLane({ number, store, sources, limits, census }: LaneOptions): Promise<Lane> {
  const { turn, head, inbox, lastOrdinal } = await store.recover(number);
  const intakes = [...sources].map(
    ([source, read]) => new Intake(source, inbox.get(source) ?? 0, { read, limits }),
  );
  const deadlineAt = (await store.nextDue(number)) ?? Number.POSITIVE_INFINITY;
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
  });
}
