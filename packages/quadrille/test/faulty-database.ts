// A database with faults on demand: before and after each request it delays, throws, or never answers
// again.
import type { Database } from "../src/store/database.ts";
import type { FlushResult, Store, TransactScope } from "../src/store/store.ts";

/** A place where a fault may strike. After a request its effect stands, and only the answer can be lost. */
export interface FaultPlace {
  /** Of a round, the participants, with a plus between them. */
  readonly participant: string;
  readonly method: keyof Store | "flush" | "look";
  readonly phase: "before" | "after";
}

/** Strikes or lets pass: resolves, rejects, or never settles. */
export type Fault = (place: FaultPlace) => Promise<void>;

/** Decorates a database; each engine gets a decoration of its own, and what is underneath outlives it. */
export function faultyDatabase(database: Database, fault: Fault): Database {
  return {
    label: database.label,
    time: (own) => database.time(own),
    businessTime: database.businessTime,
    open: async (setup) => faultyStore(await database.open(setup), setup.name, fault),
    inspect: (place) => database.inspect(place),
    lanesMade: (place) => database.lanesMade(place),
    look: () => guardedBy(fault, "")("look", () => database.look()),
    notices: database.notices,
    flush: (round) => guardedBy(fault, [...round.keys()].join("+"))("flush", () => database.flush(round)),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

type Guarded = <T>(method: FaultPlace["method"], work: () => Promise<T>) => Promise<T>;

function guardedBy(fault: Fault, participant: string): Guarded {
  return async (method, work) => {
    await fault({ participant, method, phase: "before" });
    const answer = await work();
    await fault({ participant, method, phase: "after" });
    return answer;
  };
}

function faultyStore(store: Store, participant: string, fault: Fault): Store {
  const guarded = guardedBy(fault, participant);
  return {
    recover: (lane) => guarded("recover", () => store.recover(lane)),
    skipTurn: (lane) => guarded("skipTurn", () => store.skipTurn(lane)),
    offer: (which) => guarded("offer", () => store.offer(which)),
    reactions: (lane, after, limit) => guarded("reactions", () => store.reactions(lane, after, limit)),
    // Asked by the one who moves business time, at its start.
    latestTime: (lane) => store.latestTime(lane),
    load: (keys) => guarded("load", () => store.load(keys)),
    due: (lane, now, limit) => guarded("due", () => store.due(lane, now, limit)),
    nextDue: (lane) => guarded("nextDue", () => store.nextDue(lane)),
    parkedFor: (lane, keys, inLineMax) => guarded("parkedFor", () => store.parkedFor(lane, keys, inLineMax)),
    earliestCause: (lane, key) => guarded("earliestCause", () => store.earliestCause(lane, key)),
    parkedDue: (lane, now, limit) => guarded("parkedDue", () => store.parkedDue(lane, now, limit)),
    nextParkedDue: (lane, after) => guarded("nextParkedDue", () => store.nextParkedDue(lane, after)),
    payloads: (ids) => guarded("payloads", () => store.payloads(ids)),
    parkedCensus: (lane) => guarded("parkedCensus", () => store.parkedCensus(lane)),
    unfinished: (lane, after, limit) => guarded("unfinished", () => store.unfinished(lane, after, limit)),
    read: (lane, after, limit) => guarded("read", () => store.read(lane, after, limit)),
    answers: (keys) => guarded("answers", () => store.answers(keys)),
    transact: (work: (scope: TransactScope) => Promise<FlushResult>) =>
      guarded("transact", () => store.transact(work)),
    origins: (query) => guarded("origins", () => store.origins(query)),
    lastStates: (sagaIds) => guarded("lastStates", () => store.lastStates(sagaIds)),
    reactionsOf: (sagaIds) => guarded("reactionsOf", () => store.reactionsOf(sagaIds)),
    withParked: (sagaIds) => guarded("withParked", () => store.withParked(sagaIds)),
    timeline: (sagaId) => guarded("timeline", () => store.timeline(sagaId)),
    sagaIds: (prefix, limit) => guarded("sagaIds", () => store.sagaIds(prefix, limit)),
    parked: (query) => guarded("parked", () => store.parked(query)),
    parkedEvents: () => guarded("parkedEvents", () => store.parkedEvents()),
    entities: (query) => guarded("entities", () => store.entities(query)),
    census: () => guarded("census", () => store.census()),
    // Asked at the start, as `open` is; where the rest of a saga is asked for, the others are guarded.
    generations: () => store.generations(),
    reading: () => store.reading(),
    enrol: (enrolment) => store.enrol(enrolment),
    note: (strangers) => guarded("note", () => store.note(strangers)),
    markRun: (generation) => store.markRun(generation),
    requests: {
      leave: (requests) => guarded("requests", () => store.requests.leave(requests)),
      open: (lanes, limit) => guarded("requests", () => store.requests.open(lanes, limit)),
      answers: (ids) => guarded("requests", () => store.requests.answers(ids)),
      withdraw: (ids) => guarded("requests", () => store.requests.withdraw(ids)),
      sweep: (lane, before) => guarded("requests", () => store.requests.sweep(lane, before)),
    },
  };
}

/** A fault that can be turned into the end of a process: from then on nothing is answered any more. */
export interface Process {
  readonly fault: Fault;
  /** Ends the process at once. What it has asked for and what was not answered is lost. */
  readonly crash: () => void;
  readonly crashed: () => boolean;
}

/** A process on which `inner` strikes while it lives. */
export function processOf(inner: Fault = async () => undefined): Process {
  let dead = false;
  const forever = (): Promise<void> => new Promise(() => undefined);
  return {
    fault: async (place) => {
      if (!dead) await inner(place);
      if (dead) await forever();
    },
    crash: () => {
      dead = true;
    },
    crashed: () => dead,
  };
}
