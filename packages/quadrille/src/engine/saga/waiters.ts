// The callers that wait for sagas' ends, by saga: what happens to one saga does not wake callers of another.
import type { Bell } from "../round/bell.ts";

/** How many callers are woken by a notice that does not name its sagas. They read the database in turns. */
const vagueMax = 256;

/** The waiters of one engine. */
export class Waiters {
  readonly #bySaga = new Map<string, Set<Bell>>();

  /** Rings `bell` when the saga may have come further, until the returned function is called. */
  join(sagaId: string, bell: Bell): () => void {
    const bells = this.#bySaga.get(sagaId) ?? new Set();
    this.#bySaga.set(sagaId, bells.add(bell));
    return () => {
      bells.delete(bell);
      if (bells.size === 0) this.#bySaga.delete(sagaId);
    };
  }

  /** Wakes those who wait for the sagas, or some of those that have waited longest. */
  ring(sagaIds: readonly string[] | undefined): void {
    for (const sagaId of sagaIds ?? [...this.#bySaga.keys()].slice(0, vagueMax)) {
      const bells = this.#bySaga.get(sagaId);
      if (bells === undefined) continue;
      for (const bell of bells) bell.ring();
      if (sagaIds !== undefined) continue;
      this.#bySaga.delete(sagaId);
      this.#bySaga.set(sagaId, bells);
    }
  }
}
