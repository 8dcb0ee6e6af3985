// Everything that a store reads, as named statements. What writes is in flush-parts.ts.
import { answerColumns } from "../rows/answer.ts";
import { entityColumns } from "../rows/entity.ts";
import { carriedColumns, journalColumns, reactionColumns } from "../rows/journal.ts";
import { originColumns } from "../rows/origin.ts";
import { parkedColumns, parkedHeadColumns } from "../rows/parked.ts";
import { inboxColumn } from "../rows/registry.ts";
import type { Statement } from "../client/sql-client.ts";

type StatementName =
  | "lanes"
  | "skipTurn"
  | "offer"
  | "latestTime"
  | "reactions"
  | "subscriptions"
  | "lastOrdinal"
  | "parkedFor"
  | "earliestCause"
  | "parkedDue"
  | "nextParkedDue"
  | "payloads"
  | "parkedCensus"
  | "load"
  | "answers"
  | "due"
  | "nextDue"
  | "calling"
  | "unfinished"
  | "read"
  | "timeline"
  | "reactionsOf"
  | "withParked"
  | "sagaIds"
  | "origins"
  | "caused"
  | "lastStates"
  | "parked"
  | "parkedById"
  | "parkedOfSaga"
  | "parkedEvents"
  | "entities"
  | "entitiesBefore"
  | "entitiesOfSaga"
  | "census";

/** The statements of one schema. */
export type StoreStatements = Readonly<Record<StatementName, Statement>>;

/**
 * The statements for `schema`, a quoted identifier. Only `skipTurn` and `offer` lock anything: the lane's
 * row.
 */
export function storeStatements(schema: string, namePrefix: string): StoreStatements {
  const texts = {
    ...workTexts(schema),
    offer: offerText(schema),
    ...parkedTexts(schema),
    ...inspectionTexts(schema),
  };
  const named = (name: StatementName): Statement => ({ name: `${namePrefix}${name}`, text: texts[name] });
  return {
    lanes: named("lanes"),
    skipTurn: named("skipTurn"),
    offer: named("offer"),
    latestTime: named("latestTime"),
    reactions: named("reactions"),
    subscriptions: named("subscriptions"),
    lastOrdinal: named("lastOrdinal"),
    parkedFor: named("parkedFor"),
    earliestCause: named("earliestCause"),
    parkedDue: named("parkedDue"),
    nextParkedDue: named("nextParkedDue"),
    payloads: named("payloads"),
    parkedCensus: named("parkedCensus"),
    load: named("load"),
    answers: named("answers"),
    due: named("due"),
    nextDue: named("nextDue"),
    calling: named("calling"),
    unfinished: named("unfinished"),
    read: named("read"),
    timeline: named("timeline"),
    reactionsOf: named("reactionsOf"),
    withParked: named("withParked"),
    sagaIds: named("sagaIds"),
    origins: named("origins"),
    caused: named("caused"),
    lastStates: named("lastStates"),
    parked: named("parked"),
    parkedById: named("parkedById"),
    parkedOfSaga: named("parkedOfSaga"),
    parkedEvents: named("parkedEvents"),
    entities: named("entities"),
    entitiesBefore: named("entitiesBefore"),
    entitiesOfSaga: named("entitiesOfSaga"),
    census: named("census"),
  };
}

