// Notices between the engines of one database: a process has committed something, or asks for something. They
// wake readers early; a reader that gets none finds everything by polling.

/** What was committed. */
export interface Notice {
  /** The participants whose journals have grown. */
  readonly participants: readonly string[];
  /** The sagas that have come further. */
  readonly sagaIds: readonly string[];
  /** There were more sagas than a notice has room for. */
  readonly isShortened: boolean;
  /** The participants that have new requests. */
  readonly requested: readonly string[];
  /** The participants that have answered requests. */
  readonly answered: readonly string[];
}

/** A notice of nothing, to be filled in. */
export const noNotice: Notice = {
  participants: [],
  sagaIds: [],
  isShortened: false,
  requested: [],
  answered: [],
};

/** One engine among those that exchange notices: it sends its own, and receives those of others. */
export interface Announcer {
  /** Sends a notice to all others soon. It never waits and never throws. */
  announce(notice: Notice): void;
  /** Leaves; it receives no more notices. */
  leave(): void;
}

/**
 * Where engines announce commits to each other. There is no guarantee: a notice may come late, twice, or not
 * at all.
 */
export interface Notices {
  /** `hear` is called with the notices of others; it must not throw. */
  join(hear: (notice: Notice) => void): Announcer;
}

/** Between the engines of one process. */
export function localNotices(): Notices {
  const hearers = new Set<(notice: Notice) => void>();
  return {
    join: (hear) => {
      // The same function may join twice.
      const own = (notice: Notice): void => hear(notice);
      hearers.add(own);
      return {
        announce: (notice) => {
          for (const other of hearers) if (other !== own) other(notice);
        },
        leave: () => void hearers.delete(own),
      };
    },
  };
}

/** Merges two notices. */
export function mergedNotices(one: Notice, other: Notice): Notice {
  return {
    participants: [...new Set([...one.participants, ...other.participants])],
    sagaIds: [...new Set([...one.sagaIds, ...other.sagaIds])],
    isShortened: one.isShortened || other.isShortened,
    requested: [...new Set([...one.requested, ...other.requested])],
    answered: [...new Set([...one.answered, ...other.answered])],
  };
}
