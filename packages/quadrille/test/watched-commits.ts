// Asks after every commit whether the checker knows the states in which it leaves the sagas: the checker's
// reachable set is the oracle of the simulated engine. It stands right before the database, so that it sees
// what was committed also if the answer is lost on its way to the engine.
import type { Abstraction, ReachableSet } from "../src/check/explore/reachable.ts";
import type { ChoreographyJson } from "../src/contract/json-form.ts";
import type { JournalRecord } from "../src/store/records.ts";
import type { Database, RoundFlushes } from "../src/store/database.ts";
import type { Flush } from "../src/store/store.ts";

/** A database whose commits are compared with a reachable set. */
export interface WatchedCommits {
  readonly database: Database;
  /** Every state of a saga that the checker does not know, one sentence each. */
  readonly strange: readonly string[];
  /** The states of sagas that were compared, each once. */
  readonly seen: ReadonlySet<string>;
}

/** Watches what is committed to a database; sagas share no entity in the contract. */
export function watchCommits(
  database: Database,
  contract: ChoreographyJson,
  reachable: ReachableSet,
): WatchedCommits {
  const strange: string[] = [];
  const seen = new Set<string>();
  const known = new Known(contract);
  const compare = (round: RoundFlushes): void => {
    for (const [participant, flushes] of round) for (const one of flushes) known.take(participant, one);
    for (const sagaId of known.sagas()) {
      const abstraction = known.abstractionOf(sagaId);
      const text = JSON.stringify(abstraction);
      if (seen.has(text)) continue;
      seen.add(text);
      if (!reachable.has(abstraction)) strange.push(`${sagaId}: ${text}`);
    }
  };
  // The engine gets the same promise: watching does not change in which order things happen.
  const flush: Database["flush"] = (round) => {
    const flushed = database.flush(round);
    void flushed
      .then(({ result }) => (result === "committed" ? compare(round) : undefined))
      .catch(() => undefined);
    return flushed;
  };
  return { database: { ...database, flush, [Symbol.asyncDispose]: async () => undefined }, strange, seen };
}

type Row = Pick<JournalRecord, "lane" | "position" | "emitted"> & { readonly source: string };

/**
 * What was committed: the states of entities, the rows of journals, what each participant has read and
 * parked.
 */
class Known {
  readonly #takers = new Map<string, readonly string[]>();
  readonly #states = new Map<string, Map<string, string>>();
  readonly #rows = new Map<string, Row[]>();
  readonly #read = new Map<string, number>();
  readonly #parked = new Set<string>();

  constructor({ participants }: ChoreographyJson) {
    for (const [name, { states }] of Object.entries(participants))
      for (const { on = {}, join } of Object.values(states))
        for (const event of [...Object.keys(on), ...(join?.facts ?? [])])
          this.#takers.set(event, [...new Set([...(this.#takers.get(event) ?? []), name])]);
  }

  take(participant: string, { lane, created, changed, journal, inbox, parked, unparked }: Flush): void {
    for (const { key, state } of [...created, ...changed.map(({ record }) => record)])
      this.#states.set(key, (this.#states.get(key) ?? new Map<string, string>()).set(participant, state));
    for (const { sagaId, position, emitted } of journal)
      this.#rows.set(sagaId, [
        ...(this.#rows.get(sagaId) ?? []),
        { source: participant, lane, position, emitted },
      ]);
    for (const [source, position] of inbox) this.#read.set(`${participant} ${source}/${lane}`, position);
    for (const { id, reason } of parked)
      if (reason === "discarded") this.#parked.delete(`${participant} ${id}`);
      else this.#parked.add(`${participant} ${id}`);
    for (const id of unparked) this.#parked.delete(`${participant} ${id}`);
  }

  sagas(): readonly string[] {
    return [...this.#rows.keys()];
  }

  abstractionOf(sagaId: string): Abstraction {
    const messages = (this.#rows.get(sagaId) ?? []).flatMap(({ source, lane, position, emitted }) =>
      emitted.flatMap(({ event }, index) =>
        (this.#takers.get(event) ?? []).flatMap((to) => {
          const isRead = position <= (this.#read.get(`${to} ${source}/${lane}`) ?? 0);
          const isParked = this.#parked.has(`${to} ${source}/${lane}/${position}/${index}`);
          return isRead && !isParked ? [] : [{ event, to }];
        }),
      ),
    );
    return { states: Object.fromEntries(this.#states.get(sagaId) ?? []), messages };
  }
}