function workTexts(schema: string) {
  return {
    // From the last era on: old versions of the rows, which another session may hold, are not passed.
    lanes: `
      select last.* from unnest($1::integer[]) as number
      cross join lateral (
        select lane, turn, head, generation, ${inboxColumn} from ${schema}.lane as lane where lane.lane = number
        order by era desc limit 1
      ) as last`,
    skipTurn: `update ${schema}.lane set turn = turn + 1 where lane = $1`,
    latestTime: `select max(time) as latest from ${schema}.journal where lane = $1`,
    reactions: `
      select ${reactionColumns} from ${schema}.journal
      where lane = $1 and position > $2
      order by position limit $3`,
    subscriptions: `
      select lane, source, event, after, until, is_unknown from ${schema}.subscription
      where lane = any($1::integer[])`,
    // `= any` was stable where a join with `unnest` changed its plan.
    load: `select ${entityColumns} from ${schema}.entity where key = any($1::text[])`,
    answers: `select ${answerColumns} from ${schema}.answer where idempotency_key = any($1::text[])`,
    due: `
      select ${entityColumns} from ${schema}.entity
      where lane = $1 and due <= $2 and ${notHeld(schema)}
      order by due, key limit $3`,
    nextDue: `
      select lane, (select due from ${schema}.entity
        where entity.lane = asked.lane and due is not null and ${notHeld(schema)}
        order by due limit 1) as due
      from unnest($1::integer[]) as asked (lane)`,
    calling: `
      select lane from unnest($1::integer[]) as asked (lane)
      where exists (select from ${schema}.entity where entity.lane = asked.lane and activity is not null)`,
    unfinished: `
      select ${entityColumns} from ${schema}.entity
      where lane = $1 and activity is not null and key > $2
      order by key limit $3`,
    // One row after the other, by their positions, until it is enough: a limit of rows alone may be a
    // gigabyte.
    read: `
      with recursive page as (
        (select ${carriedColumns}, octet_length(emitted::text)::bigint as bytes, 1 as rows
        from ${schema}.journal where lane = $1 and position > $2 order by position limit 1)
        union all
        select ${prefixed(carriedColumns, "journal")}, page.bytes + octet_length(journal.emitted::text), page.rows + 1
        from page join ${schema}.journal on journal.lane = $1 and journal.position = page.position + 1
        where page.rows < $3::integer and page.bytes < $4::bigint
      )
      select ${carriedColumns} from page order by position limit $3`,
  };
}

function prefixed(columns: string, table: string): string {
  return columns
    .split(", ")
    .map((column) => `${table}.${column}`)
    .join(", ");
}

/**
 * The entity's deadline is not parked, and no message that was there before it is tried again: neither what
 * its call came back with, nor one in its key's line while that line goes on.
 */
function notHeld(schema: string): string {
  const wasThere = "coalesce(parked.cause_time, 0) <= entity.due";
  const isInLine = (row: string): string =>
    `${row}.key = entity.key and ${row}.reason in ('retrying', 'waiting', 'dead')
          and ${row}.cause_source not in ('activity', 'deadline')`;
  return `not exists (
        select from ${schema}.parked
        where parked.key = entity.key and reason <> 'discarded' and cause_source in ('activity', 'deadline')
          and (cause_source = 'deadline' and cause_position = entity.since
            or cause_source = 'activity' and next_at is not null and data is not null and ${wasThere}))
      and not exists (
        select from ${schema}.parked
        where ${isInLine("parked")} and ${wasThere} and exists (
          select from ${schema}.parked as offered where ${isInLine("offered")} and offered.next_at is not null))`;
}

/** Each condition is that of a partial index: however much is parked, only the rows asked for are read. */
function parkedTexts(schema: string) {
  return {
    lastOrdinal: `
      select lane, (select max(ordinal) from ${schema}.parked
        where parked.lane = asked.lane and reason <> 'discarded') as ordinal
      from unnest($1::integer[]) as asked (lane)`,
    parkedFor: `
      select ${parkedHeadColumns} from (
        select ${parkedHeadColumns} from ${schema}.parked
        where lane = $1 and key = any($2::text[]) and reason <> 'discarded'
          and (reason = 'deferred' or cause_source in ('activity', 'deadline'))
        union all
        select line.* from unnest($2::text[]) as wanted(key)
        cross join lateral (
          select ${parkedHeadColumns} from ${schema}.parked
          where parked.key = wanted.key and lane = $1 and reason in ('retrying', 'waiting', 'dead')
            and cause_source not in ('activity', 'deadline')
          order by ordinal limit $3
        ) as line
      ) as found
      order by ordinal, id`,
    earliestCause: `
      select min(coalesce(cause_time, 0)) as earliest from ${schema}.parked
      where lane = $1 and key = $2 and reason in ('retrying', 'waiting', 'dead')
        and cause_source not in ('activity', 'deadline')`,
    parkedDue: `
      select ${parkedHeadColumns} from ${schema}.parked
      where lane = $1 and next_at <= $2 and reason <> 'discarded'
      order by next_at, id limit $3`,
    nextParkedDue: `
      select next_at from ${schema}.parked
      where lane = $1 and next_at > $2 and reason <> 'discarded'
      order by next_at limit 1`,
    payloads: `select id, data from ${schema}.parked where id = any($1::text[])`,
    parkedCensus: `
      select reason, count(*) as messages from ${schema}.parked
      where lane = $1 and reason <> 'discarded'
      group by reason`,
  };
}

