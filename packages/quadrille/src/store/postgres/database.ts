// A database that holds participants' stores, over any SqlClient: opens a schema, migrates and checks it
// first.
import { invariant } from "../../errors.ts";
import { lanesChanged } from "../lanes-changed.ts";
import { tablesMissing } from "../missing.ts";
import { schemaNameOf } from "../schema-name-of.ts";
import { localNotices, type Notices } from "../notices.ts";
import { localOwners } from "../local-owners.ts";
import type { Owners } from "../owners.ts";
import { noticesNamed, ownersNamed } from "./by-schema.ts";
import type {
  Database,
  LaneMark,
  Marks,
  ParticipantPlace,
  ParticipantSetup,
  RoundFlushes,
  RoundResult,
  SqlDatabase,
} from "../database.ts";
import type { Flush } from "../store.ts";
import { checkCatalogue } from "./schema/catalogue.ts";
import { migrate, type MigrationPlan, type SchemaPlace } from "./schema/migrate.ts";
import { type Migration, readMigrations } from "./schema/migrations.ts";
import { PostgresStore } from "./tables/postgres-store.ts";
import { sqlTime } from "./tables/business-time.ts";
import { laneFromRow } from "./rows/registry.ts";
import { afterService, beginForService } from "./client/session.ts";
import type { BoundStatement, SqlClient, SqlRow, SqlTransaction } from "./client/sql-client.ts";
import { flushResult, storeError, writeError } from "./client/sql-errors.ts";

/** How schemas are named and made. */
export interface SqlDatabaseOptions {
  /** Put before the schema's name, to let two systems share a database. */
  readonly schemaPrefix?: string;
  /** The migrations; the ones that come with this version unless given. */
  readonly migrations?: readonly Migration[];
  /** How long to wait for another process that is migrating the same tables; 15 s unless given. */
  readonly migrationWaitMs?: number;
}

/** The names of {@link SqlDatabaseOptions}. */
export const sqlDatabaseKeys: readonly (keyof SqlDatabaseOptions)[] = [
  "schemaPrefix",
  "migrations",
  "migrationWaitMs",
];

/** How the database is built. */
interface BuildOptions extends SqlDatabaseOptions {
  /** The time, for a database without a server. */
  readonly time?: Database["time"];
  /** Where engines notify each other of commits, by the schemas' names; within the process by default. */
  readonly notices?: Notices;
  /** Who owns lanes, by the schemas' names; absent where there is one process. */
  readonly owners?: Owners;
  /** As {@link Database.hasOneConnection}. */
  readonly hasOneConnection?: boolean;
  /** As {@link Database.lanesAtFirst}. */
  readonly lanesAtFirst?: number;
}

