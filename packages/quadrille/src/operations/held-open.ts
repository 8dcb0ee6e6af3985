// Finds what keeps a PostgreSQL server from vacuuming old row versions: a transaction that another session
// holds open. Lanes' rows are updated by every flush, so they suffer first: a saga took 4.8 ms, 8.3 behind
// 10,000 flushes and 21.6 behind 50,000.
import { assertPostgresUrl } from "../store/postgres/client/postgres-url.ts";
import { peer } from "../node/peer.ts";

/** A holder of old row versions. */
export interface Holder {
  /** A session at work or idle, a prepared transaction, or a replication slot. */
  readonly kind: "session" | "prepared transaction" | "replication slot";
  /** The session's process id, the transaction's or the slot's name. */
  readonly name: string;
  readonly user: string | undefined;
  /** What the program calls itself. */
  readonly application: string | undefined;
  readonly address: string | undefined;
  /** `idle in transaction`, `active`, … */
  readonly state: string | undefined;
  /** How long it has been open, in milliseconds. */
  readonly openMs: number | undefined;
  /** Its last statement, shortened; absent where the user may not see it. */
  readonly statement: string | undefined;
  /** What ends it. */
  readonly cure: string;
}

type HolderRow = Record<Exclude<keyof Holder, "kind">, string | null> & Pick<Holder, "kind">;

/** Which server to ask, and from when on a transaction counts. */
export interface HeldOpenOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  /** Younger ones are left out; milliseconds. */
  readonly longerMs: number;
}

/** How long the server may take for an answer. */
const answerMsMax = 10_000;

/**
 * The holders that are older than `longerMs`, the oldest first. Rejects with `Q_DATABASE_URL_INVALID`, and
 * with the error of `pg` where the server does not answer or refuses.
 */
export async function heldOpen({ url, longerMs }: HeldOpenOptions): Promise<readonly Holder[]> {
  assertPostgresUrl(url);
  const { Client } = await peer("pg", "quadrille/postgres", () => import("pg"));
  const limits = { connectionTimeoutMillis: answerMsMax, query_timeout: answerMsMax };
  const client = new Client({ connectionString: url, application_name: "quadrille doctor", ...limits });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<HolderRow>(statement, [longerMs]);
    return rows.map(holderOf);
  } finally {
    await client.end();
  }
}

function holderOf(row: HolderRow): Holder {
  return {
    kind: row.kind,
    name: row.name ?? "",
    user: row.user ?? undefined,
    application: row.application ?? undefined,
    address: row.address ?? undefined,
    state: row.state ?? undefined,
    openMs: row.openMs === null ? undefined : Number(row.openMs),
    statement: row.statement ?? undefined,
    cure: row.cure ?? "",
  };
}

const statement = `
  select * from (
    select 'session' as kind, pid::text as name, usename::text as "user",
      nullif(application_name, '') as application, host(client_addr) as address, state,
      round(extract(epoch from clock_timestamp() - xact_start) * 1000)::bigint as "openMs",
      left(regexp_replace(query, '\\s+', ' ', 'g'), 80) as statement,
      format('select pg_terminate_backend(%s)', pid) as cure
    from pg_stat_activity
    where pid <> pg_backend_pid() and datname = current_database() and xact_start is not null
      and (backend_xmin is not null or backend_xid is not null or state like 'idle in transaction%')
    union all
    select 'prepared transaction', gid, owner::text, null, null, 'prepared',
      round(extract(epoch from clock_timestamp() - prepared) * 1000)::bigint, null,
      format('rollback prepared %L', gid)
    from pg_prepared_xacts where database = current_database()
    union all
    select 'replication slot', slot_name::text, null, plugin::text, null,
      case when active then 'active' else 'inactive' end, null, null,
      format('select pg_drop_replication_slot(%L)', slot_name)
    from pg_replication_slots where xmin is not null or catalog_xmin is not null
  ) as holder
  where "openMs" is null or "openMs" >= $1
  order by "openMs" desc nulls last, name`;
