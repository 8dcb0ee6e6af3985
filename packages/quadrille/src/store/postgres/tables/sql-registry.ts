// The owner of the tables, and the position from which each event is read, over SQL.
import type { ParkedRecord, SubscriptionRecord } from "../../records.ts";
import type { Enrolment, LaneReading, Registry } from "../../store.ts";
import { columnText } from "../client/sql-parameters.ts";
import { parkedTable } from "../rows/parked.ts";
import {
  generationFromRow,
  generationTable,
  inboxColumn,
  inboxFromRow,
  subscriptionFromRow,
  subscriptionTable,
} from "../rows/registry.ts";
import { columnNames } from "../rows/table.ts";
import { rowsAsParameters } from "./rows-as-parameters.ts";
import type { SqlClient, SqlConnection } from "../client/sql-client.ts";

/** The registry of one schema, a quoted identifier. Statements are few and rare, so they have no names. */
export function sqlRegistry(client: SqlClient, schema: string): Registry {
  return {
    generations: async () => {
      const text = `select ${columnNames(generationTable)} from ${schema}.generation order by number`;
      return (await client.query({ text })).map(generationFromRow);
    },
    reading: () => reading(client, schema),
    enrol: (enrolment) =>
      client.transaction(async (connection) => {
        const value = await enrol(connection, schema, enrolment);
        return { commit: value, value };
      }),
    note: (strangers) =>
      insertSubscriptions(client, strangers, {
        schema,
        conflict: `${replaced} where subscription.after >= subscription.until`,
      }),
    markRun: async (number) => {
      const text = `update ${schema}.generation set is_run = true where number = $1 and not is_run`;
      await client.query({ text }, [number]);
    },
  };
}

async function reading(client: SqlClient, schema: string): Promise<readonly LaneReading[]> {
  const lanes = await client.query({
    text: `select lane, head, ${inboxColumn}, coalesce((
        select position - 1 from ${schema}.journal as journal
        where journal.lane = lane.lane order by position limit 1), head) as floor
      from ${schema}.lane as lane order by lane`,
  });
  const read = await client.query({
    text: `select ${columnNames(subscriptionTable)} from ${schema}.subscription`,
  });
  return lanes.map((row) => {
    return {
      lane: Number(row["lane"]),
      floor: Number(row["floor"]),
      head: Number(row["head"]),
      inbox: inboxFromRow(row),
      subscriptions: read.filter(({ lane }) => lane === row["lane"]).map(subscriptionFromRow),
    };
  });
}

/**
 * The lanes' rows are locked first, in the order in which flushes lock them: from then on no flush of another
 * contract can commit.
 */
async function enrol(connection: SqlConnection, schema: string, enrolment: Enrolment): Promise<boolean> {
  const { generation, inbox, subscriptions, dropped, parked = [] } = enrolment;
  if (generation !== undefined) {
    await connection.query({ text: `select lane from ${schema}.lane order by lane for update` });
    await connection.query({ text: `update ${schema}.lane set turn = turn + 1, generation = $1` }, [
      generation.number,
    ]);
    const { names, given, values } = rowsAsParameters(generationTable, [generation]);
    const made = await connection.query(
      {
        text: `insert into ${schema}.generation (${names})
          select ${names} from (${given}) as given
          where number = 1 + coalesce((select max(number) from ${schema}.generation), 0)
          on conflict do nothing returning number`,
      },
      values,
    );
    if (made.length === 0) return false;
  }
  await connection.query(
    {
      text: `update ${schema}.lane as lane set inbox = lane.inbox || given.positions
        from (
          select lane, jsonb_object_agg(source, position) as positions
          from unnest($1::integer[], $2::text[], $3::bigint[]) as given (lane, source, position) group by lane
        ) as given
        where lane.lane = given.lane`,
    },
    columns(
      inbox,
      ({ lane }) => lane,
      ({ source }) => source,
      ({ position }) => position,
    ),
  );
  await connection.query(
    {
      text: `delete from ${schema}.subscription as old
        using unnest($1::integer[], $2::text[], $3::text[]) as dropped (lane, source, event)
        where old.lane = dropped.lane and old.source = dropped.source and old.event = dropped.event`,
    },
    columns(
      dropped,
      ({ lane }) => lane,
      ({ source }) => source,
      ({ event }) => event,
    ),
  );
  await insertSubscriptions(connection, subscriptions, {
    schema,
    conflict: replaced,
  });
  if (parked.length > 0) await park(connection, schema, parked);
  return true;
}

async function park(connection: SqlConnection, schema: string, rows: readonly ParkedRecord[]): Promise<void> {
  const { names, given, values } = rowsAsParameters(parkedTable, rows);
  const made = Object.entries(parkedTable.made);
  const into = [names, ...made.map(([name]) => name)].join(", ");
  const from = [names, ...made.map(([, [, sql]]) => sql)].join(", ");
  const text = `insert into ${schema}.parked (${into})
    select ${from} from (${given}) as given on conflict (id) do nothing`;
  await connection.query({ text }, values);
}

const replaced =
  "update set after = excluded.after, until = excluded.until, is_unknown = excluded.is_unknown";

async function insertSubscriptions(
  connection: SqlConnection,
  rows: readonly SubscriptionRecord[],
  { schema, conflict }: { readonly schema: string; readonly conflict: string },
): Promise<void> {
  const { names, given, values } = rowsAsParameters(subscriptionTable, rows);
  const text = `insert into ${schema}.subscription (${names}) ${given}
    on conflict (lane, source, event) do ${conflict}`;
  await connection.query({ text }, values);
}

function columns<T>(rows: readonly T[], ...of: readonly ((row: T) => unknown)[]): readonly string[] {
  return of.map((one) => columnText(rows, one));
}
