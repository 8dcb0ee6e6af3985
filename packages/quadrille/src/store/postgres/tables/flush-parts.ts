// The parts of the flush: for each kind of effect the SQL that writes all its rows at once, and the columns
// it takes.
//
// Every row of a kind goes in as one array per column, put together again by `unnest`: arrays took 2.3 times
// less of the database's time than JSON record sets. A value that the row has already in another column is
// not sent. Inserts are plain; `on conflict do nothing` and dedup joins ran at a third of their speed.
// Entities are updated from the unnested rows; by `array_position` it was a fifth slower.
import type { ChangedEntity, Flush } from "../../store.ts";
import type { AnsweredRequest } from "../../records.ts";
import { columnText, jsonLines } from "../client/sql-parameters.ts";
import { answerTable } from "../rows/answer.ts";
import { entityTable } from "../rows/entity.ts";
import { journalTable } from "../rows/journal.ts";
import { originTable } from "../rows/origin.ts";
import { parkedTable } from "../rows/parked.ts";
import { type Column, type SqlTable, typeName } from "../rows/table.ts";

/** One kind of effect. */
export interface FlushPart {
  /** The name of its `with` query. */
  readonly name: string;
  /** How many rows of the kind the flushes have. */
  readonly count: (flushes: readonly Flush[]) => number;
  /** The columns it takes, each as one parameter. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** The parameters, in the order of `columns`. */
  readonly values: (flushes: readonly Flush[]) => readonly string[];
  /** Its SQL. Every row has a value in the first column. `given` has a row for each of the flushes'. */
  readonly sql: (schema: string, given: string) => string;
}

/** A column of a changed entity, where more is to be said than that it takes the entity's value. */
interface ChangedColumn {
  /** What is sent. */
  readonly of?: (changed: ChangedEntity) => unknown;
  /** SQL for the new value; the one that is sent unless given. */
  readonly set?: string;
}

const changes: Readonly<Record<string, ChangedColumn>> = {
  since: {
    of: ({ record: { since, version } }) => (since === version ? undefined : since),
    set: "coalesce(given.since, given.version)",
  },
  saga_id: {
    of: ({ record, sagaChanged }) => (sagaChanged === true ? record.sagaId : undefined),
    set: "coalesce(given.saga_id, entity.saga_id)",
  },
  data: {
    of: ({ record, dataChanged }) => (dataChanged ? record.data : undefined),
    set: "case when given.has_data then given.data else entity.data end",
  },
  data_version: {
    set: "case when given.has_data then given.data_version else entity.data_version end",
  },
};

/** Columns of an entity that never change. */
const kept = ["lane", "key", "began_at"];
const changing = Object.entries(entityTable.columns).filter(([name]) => !kept.includes(name));
const assignments = changing.map(([name]) => `${name} = ${changes[name]?.set ?? `given.${name}`}`);

/** Returns a row for each entity that had the known version: the statement compares the numbers. */
export const changedPart: FlushPart = part<ChangedEntity>({
  name: "changed",
  rows: ({ changed }) => changed,
  columns: [
    ["key", "text", ({ record }) => record.key],
    ["known", "integer", ({ known }) => known],
    ["has_data", "boolean", ({ dataChanged }) => dataChanged],
    ...changing.map(([name, [type, of]]): PartColumn<ChangedEntity> => {
      return [name, typeName(type), changes[name]?.of ?? (({ record }) => of(record))];
    }),
  ],
  sql: (schema, given) => `
    update ${schema}.entity as entity
    set ${assignments.join(", ")}
    from ${given}
    where entity.key = given.key and entity.version = given.known
    returning 1`,
});

const createdPart: FlushPart = insertPart(entityTable, {
  name: "created",
  rows: ({ created }) => created,
});

const journalPart: FlushPart = insertPart(journalTable, {
  name: "journalled",
  rows: ({ journal }) => journal,
});

const unparkedPart: FlushPart = part<string>({
  name: "unparked",
  rows: ({ unparked }) => unparked,
  columns: [["id", "text", (id) => id]],
  sql: (schema, given) => `
    delete from ${schema}.parked as parked
    using ${given}
    where parked.id = given.id`,
});

