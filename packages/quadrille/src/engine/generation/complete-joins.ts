// Joins that a new contract finds complete: it needs no more facts than an entity has seen. Nothing more
// comes for them, so the last fact is parked with the new generation, to be offered again.
import type { Table } from "../../contract/table.ts";
import type { EntityRecord, JournalRecord, ParkedRecord } from "../../store/records.ts";
import type { Inspection } from "../../store/store.ts";

/** What is looked through. */
export interface JoinsLookedAt {
  readonly table: Table;
  readonly store: Pick<Inspection, "census" | "entities" | "recover" | "timeline">;
  /** The machine's time, in milliseconds since 1970. */
  readonly now: number;
}

/** The facts to be offered again: of each complete join the last one, and those that it does not need. */
export async function factsOfComplete({
  table,
  store,
  now,
}: JoinsLookedAt): Promise<readonly ParkedRecord[]> {
  const complete = [...(await store.census())].filter(([state]) => laterFacts(table, state).length > 0);
  if (complete.length === 0) return [];
  const limit = complete.reduce((sum, [, count]) => sum + count, 0);
  const states = complete.map(([state]) => state);
  const ordinals = new Map<number, number>();
  const parked: ParkedRecord[] = [];
  for (const entity of await store.entities({ states, limit })) {
    const { lane } = entity;
    const timeline = await store.timeline(entity.sagaId);
    for (const fact of laterFacts(table, entity.state)) {
      const ordinal = (ordinals.get(lane) ?? (await store.recover(lane)).lastOrdinal ?? 0) + 1;
      ordinals.set(lane, ordinal);
      const row = timeline.findLast(({ key, trigger }) => key === entity.key && trigger === fact);
      parked.push({ ...offered(entity, fact, row), ordinal, nextAt: now, parkedAt: now });
    }
  }
  return parked;
}

/** Of a state in which a join is complete, the facts after those that it waits with for its last one. */
function laterFacts({ states }: Table, state: string): readonly string[] {
  const join = states.get(state)?.join;
  if (join === undefined) return [];
  const seen = new Set(state.split("+").slice(1));
  const facts = join.facts.map(({ name }) => name).filter((name) => seen.has(name));
  return facts.slice(join.needed - 1);
}

/** The fact as it was parked with its first arrival. Its row may have been deleted by hand. */
function offered(
  { key, sagaId, lane, facts = {}, factVersions = {}, version, enteredAt }: EntityRecord,
  fact: string,
  row: JournalRecord | undefined,
): Omit<ParkedRecord, "ordinal" | "nextAt" | "parkedAt"> {
  const cause = row?.cause ?? { source: "join", lane, position: version };
  const dataVersion = factVersions[fact];
  return {
    id: `${cause.source}/${cause.lane}/${cause.position}/${fact}`,
    lane,
    key,
    sagaId,
    kind: "event",
    trigger: fact,
    data: facts[fact],
    ...(dataVersion === undefined ? {} : { dataVersion }),
    cause,
    causeTime: row?.time ?? enteredAt,
    reason: "waiting",
    attempts: 0,
    version,
    error: undefined,
    trace: row?.trace,
    note: undefined,
  };
}
