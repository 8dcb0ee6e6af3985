// A page of sagas by time, with filters: those that the database can apply are applied there, the others
// here.
import type { Choreography } from "../contract/choreography.ts";
import type { Table } from "../contract/table.ts";
import { readSharedStates } from "../engine/saga/saga-states.ts";
import type { EntityRecord } from "../store/records.ts";
import type { EntityPlace, EntityQuery, Inspection } from "../store/store.ts";
import { QuadrilleError } from "../errors.ts";
import { isStorable } from "../store/storable.ts";
import type { SagaQuery, SagaSummary } from "./api.ts";

/** A participant and its store. */
export interface StoredMember {
  readonly table: Table;
  readonly choreography: Choreography;
  readonly store: Inspection;
}

/** What the list is made of. */
export interface SagaList {
  readonly members: readonly StoredMember[];
  /** The summaries of sagas, in their order. */
  readonly summariesOf: (found: readonly FoundEntities[]) => Promise<readonly SagaSummary[]>;
}

/** What a saga's summary is made of. */
export interface FoundEntities {
  readonly sagaId: string;
  /** The saga's own entity in each member. */
  readonly own: (member: number) => EntityRecord | undefined;
  /** By participant, the state in which the saga left an entity that sagas share. */
  readonly shared: ReadonlyMap<string, string> | undefined;
}

/**
 * The smallest and largest number of entities read from one participant at once; more for a filter that few
 * of them match.
 */
const pageEntities = { min: 200, max: 1_000 };

/**
 * The sagas that fit the query, the newest first: a saga stands where the latest of its entities that fit
 * came to be. A filter by end reads on until enough are found.
 */
export async function listSagas(list: SagaList, query: SagaQuery): Promise<readonly SagaSummary[]> {
  const readers = (await Promise.all(list.members.map((member) => readerOf(member, query)))).flat();
  const start = query.before === undefined ? undefined : await placeOf(list, readers, query.before);
  const limit = Math.min(Math.max(query.limit, pageEntities.min), pageEntities.max);
  const found: SagaSummary[] = [];
  const seen = new Set<string>();
  for (let place = start; ; ) {
    const pages = await Promise.all(readers.map((reader) => reader.page(place, limit)));
    const horizon = horizonOf(pages, limit);
    const reached = pages.flat().filter((entity) => horizon === undefined || compare(entity, horizon) <= 0);
    const ids = [...new Set(reached.toSorted(compare).map(({ sagaId }) => sagaId))].filter(
      (id) => !seen.has(id),
    );
    for (const id of ids) seen.add(id);
    for (const { summary, newest } of await load(list, readers, ids)) {
      // It stands on an earlier page, by an entity of another participant.
      const isShown = start !== undefined && newest !== undefined && compare(newest, start) <= 0;
      if (!isShown && isWanted(summary, query)) found.push(summary);
    }
    if (horizon === undefined || found.length >= query.limit) return found.slice(0, query.limit);
    place = horizon;
  }
}

interface Reader {
  readonly page: (before: EntityPlace | undefined, limit: number) => Promise<readonly EntityRecord[]>;
  readonly fits: (entity: EntityRecord) => boolean;
  readonly member: StoredMember;
}

/** The query for a participant; none if none of its entities can match. */
async function readerOf(member: StoredMember, query: SagaQuery): Promise<readonly Reader[]> {
  const { locked, participant, state, idleSince } = query;
  const { table, store, choreography } = member;
  if (query.choreography !== undefined && query.choreography !== choreography.name) return [];
  if (participant !== undefined && participant !== table.name) return [];
  const states = locked === true || state !== undefined ? await statesOf(member, query) : undefined;
  if (states?.length === 0) return [];
  const filter: Partial<EntityQuery> = {
    ...(states === undefined ? {} : { states }),
    ...(idleSince === undefined ? {} : { enteredUntil: idleSince }),
  };
  return [
    {
      member,
      fits: ({ state: present }) => states === undefined || states.includes(present),
      page: (before, limit) =>
        store.entities({ ...filter, ...(before === undefined ? {} : { before }), limit }),
    },
  ];
}

/**
 * The states wanted, of those in which there are entities: a partial state of a join may be stored with its
 * facts in the order of an earlier contract, and a wide join has more of them than a statement takes.
 */
async function statesOf(
  { table, store }: StoredMember,
  { locked, state }: SagaQuery,
): Promise<readonly string[]> {
  const rowOf = table.states.get;
  const wanted = state === undefined ? undefined : (rowOf(state)?.name ?? state);
  return [...(await store.census()).keys()].filter((present) => {
    const row = rowOf(present);
    if (locked === true && row?.lock !== true) return false;
    return wanted === undefined || (row?.name ?? present) === wanted;
  });
}

interface Loaded {
  readonly summary: SagaSummary;
  /** The latest of its own entities that fit. */
  readonly newest: EntityRecord | undefined;
}

async function load(
  { members, summariesOf }: SagaList,
  readers: readonly Reader[],
  ids: readonly string[],
): Promise<readonly Loaded[]> {
  if (ids.length === 0) return [];
  const loaded = await Promise.all(members.map(({ store }) => store.load(ids)));
  const shared = await readSharedStates(members, ids);
  const found = ids.map((sagaId) => ({
    sagaId,
    own: (index: number) => loaded[index]?.get(sagaId),
    shared: shared.get(sagaId),
  }));
  const summaries = await summariesOf(found);
  return summaries.map((summary) => {
    const fitting = members.flatMap((member, index) => {
      const entity = loaded[index]?.get(summary.sagaId);
      return entity !== undefined && readers.some((one) => one.member === member && one.fits(entity))
        ? [entity]
        : [];
    });
    return { summary, newest: fitting.toSorted(compare)[0] };
  });
}

/** Rejects with `Q_QUERY_UNKNOWN` where the saga is none of those listed. */
async function placeOf(list: SagaList, readers: readonly Reader[], sagaId: string): Promise<EntityPlace> {
  const [found] = isStorable(sagaId) ? await load(list, readers, [sagaId]) : [];
  if (found?.newest !== undefined) return found.newest;
  const message = `There is no saga ${sagaId} that fits: give the last one of the page before.`;
  throw new QuadrilleError("Q_QUERY_UNKNOWN", message);
}

/** Up to where all pages reach; `undefined` when they reach the end. */
function horizonOf(pages: readonly (readonly EntityRecord[])[], limit: number): EntityPlace | undefined {
  const last = pages.flatMap((page) => (page.length < limit ? [] : page.slice(-1)));
  return last.toSorted(compare)[0];
}

/** The newest first. */
function compare(a: EntityPlace, b: EntityPlace): number {
  return b.beganAt - a.beganAt || (a.sagaId < b.sagaId ? 1 : Number(a.sagaId !== b.sagaId) * -1);
}

function isWanted(summary: SagaSummary, query: SagaQuery): boolean {
  const { choreography, end, underWay, idleSince } = query;
  if (choreography !== undefined && summary.choreography !== choreography) return false;
  if (underWay === true && summary.end !== undefined) return false;
  if (end !== undefined && summary.end !== end) return false;
  return idleSince === undefined || summary.enteredAt <= idleSince;
}