/** A database over `client`, which it owns. */
export function sqlDatabase(client: SqlClient, options: BuildOptions = {}): SqlDatabase {
  const stores = new Map<string, PostgresStore>();
  // Opening a participant once more does not take away what the others have opened it for.
  const sources = new Map<string, Set<string>>();
  return {
    label: client.label,
    ...(options.hasOneConnection === true ? { hasOneConnection: true } : {}),
    ...(options.lanesAtFirst === undefined ? {} : { lanesAtFirst: options.lanesAtFirst }),
    sql: { query: (text, values = []) => ownStatement(client, text, values) },
    open: async (setup) => {
      const place = placeOf(setup, options.schemaPrefix ?? "");
      const known = sources.get(setup.name) ?? new Set();
      sources.set(setup.name, known);
      try {
        const store = await open(client, setup, {
          place,
          sources: known,
          migrations: options.migrations ?? (await readMigrations()),
          lockWaitMs: options.migrationWaitMs ?? 15_000,
        });
        stores.set(setup.name, store);
        return store;
      } catch (error) {
        throw storeError(error, client.label);
      }
    },
    inspect: async (at) => {
      const place = placeOf(at, options.schemaPrefix ?? "");
      try {
        await requireTables(client, place);
        await checkCatalogue(client, place);
      } catch (error) {
        throw storeError(error, client.label);
      }
      const opened = stores.get(at.name);
      const store = opened?.schema === place.schema ? opened : storeOf(client, place, new Set());
      stores.set(at.name, store);
      return store;
    },
    lanesMade: async (at) => {
      try {
        return await lanesMade(client, placeOf(at, options.schemaPrefix ?? ""));
      } catch (error) {
        throw storeError(error, client.label);
      }
    },
    flush: (round) => flushRound(client, stores, round),
    look: () => lookAt(client, stores),
    notices: noticesNamed(options.notices ?? localNotices(), stores),
    ...(options.owners === undefined ? {} : { owners: ownersNamed(options.owners, stores) }),
    time: options.time ?? (() => serverTime(client)),
    businessTime: sqlTime(
      client,
      `${options.schemaPrefix ?? ""}quadrille_time`,
      options.owners ?? localOwners(),
    ),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/** A service's own statement; the server refuses a second one after a semicolon. */
async function ownStatement(
  client: SqlClient,
  text: string,
  values: readonly unknown[],
): Promise<{ readonly rows: readonly SqlRow[] }> {
  try {
    const work = async (connection: SqlTransaction) => {
      const value = await connection.queryOfService(text, values);
      await connection.query({ text: afterService(client.user) });
      return { commit: true as const, value };
    };
    return { rows: await client.transaction(work, beginForService) };
  } catch (error) {
    throw storeError(error, client.label);
  }
}

/** One statement, whatever the number of participants. */
async function lookAt(client: SqlClient, stores: ReadonlyMap<string, PostgresStore>): Promise<Marks> {
  const names = [...stores.keys()];
  const lanes = [...stores.values()].map(
    ({ schema }, index) => `
      select ${index} as place, lane, turn, head, generation,
        exists (select from ${schema}.request where request.lane = seen.lane and answer is null) as has_requests
      from (${lanesText(schema)}) as seen`,
  );
  if (lanes.length === 0) return new Map();
  try {
    const rows = await client.query({ text: lanes.join(" union all ") });
    const marks = new Map(names.map((name) => [name, new Map<number, LaneMark>()]));
    for (const row of rows)
      marks
        .get(names[Number(row["place"])] ?? "")
        ?.set(Number(row["lane"]), { ...laneFromRow(row), hasRequests: row["has_requests"] === true });
    return marks;
  } catch (error) {
    throw storeError(error, client.label);
  }
}

/** Not `now()`: that is when the transaction began. */
async function serverTime(client: SqlClient): Promise<number> {
  const text = "select (extract(epoch from clock_timestamp()) * 1000)::double precision as time";
  try {
    const [row] = await client.query({ text });
    return Number(row?.["time"]);
  } catch (error) {
    throw storeError(error, client.label);
  }
}

interface Opening extends MigrationPlan {
  readonly place: SchemaPlace;
  /** The sources that the participant has been opened with so far. */
  readonly sources: Set<string>;
}

/**
 * In the order of the names: so that two rounds, also of two processes, take the lanes' locks in the same
 * order.
 */
async function flushRound(
  client: SqlClient,
  stores: ReadonlyMap<string, PostgresStore>,
  round: RoundFlushes,
): Promise<RoundResult> {
  const participants = [...round.keys()].toSorted();
  const statements = participants.map((participant) => {
    const [store, flushes] = [stores.get(participant), round.get(participant)];
    invariant(store !== undefined && flushes !== undefined, `${participant} was not opened`);
    return bound(store, flushes, client.label);
  });
  const failed = await client.runTogether(statements);
  if (failed === undefined) return { result: "committed" };
  const participant = participants[failed.index];
  const result = flushResult(failed.error, stores.get(participant ?? "")?.schema ?? "");
  if (result === undefined || participant === undefined) throw writeError(failed.error, client.label);
  const flushes = round.get(participant) ?? [];
  if (result === "repeated") return { result, participant, lanes: flushes.map(({ lane }) => lane) };
  return { result, participant, lanes: (await stores.get(participant)?.overtaken(flushes)) ?? [] };
}

function bound(store: PostgresStore, flushes: readonly Flush[], label: string): BoundStatement {
  try {
    return store.bind(flushes);
  } catch (error) {
    throw writeError(error, label);
  }
}

async function open(
  client: SqlClient,
  setup: ParticipantSetup,
  { place, sources, ...plan }: Opening,
): Promise<PostgresStore> {
  await migrate(client, place, plan);
  await checkCatalogue(client, place);
  await prepareLanes(client, place, setup);
  for (const source of setup.sources ?? []) sources.add(source);
  return storeOf(client, place, sources);
}

function storeOf(client: SqlClient, { schema, name }: SchemaPlace, sources: Set<string>): PostgresStore {
  return new PostgresStore(client, { schema, namePrefix: `${name}.`, sources });
}

/** Looking at a database must not make anything in it. */
async function requireTables(client: SqlClient, place: SchemaPlace): Promise<void> {
  if (!(await hasTables(client, place))) throw tablesMissing(place.participant, client.label);
}

async function hasTables(client: SqlClient, { schema }: SchemaPlace): Promise<boolean> {
  const [found] = await client.query({ text: "select to_regclass($1) is not null as made" }, [
    `${schema}.lane`,
  ]);
  return found?.["made"] === true;
}

/** The table is there since the first migration. */
async function lanesMade(client: SqlClient, place: SchemaPlace): Promise<number | undefined> {
  if (!(await hasTables(client, place))) return undefined;
  const [counted] = await client.query({ text: `select count(*) as lanes from ${place.schema}.lane` });
  return Number(counted?.["lanes"]);
}

function placeOf(setup: ParticipantPlace, prefix: string): SchemaPlace {
  const name = setup.schema ?? schemaNameOf(setup.name, prefix);
  return { participant: setup.name, name, schema: `"${name.replaceAll('"', '""')}"` };
}

/**
 * From the last lane's last era on, lane by lane: old versions of the rows, which another session may hold,
 * are not passed.
 */
function lanesText(schema: string): string {
  const last = (where: string): string =>
    `select lane, turn, head, generation from ${schema}.lane ${where} order by lane desc, era desc limit 1`;
  return `with recursive seen as (
      (${last("")})
      union all
      select before.* from seen cross join lateral (${last("where lane.lane < seen.lane")}) as before
    ) select * from seen`;
}

/**
 * Makes the rows of lanes, and in them the positions, that are not there yet. The table lock lets one
 * process at a time look and insert, so that two that start with different numbers of lanes cannot both
 * win; it does not hold back flushes' row locks for longer than this transaction takes, and readers not at
 * all. Rejects with `Q_LANES_CHANGED` where there is another number of lanes.
 */
async function prepareLanes(
  client: SqlClient,
  { schema }: SchemaPlace,
  setup: ParticipantSetup,
): Promise<void> {
  const made = await client.transaction(async (connection) => {
    const [found] = await connection.query({ text: `select count(*) as lanes from ${schema}.lane` });
    if (found?.["lanes"] === 0) {
      await connection.query({ text: `lock table ${schema}.lane in share row exclusive mode` });
      await connection.query(
        {
          text: `insert into ${schema}.lane (lane, turn, head)
            select number, 0, 0 from generate_series(0, $1::integer - 1) as number
            where not exists (select from ${schema}.lane)`,
        },
        [setup.lanes],
      );
    }
    const [counted] = await connection.query({ text: `select count(*) as lanes from ${schema}.lane` });
    const lanes = Number(counted?.["lanes"]);
    if (lanes === setup.lanes) {
      await connection.query(
        {
          text: `update ${schema}.lane as lane set inbox = made.positions || lane.inbox
            from (select jsonb_object_agg(source, 0) as positions from unnest($1::text[]) as source) as made
            where not lane.inbox ?& $1::text[]`,
        },
        [setup.sources ?? []],
      );
    }
    return { commit: true, value: lanes };
  });
  if (made === setup.lanes) return;
  throw lanesChanged(setup.name, made, setup.lanes);
}
