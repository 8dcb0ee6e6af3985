// What a worker knows of its lane: the fence, the journal's head, what waits and what is set aside.
import type { Store } from "../store/store.ts";
import { Intake, type IntakeLimits, type ReadRows } from "./intake.ts";
import { Parking } from "./parking.ts";

/** How to open a lane. */
export interface LaneOptions {
  readonly number: number;
  readonly store: Store;
  readonly sources: ReadonlyMap<string, ReadRows>;
  readonly limits: IntakeLimits;
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

  constructor(number: number, known: Pick<Lane, "parking" | "intakes" | "turn" | "head" | "deadlineAt">) {
    this.number = number;
    this.parking = known.parking;
    this.intakes = known.intakes;
    this.turn = known.turn;
    this.head = known.head;
    this.deadlineAt = known.deadlineAt;
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
    return Math.min(this.deadlineAt, this.parking.nextDue() ?? Number.POSITIVE_INFINITY);
  }
}

/** Reads the lane from its store. */
export async function openLane({ number, store, sources, limits }: LaneOptions): Promise<Lane> {
  const { turn, head, inbox, parked } = await store.recover(number);
  const intakes = [...sources].map(
    ([source, read]) => new Intake(source, inbox.get(source) ?? 0, { read, limits }),
  );
  const deadlineAt = (await store.nextDue(number)) ?? Number.POSITIVE_INFINITY;
  return new Lane(number, { turn, head, parking: new Parking(number, parked), intakes, deadlineAt });
}
