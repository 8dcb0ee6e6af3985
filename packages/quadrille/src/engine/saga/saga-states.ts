// The states of sagas, participant by participant. An entity that sagas share has, for each of them, the
// state in which that saga's last reaction left it: another saga may have moved it since.
import type { Table } from "../../contract/table.ts";
import type { Inspection } from "../../store/store.ts";

/** Where states are read: keys of shared entities come from the table. */
export interface StoredParticipant {
  readonly table: Table;
  readonly store: Pick<Inspection, "load" | "lastStates">;
}

type StatesBySaga = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The states of sagas, each by participant; a participant without an entity of the saga is absent. */
export async function readSagaStates(
  parts: readonly StoredParticipant[],
  sagaIds: readonly string[],
): Promise<StatesBySaga> {
  return readEach(parts, sagaIds, async ({ table, store }) => {
    if (table.keyed) return store.lastStates(sagaIds);
    const entities = await store.load(sagaIds);
    return new Map(Array.from(entities, ([key, { state }]) => [key, state]));
  });
}

/** The states in which sagas have left the entities that they share, each by participant. */
export async function readSharedStates(
  parts: readonly StoredParticipant[],
  sagaIds: readonly string[],
): Promise<StatesBySaga> {
  const shared = parts.filter(({ table }) => table.keyed);
  return readEach(shared, sagaIds, ({ store }) => store.lastStates(sagaIds));
}

async function readEach(
  parts: readonly StoredParticipant[],
  sagaIds: readonly string[],
  read: (part: StoredParticipant) => Promise<ReadonlyMap<string, string>>,
): Promise<StatesBySaga> {
  const states = new Map(sagaIds.map((sagaId) => [sagaId, new Map<string, string>()]));
  for (const part of parts) {
    for (const [sagaId, state] of await read(part)) states.get(sagaId)?.set(part.table.name, state);
  }
  return states;
}