const parkedPart: FlushPart = insertPart(parkedTable, {
  name: "parked",
  rows: ({ parked }) => parked,
  tail: `
    on conflict (id) do update
    set reason = excluded.reason, attempts = excluded.attempts, next_at = excluded.next_at,
      version = excluded.version, parked_at = excluded.parked_at, note = excluded.note,
      cause_time = coalesce(excluded.cause_time, parked.cause_time),
      data = case when parked.cause_source = 'activity' then excluded.data else parked.data end,
      bytes = case when parked.cause_source = 'activity' then excluded.bytes else parked.bytes end,
      data_version = case when parked.cause_source = 'activity' then excluded.data_version
        else parked.data_version end,
      error = case when excluded.error is null and excluded.reason = parked.reason
        then parked.error else excluded.error end`,
});

/**
 * Two lanes may answer the same keys at once: every flush locks them in the same order, so that no two
 * deadlock.
 */
const answeredPart: FlushPart = insertPart(answerTable, {
  name: "answered",
  rows: ({ answers }) => answers,
  tail: "order by idempotency_key",
});

/** Two participants may take one event from elsewhere, and one may park it first: the first row stays. */
const originPart: FlushPart = insertPart(originTable, {
  name: "originated",
  rows: ({ origins = [] }) => origins,
  tail: "on conflict do nothing",
});

/** Returns a row for each request that was without an answer: the statement compares the numbers. */
export const requestedPart: FlushPart = part<AnsweredRequest>({
  name: "requested",
  rows: ({ requests = [] }) => requests,
  columns: [
    ["id", "text", ({ id }) => id],
    ["answer", "json", ({ answer }) => answer],
  ],
  sql: (schema, given) => `
    update ${schema}.request as request
    set answer = given.answer
    from ${given}
    where request.id = given.id and request.answer is null
    returning 1`,
});

/** All parts, in the order in which they stand in the statement. */
export const flushParts: readonly FlushPart[] = [
  changedPart,
  createdPart,
  journalPart,
  unparkedPart,
  parkedPart,
  answeredPart,
  originPart,
  requestedPart,
];

type PartColumn<Row> = readonly [name: string, type: string, of: (row: Row) => unknown];

interface PartOf<Row> {
  readonly name: string;
  readonly rows: (flush: Flush) => readonly Row[];
  readonly columns: readonly PartColumn<Row>[];
  readonly sql: FlushPart["sql"];
}

function part<Row>({ name, rows, columns, sql }: PartOf<Row>): FlushPart {
  return {
    name,
    count: (flushes) => flushes.reduce((sum, flush) => sum + rows(flush).length, 0),
    columns: columns.map(([column, type]) => ({ name: column, type })),
    values: (flushes) => {
      const given = flushes.flatMap(rows);
      return columns.map(([, type, of]) => (type === "json" ? jsonLines : columnText)(given, of));
    },
    sql,
  };
}

interface InsertOf<Row> {
  readonly name: string;
  readonly rows: (flush: Flush) => readonly Row[];
  /** What follows the rows in the statement. */
  readonly tail?: string;
}

/** Inserts rows of a table. */
function insertPart<Row>(into: SqlTable<Row>, { name, rows, tail = "" }: InsertOf<Row>): FlushPart {
  const given = Object.entries(into.columns);
  const made = Object.entries(into.made);
  const names = [...given, ...made].map(([column]) => column);
  const values = [
    ...given.map(([column, [, , usually]]) =>
      usually === undefined ? column : `coalesce(${column}, ${usually})`,
    ),
    ...made.map(([, [, sql]]) => sql),
  ];
  return part({
    name,
    rows,
    columns: given.map(([column, of]) => [column, typeName(of[0]), sentOf(into, of)]),
    sql: (schema, from) => `
    insert into ${schema}.${into.name} as ${into.name} (${names.join(", ")})
    select ${values.join(", ")}
    from ${from} ${tail}`,
  });
}

/** What is sent of a column: nothing where the row has its value already. */
function sentOf<Row>({ columns }: SqlTable<Row>, [, of, usually]: Column<Row>): (row: Row) => unknown {
  const other = usually === undefined ? undefined : columns[usually];
  if (other === undefined) return of;
  return (row) => {
    const value = of(row);
    return value === other[1](row) ? undefined : value;
  };
}
