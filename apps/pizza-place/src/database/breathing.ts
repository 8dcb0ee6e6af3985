// Lets the event loop turn between the embedded database's batches. PGlite computes in this thread, and what waits for it
// goes on in microtasks: without a pause a busy replay kept HTTP requests, timers and signals waiting until it was over.
import { setImmediate as turnOfTheLoop } from "node:timers/promises";
import type { Database } from "quadrille";

type Store = Awaited<ReturnType<Database["open"]>>;

/** The same database, with a turn of the event loop before each batch is written. */
export function breathing(database: Database): Database {
  return {
    label: database.label,
    open: async (setup) => breathingStore(await database.open(setup)),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

function breathingStore(store: Store): Store {
  return {
    flush: async (flush) => {
      await turnOfTheLoop();
      return await store.flush(flush);
    },
    transact: async (work) => {
      await turnOfTheLoop();
      return await store.transact(work);
    },
    recover: (lane) => store.recover(lane),
    load: (keys) => store.load(keys),
    due: (lane, now, limit) => store.due(lane, now, limit),
    nextDue: (lane) => store.nextDue(lane),
    unfinished: (lane, afterKey, limit) => store.unfinished(lane, afterKey, limit),
    read: (lane, after, limit) => store.read(lane, after, limit),
    answers: (idempotencyKeys) => store.answers(idempotencyKeys),
    timeline: (sagaId) => store.timeline(sagaId),
    parked: (query) => store.parked(query),
    entities: (query) => store.entities(query),
    census: () => store.census(),
  };
}
