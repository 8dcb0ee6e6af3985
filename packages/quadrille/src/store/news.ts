// Hints between the engines of one database: a process has committed something, or asks for something. They wake readers early; a reader that gets none of
// them finds everything by looking from time to time.

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

/** One who tells, and hears of the others. */
export interface Teller {
  /** Tells all others soon. It never waits and never throws. */
  tell(notice: Notice): void;
  /** Hears no more. */
  leave(): void;
}

/** Where engines tell each other of commits. The promise is none: a notice may come late, twice, or not at all. */
export interface News {
  /** `hear` is called with what others tell; it must not throw. */
  join(hear: (notice: Notice) => void): Teller;
}

/** The news of the engines in one process. */
export function localNews(): News {
  const hearers = new Set<(notice: Notice) => void>();
  return {
    join: (hear) => {
      // The same function may join twice.
      const own = (notice: Notice): void => hear(notice);
      hearers.add(own);
      return {
        tell: (notice) => {
          for (const other of hearers) if (other !== own) other(notice);
        },
        leave: () => void hearers.delete(own),
      };
    },
  };
}

/** Two notices as one. */
export function joined(one: Notice, other: Notice): Notice {
  return {
    participants: [...new Set([...one.participants, ...other.participants])],
    sagaIds: [...new Set([...one.sagaIds, ...other.sagaIds])],
    isShortened: one.isShortened || other.isShortened,
    requested: [...new Set([...one.requested, ...other.requested])],
    answered: [...new Set([...one.answered, ...other.answered])],
  };
}
