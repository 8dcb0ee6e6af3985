// Where sagas begin that are given no id: many after each other in one lane, the next ones in the next. A
// round costs something for each lane that it writes, so it is to write few, however many there are.
import type { Ambient } from "../../ambient/ambient.ts";
import { laneOf, lanesAfter } from "../message/lane-of.ts";
import type { OwnLane } from "./own-lane.ts";

/** What ids are chosen with. */
export interface NewSagasOptions {
  /** The lanes of the participant that takes the command, by their numbers. */
  readonly lanes: readonly Pick<OwnLane, "state" | "hasRoom">[];
  readonly ambient: Pick<Ambient, "id">;
}

/** The most ids that are drawn for one lane, for each lane that there is. */
const drawsPerLane = 8;

/** How many sagas begin in one lane before the next ones begin in another. */
export const sagasInARow = 1_000;

/** The sagas that commands to one participant begin. */
export class NewSagas {
  readonly #options: NewSagasOptions;
  /** The lane in which the last one began, and how many have in a row. */
  #last = 0;
  #begun = 0;

  constructor(options: NewSagasOptions) {
    this.#options = options;
  }

  /** An id whose lane is owned here, if any is: its commands need no other process then. */
  id(): string {
    const { ambient, lanes } = this.#options;
    const home = lanes.length === 1 ? undefined : this.#home();
    if (home === undefined) return ambient.id();
    const atHome = (head: string): ((last: string) => boolean) => {
      const laneWith = lanesAfter(head, lanes.length);
      return (last) => laneWith(last) === home;
    };
    let id = ambient.id(atHome);
    for (let draws = drawsPerLane * lanes.length; draws > 0 && laneOf(id, lanes.length) !== home; draws -= 1)
      id = ambient.id(atHome);
    return id;
  }

  /** The last one's lane, for so many in a row while its batch has room; then the next one owned. */
  #home(): number | undefined {
    const { lanes } = this.#options;
    const last = lanes[this.#last];
    if (isOpen(last) && last?.hasRoom === true && this.#begun < sagasInARow) {
      this.#begun += 1;
      return this.#last;
    }
    for (let step = 1; step <= lanes.length; step += 1) {
      const next = (this.#last + step) % lanes.length;
      if (!isOpen(lanes[next])) continue;
      this.#last = next;
      this.#begun = 1;
      return next;
    }
    return undefined;
  }
}

function isOpen(lane: Pick<OwnLane, "state"> | undefined): boolean {
  return lane?.state === "owned";
}