/**
 * The lane's row comes first, as in a flush. What another transaction has changed while it was waited for is
 * judged again.
 */
function offerText(schema: string): string {
  return `
      with wanted as (
        select id from ${schema}.parked
        where lane = $1 and ordinal > $2 and ordinal <= $3 and reason in ('dead', 'retrying')
          and ($5::text is null or id = $5) and ($6::text is null or reason = $6)
          and ($7::text is null or trigger = $7) and ($8::text is null or error ->> 'code' = $8)
        order by ordinal limit $4
      ), turned as (
        update ${schema}.lane set turn = turn + 1
        where lane = $1 and exists (select from wanted)
        returning turn
      )
      update ${schema}.parked set
        reason = 'waiting', attempts = 0, next_at = 0,
        data = case when $9::boolean and cause_source = 'activity' then null else data end
      from wanted cross join turned
      where parked.id = wanted.id and reason in ('dead', 'retrying')
      returning ordinal`;
}

function originText(schema: string, by: "saga_id" | "from_saga_id"): string {
  return `
      select ${originColumns} from ${schema}.origin
      where ${by} = $1
      order by source, lane, position, saga_id`;
}

function inspectionTexts(schema: string) {
  const isWanted = `($1::text[] is null or state = any($1)) and ($2::bigint is null or entered_at <= $2)`;
  return {
    timeline: `
      select ${journalColumns} from ${schema}.journal
      where saga_id = $1
      order by time, lane, position`,
    reactionsOf: `
      select ${reactionColumns}, (
          select json_agg(item -> 'event' order by nth)
          from json_array_elements(emitted) with ordinality as each (item, nth)
        ) as events
      from ${schema}.journal
      where saga_id = any($1::text[])
      order by lane, position`,
    withParked: `
      select distinct saga_id from ${schema}.parked
      where saga_id = any($1::text[]) and reason <> 'discarded'`,
    // Three ranges of three indexes, each up to the limit.
    sagaIds: `
      (select saga_id from ${schema}.entity
        where key >= $1 and key < $2 and saga_id = key order by key limit $3)
      union
      (select distinct saga_id from ${schema}.entity
        where saga_id >= $1 and saga_id < $2 and saga_id <> key order by saga_id limit $3)
      union
      (select distinct saga_id from ${schema}.journal
        where saga_id >= $1 and saga_id < $2 order by saga_id limit $3)
      order by saga_id limit $3`,
    origins: originText(schema, "saga_id"),
    caused: originText(schema, "from_saga_id"),
    lastStates: `
      select distinct on (saga_id) saga_id, to_state from ${schema}.journal
      where saga_id = any($1::text[])
      order by saga_id, lane desc, position desc`,
    parked: `
      select ${parkedColumns} from ${schema}.parked
      where $1::text[] is null or reason = any($1)
      order by parked_at, id limit $2`,
    parkedById: `
      select ${parkedColumns} from ${schema}.parked
      where id = $1 and ($2::text[] is null or reason = any($2)) and ($3::text is null or saga_id = $3)`,
    parkedOfSaga: `
      select ${parkedColumns} from ${schema}.parked
      where saga_id = $1 and ($2::text[] is null or reason = any($2))
      order by parked_at, id limit $3`,
    parkedEvents: `
      select trigger, count(*) as events from ${schema}.parked
      where kind = 'event' and reason <> 'discarded'
      group by trigger order by trigger`,
    entities: `
      select ${entityColumns} from ${schema}.entity
      where ${isWanted}
      order by began_at desc, saga_id desc, key limit $3`,
    // A statement of its own: as "either no place, or after it" it would walk through all pages before.
    entitiesBefore: `
      select ${entityColumns} from ${schema}.entity
      where (began_at, saga_id) < ($4::bigint, $5::text) and ${isWanted}
      order by began_at desc, saga_id desc, key limit $3`,
    entitiesOfSaga: `
      select ${entityColumns} from ${schema}.entity
      where key = $1 and saga_id = $1
      union all
      select ${entityColumns} from ${schema}.entity
      where saga_id = $1 and saga_id <> key
      order by key limit $2`,
    census: `select state, count(*) as entities from ${schema}.entity group by state`,
  };
}
