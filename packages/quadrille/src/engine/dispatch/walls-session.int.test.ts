// A handler leaves its session as it was, whatever it has done to it through functions: to its neighbours
// in the batch, to later handlers, to the engine and to the service's own statements. So does a statement
// of the service outside a handler.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { freshPglite } from "../../../../../test/pglite.ts";
import { type FreshDatabase, freshDatabase } from "../../../../../test/postgres.ts";
import { systemAmbient } from "../../ambient/system.ts";
import { choreography } from "../../contract/choreography.ts";
import { service, type Transaction } from "../../contract/handler.ts";
import { to } from "../../contract/outcome.ts";
import { participant } from "../../contract/participant.ts";
import { on } from "../../contract/reaction.ts";
import { command } from "../../contract/trigger.ts";
import type { SqlDatabase } from "../../store/database.ts";
import { postgresDatabase } from "../../store/postgres/postgres-database.ts";
import type { Engine } from "../message/api.ts";
import { startEngine } from "../engine.ts";

const write = command("write", z.object({ statements: z.array(z.string()), fails: z.boolean() }));
const writer = participant("writer", {
  entity: "Sheet",
  initial: "EMPTY",
  states: { EMPTY: [on(write, to("WRITTEN"))], WRITTEN: [] },
});
const writing = choreography("Writing", {
  participants: [writer],
  ends: { written: { writer: "WRITTEN" } },
});

/** What a session is like: everything that outlives a statement. */
const look = `select
  (select json_object_agg(name, setting order by name) from pg_settings) as settings,
  current_user as role, session_user as authorization,
  (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks,
  (select count(*) from pg_class where relpersistence = 't' and relkind = 'r') as tables,
  (select count(*) from pg_cursors where name <> '') as cursors,
  (select count(*) from pg_listening_channels()) as channels`;

/** Turns every switch that may be turned within a transaction. */
const switches = (isLocal: boolean): string => `
  select set_config(name, case setting when 'on' then 'off' else 'on' end, ${isLocal}) from pg_settings
  where vartype = 'bool' and context in ('user', 'superuser')
    and name not like 'transaction%' and name not like 'log%' and name not like 'debug%'`;

const deeds: Readonly<Record<string, readonly string[]>> = {
  "every switch, for the session": [switches(false)],
  "every switch, for the transaction": [switches(true)],
  "read-only from now on": ["select set_config('default_transaction_read_only', 'on', false)"],
  "read-only at once": ["select set_config('transaction_read_only', 'on', true)"],
  "time limits and paths": [
    "select set_config('lock_timeout', '1', false), set_config('statement_timeout', '0', false)",
    "select set_config('search_path', 'nowhere', false), set_config('client_encoding', 'LATIN1', false)",
    "set local lock_timeout = 1",
  ],
  role: ["select set_config('role', 'guest', false)"],
  authorization: ["select set_config('session_authorization', 'guest', false)"],
  "an advisory lock": ["select pg_advisory_lock(7)", "select pg_advisory_lock(7)"],
  "a temporary table": ["create temporary table writing (id text)"],
  "a cursor": ["declare reading cursor for select 1"],
  "a cursor with hold": ["declare reading cursor with hold for select 1"],
  "a channel": ["do $$ begin execute 'listen news'; end $$"],
};

const idle: { readonly statements: string[]; readonly fails: boolean } = { statements: [], fails: false };

describe.each(["PGlite", "PostgreSQL"])("a session on %s", (name) => {
  let fresh: FreshDatabase | undefined;
  let database: SqlDatabase;
  let engine: Engine;
  /** What each handler found, by its saga. */
  const found = new Map<string, unknown>();
  const handle = async (tx: Transaction, key: string, statements: readonly string[]): Promise<void> => {
    found.set(key, (await tx.query(look)).rows);
    for (const statement of statements) await tx.query(statement);
  };
  beforeAll(async () => {
    fresh = name === "PostgreSQL" ? await freshDatabase() : undefined;
    // One connection: what is left on it is found by the next one.
    database =
      fresh === undefined
        ? await freshPglite()
        : await postgresDatabase({ url: fresh.url, connectionsMax: 1 });
    await database.sql.query(
      "do $$ begin if to_regrole('guest') is null then create role guest; end if; end $$",
    );
    engine = await startEngine({
      choreography: writing,
      services: [
        service(writer, {
          handlers: {
            EMPTY: {
              write: {
                transact: async ({ payload, entity, choose }, tx) => {
                  await handle(tx, entity.key, payload.statements);
                  if (payload.fails) throw new Error("on second thoughts");
                  return choose();
                },
              },
            },
          },
        }),
      ],
      database,
      ambient: systemAmbient(() => undefined),
    });
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    await fresh?.drop();
  });

  const lookOutside = async (): Promise<unknown> => (await database.sql.query(look)).rows;
  const send = async (sagaId: string, payload: typeof idle = idle): Promise<string> => {
    const signal = AbortSignal.timeout(10_000);
    const answer = await engine.send(write, payload, { sagaId, signal }).catch((error: unknown) => error);
    return answer instanceof Error ? answer.message : String(Reflect.get(Object(answer), "status"));
  };

  it.each(Object.keys(deeds).flatMap((deed) => [[deed, false] as const, [deed, true] as const]))(
    "is as it was after a handler: %s, which fails: %s",
    async (deed, fails) => {
      const outside = await lookOutside();
      const at = (when: string): string => `${when} ${deed}, ${fails}`;
      const answers = await Promise.all([
        send(at("before")),
        send(at("at"), { statements: [...(deeds[deed] ?? [])], fails }),
        send(at("after")),
      ]);
      expect(answers).toEqual(["accepted", fails ? "on second thoughts" : "accepted", "accepted"]);
      expect(await send(at("later"))).toBe("accepted");
      expect(found.get(at("after"))).toEqual(found.get(at("before")));
      expect(found.get(at("later"))).toEqual(found.get(at("before")));
      expect(await lookOutside()).toEqual(outside);
    },
  );

  it.each(Object.keys(deeds))("is as it was after a statement of the service: %s", async (deed) => {
    const outside = await lookOutside();
    for (const statement of deeds[deed] ?? []) await database.sql.query(statement);
    expect(await lookOutside()).toEqual(outside);
    expect(await send(`own ${deed}`)).toBe("accepted");
  });
});
