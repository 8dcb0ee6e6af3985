// The trackers of a system, and how they read the states of sagas from the stores.
import type { Choreography } from "../../contract/choreography.ts";
import type { System } from "../../contract/system.ts";
import type { Table } from "../../contract/table.ts";
import type { Store } from "../../store/store.ts";
import { readSagaStates } from "./saga-states.ts";
import { endFinder } from "./end-finder.ts";
import { type StoredSaga, Tracker, type TrackerOptions } from "./tracker.ts";
import { Trackers } from "./trackers.ts";
import { lookAtSagas } from "./stored-under-way.ts";

/** What trackers need of their engine. */
export interface TrackingOptions extends Pick<TrackerOptions, "steady" | "warn"> {
  readonly stores: ReadonlyMap<string, Store>;
  /** The participants that run in this process. */
  readonly running: ReadonlySet<string>;
  readonly limits: { readonly sagasTrackedMax: number };
}

/** One tracker for each choreography. */
export function trackersOf(system: System, options: TrackingOptions): Trackers {
  const { steady, warn, running, limits } = options;
  const trackers = system.choreographies.map((choreography) => {
    const tables = system.parts.filter((one) => one.choreography === choreography).map(({ table }) => table);
    const stores = new Map(
      [...options.stores].filter(([name]) => tables.some((table) => table.name === name)),
    );
    const tracker = new Tracker({
      choreography,
      readSagas: (sagaIds) => readSagas(sagaIds, { choreography, tables, stores }),
      tables,
      local: running,
      beginners: beginnersOf(choreography, { system, tables }),
      steady,
      warn,
      sagasTrackedMax: limits.sagasTrackedMax,
    });
    return { tracker, participants: new Set(stores.keys()) };
  });
  return new Trackers(
    trackers,
    system.parts.every(({ table }) => running.has(table.name)),
  );
}

/** Events from elsewhere with which a saga begins, and no other participant has a part in that. */
function beginnersOf(
  { takes }: Choreography,
  { system, tables }: { readonly system: System; readonly tables: readonly Table[] },
): TrackerOptions["beginners"] {
  const starting = takes.filter(
    ({ event, saga }) =>
      saga === undefined && tables.filter(({ subscriptions }) => subscriptions.has(event.name)).length === 1,
  );
  return new Map(
    starting.map(({ event, from }) => {
      const sources = system.parts.filter((one) => one.choreography.name === from);
      return [event.name, new Set(sources.map(({ table }) => table.name))] as const;
    }),
  );
}

/** What sagas are read from. */
interface SagaStores {
  readonly choreography: Choreography;
  readonly tables: readonly Table[];
  readonly stores: ReadonlyMap<string, Store>;
}

/**
 * The states of sagas. If they are no end, the stores are not asked whether more of the saga is under way.
 */
async function readSagas(
  sagaIds: readonly string[],
  from: SagaStores,
): Promise<ReadonlyMap<string, StoredSaga>> {
  const endOf = endFinder(from.choreography);
  const parts = from.tables.flatMap((table) => {
    const store = from.stores.get(table.name);
    return store === undefined ? [] : [{ table, store }];
  });
  const states = await readSagaStates(parts, sagaIds);
  const atAnEnd = [...states].flatMap(([sagaId, reached]) => (endOf(reached) === undefined ? [] : [sagaId]));
  const looked = await lookAtSagas(parts, atAnEnd);
  return new Map(
    Array.from(states, ([sagaId, reached]) => {
      const { states: since = [], isUnderWay } = looked.get(sagaId) ?? {};
      return [sagaId, { states: new Map([...reached, ...since]), isUnderWay }];
    }),
  );
}
