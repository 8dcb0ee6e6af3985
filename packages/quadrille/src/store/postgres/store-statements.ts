// Everything that a store reads, as named statements. What writes is in flush-parts.ts.
import {
  answerColumns,
  carriedColumns,
  entityColumns,
  journalColumns,
  parkedColumns,
  reactionColumns,
} from "./row-codec.ts";
import type { Statement } from "./sql-client.ts";

type StatementName =
  | "lane"
  | "skipTurn"
  | "reactions"
  | "inbox"
  | "parkedInLane"
  | "load"
  | "answers"
  | "due"
  | "nextDue"
  | "unfinished"
  | "read"
  | "timeline"
  | "parked"
  | "entities"
  | "entitiesBefore"
  | "entitiesOfSaga"
  | "census";

/** The statements of one schema. */
export type StoreStatements = Readonly<Record<StatementName, Statement>>;

/** The statements for `schema`, a quoted identifier. Only `skipTurn` locks anything: the lane's row. */
export function storeStatements(schema: string, namePrefix: string): StoreStatements {
  const texts = { ...workTexts(schema), ...inspectionTexts(schema) };
  const named = (name: StatementName): Statement => ({ name: `${namePrefix}${name}`, text: texts[name] });
  return {
    lane: named("lane"),
    skipTurn: named("skipTurn"),
    reactions: named("reactions"),
    inbox: named("inbox"),
    parkedInLane: named("parkedInLane"),
    load: named("load"),
    answers: named("answers"),
    due: named("due"),
    nextDue: named("nextDue"),
    unfinished: named("unfinished"),
    read: named("read"),
    timeline: named("timeline"),
    parked: named("parked"),
    entities: named("entities"),
    entitiesBefore: named("entitiesBefore"),
    entitiesOfSaga: named("entitiesOfSaga"),
    census: named("census"),
  };
}

function workTexts(schema: string) {
  return {
    lane: `select turn, head from ${schema}.lane where lane = $1`,
    skipTurn: `update ${schema}.lane set turn = turn + 1 where lane = $1`,
    reactions: `
      select ${reactionColumns} from ${schema}.journal
      where lane = $1 and position > $2
      order by position limit $3`,
    inbox: `select source, position from ${schema}.inbox where lane = $1`,
    parkedInLane: `
      select ${parkedColumns} from ${schema}.parked
      where lane = $1 and reason <> 'discarded'
      order by ordinal, id`,
    // `= any` was stable where a join with `unnest` changed its plan.
    load: `select ${entityColumns} from ${schema}.entity where key = any($1::text[])`,
    answers: `select ${answerColumns} from ${schema}.answer where idempotency_key = any($1::text[])`,
    due: `
      select ${entityColumns} from ${schema}.entity
      where lane = $1 and due <= $2
      order by due, key limit $3`,
    nextDue: `select due from ${schema}.entity where lane = $1 and due is not null order by due limit 1`,
    unfinished: `
      select ${entityColumns} from ${schema}.entity
      where lane = $1 and activity is not null and key > $2
      order by key limit $3`,
    read: `
      select ${carriedColumns} from ${schema}.journal
      where lane = $1 and position > $2
      order by position limit $3`,
  };
}

function inspectionTexts(schema: string) {
  const isWanted = `($1::text[] is null or state = any($1)) and ($2::bigint is null or entered_at <= $2)`;
  return {
    timeline: `
      select ${journalColumns} from ${schema}.journal
      where saga_id = $1
      order by time, lane, position`,
    parked: `
      select ${parkedColumns} from ${schema}.parked
      where ($1::text is null or reason = $1) and ($2::text is null or id = $2)
      order by parked_at, id limit $3`,
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
      where saga_id = $1
      order by key limit $2`,
    census: `select state, count(*) as entities from ${schema}.entity group by state`,
  };
}
