// Business time in SQL: one row in a schema of its own, made when a system first keeps another time than the
// machine's.
import type { Owners } from "../../owners.ts";
import { timeClaims } from "../../time-claims.ts";
import type { TimeRecord, TimeStore } from "../../time-store.ts";
import type { SqlClient } from "../client/sql-client.ts";
import { storeError } from "../client/sql-errors.ts";

/** The business time of a database; `schema` is the name of its schema, without quotes. */
export function sqlTime(client: SqlClient, schema: string, owners: Owners): TimeStore {
  const quoted = `"${schema.replaceAll('"', '""')}"`;
  let isMade = false;
  const named = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw storeError(error, client.label);
    }
  };
  const made = async (): Promise<boolean> => {
    if (isMade) return true;
    const [found] = await client.query({ text: "select to_regclass($1) is not null as made" }, [
      `${quoted}.business_time`,
    ]);
    isMade = found?.["made"] === true;
    return isMade;
  };
  return {
    read: () =>
      named(async () => {
        if (!(await made())) return undefined;
        const text = `select at, measured_at, factor from ${quoted}.business_time`;
        const [row] = await client.query({ text });
        return row === undefined ? undefined : recordOf(row);
      }),
    write: (record) =>
      named(async () => {
        if (!(await made())) await make(client, quoted);
        isMade = true;
        const { at, measuredAt, factor } = record;
        await client.query({ text: writeText(quoted) }, [at, measuredAt, factor]);
      }),
    claim: timeClaims(owners, schema),
  };
}

function recordOf(row: Readonly<Record<string, unknown>>): TimeRecord {
  return { at: Number(row["at"]), measuredAt: Number(row["measured_at"]), factor: Number(row["factor"]) };
}

/** Two processes may begin at once: the lock lets one make it first. */
async function make(client: SqlClient, schema: string): Promise<void> {
  await client.transaction(async (connection) => {
    await connection.query({ text: "select pg_advisory_xact_lock(hashtext($1))" }, [schema]);
    for (const text of businessTimeTexts(schema)) await connection.query({ text });
    return { commit: true, value: undefined };
  });
}

/** Makes the table of business time; `schema` is a quoted identifier. */
export function businessTimeTexts(schema: string): readonly string[] {
  return [
    `create schema if not exists ${schema}`,
    `create table if not exists ${schema}.business_time (
      at bigint not null,
      measured_at bigint not null,
      factor double precision not null,
      id boolean primary key default true check (id)
    )`,
    `comment on table ${schema}.business_time is 'Business time, where it is not the machine''s: one row for all who use the database.'`,
    `comment on column ${schema}.business_time.at is 'Business time when it was last moved.'`,
    `comment on column ${schema}.business_time.measured_at is 'When that was, by the mover''s clock.'`,
    `comment on column ${schema}.business_time.factor is 'How many times as fast as the machine''s it passes since then; 0 where it is stepped.'`,
    `comment on column ${schema}.business_time.id is 'True: there is one row at most.'`,
  ];
}

/** What is earlier than what is there is not written. */
function writeText(schema: string): string {
  return `
    insert into ${schema}.business_time as kept (at, measured_at, factor)
    values ($1::bigint, $2::bigint, $3::double precision)
    on conflict (id) do update set at = excluded.at, measured_at = excluded.measured_at, factor = excluded.factor
    where kept.at <= excluded.at`;
}
