// The time limit of a handler ends what it waits for in the database, whatever that is.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Client } from "pg";
import { type FreshDatabase, freshDatabase } from "../../../../../test/postgres.ts";
import { systemAmbient } from "../../ambient/system.ts";
import { choreography } from "../../contract/choreography.ts";
import { service, type Transaction } from "../../contract/handler.ts";
import { to } from "../../contract/outcome.ts";
import { participant } from "../../contract/participant.ts";
import { on } from "../../contract/reaction.ts";
import { command, event } from "../../contract/trigger.ts";
import type { SqlDatabase } from "../../store/database.ts";
import { postgresDatabase } from "../../store/postgres/postgres-database.ts";
import type { Engine } from "../message/api.ts";
import { startEngine } from "../engine.ts";

const write = command("write");
const writeAll = command("writeAll");
const Written = event("Written");
const writer = participant("writer", {
  entity: "Sheet",
  initial: "EMPTY",
  states: {
    EMPTY: [on(write, to("WRITTEN").emits(Written)), on(writeAll, to("WRITTEN").emits(Written))],
    WRITTEN: [],
  },
});
const reader = participant("reader", {
  entity: "Reading",
  initial: "NONE",
  states: { NONE: [on(Written, to("READ"))], READ: [] },
});
const writing = choreography("Writing", {
  participants: [writer, reader],
  ends: { read: { writer: "WRITTEN", reader: "READ" } },
});

const minute = "select pg_sleep(60)";
const deeds: Readonly<Record<string, (tx: Transaction) => Promise<unknown>>> = {
  "a long statement": (tx) => tx.query(minute),
  "one without a time limit of the server": async (tx) => {
    await tx.query("set local statement_timeout = 0");
    await tx.query(minute);
  },
  "several at once": (tx) => Promise.all([tx.query(minute), tx.query(minute), tx.query(minute)]),
  "one that it does not wait for": async (tx) => void tx.query(minute),
  "a row that another session has locked": (tx) => tx.query("select * from public.own for update"),
  "one that goes on once when it is cancelled": (tx) =>
    tx.query(
      "do $$ begin perform pg_sleep(60); exception when query_canceled then perform pg_sleep(60); end $$",
    ),
};
/** Swallows every cancellation. */
const stubborn = (tx: Transaction): Promise<unknown> =>
  tx.query(
    "do $$ begin loop begin perform pg_sleep(60); exception when query_canceled then null; end; end loop; end $$",
  );

describe("a handler that waits in the database", () => {
  let fresh: FreshDatabase;
  let database: SqlDatabase;
  let engine: Engine;
  let other: Client;
  const deed = (key: string): ((tx: Transaction) => Promise<unknown>) | undefined => {
    const [kind = "", what = ""] = key.split(": ");
    if (kind === "beside") return undefined;
    return what === "stubborn" ? stubborn : deeds[what];
  };
  beforeAll(async () => {
    fresh = await freshDatabase();
    database = await postgresDatabase({ url: fresh.url, connectionsMax: 3 });
    engine = await startEngine({
      choreography: writing,
      services: [
        service(writer, {
          handlers: {
            EMPTY: {
              write: {
                transact: async ({ entity: { key }, choose }, tx) => {
                  if (!key.startsWith("event")) await deed(key)?.(tx);
                  return choose();
                },
              },
              writeAll: {
                transactAll: async (inputs, tx) => {
                  for (const { entity } of inputs) await deed(entity.key)?.(tx);
                  return inputs.map(({ choose }) => choose());
                },
              },
            },
          },
        }),
        service(reader, {
          handlers: {
            NONE: {
              Written: {
                transact: async ({ entity: { key }, choose }, tx) => {
                  if (key.startsWith("event")) await deed(key)?.(tx);
                  return choose();
                },
              },
            },
          },
        }),
      ],
      database,
      ambient: systemAmbient(() => undefined),
      limits: { transactMsMax: 300, attemptsMax: 2, backoffMs: 50 },
    });
    await database.sql.query("create table public.own as select 1 as id");
    other = new Client({ connectionString: fresh.url });
    await other.connect();
    await other.query("begin; select * from public.own for update");
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    await other.end();
    await fresh.drop();
  });

  const whats = Object.keys(deeds);
  /** Much shorter than what is waited for; cancelling in vain takes longer. */
  const soonMs = (what: string): number => (what.endsWith("stubborn") ? 60_000 : 25_000);

  it.each([
    ...whats.map((what) => [`command: ${what}`, write] as const),
    ...whats.map((what) => [`set: ${what}`, writeAll] as const),
    ["command: stubborn", write] as const,
  ])("is stopped alone, and its neighbours stand: %s", async (sagaId, type) => {
    const signal = AbortSignal.timeout(soonMs(sagaId));
    const sagaIds = [`beside: 1 ${sagaId}`, sagaId, `beside: 2 ${sagaId}`];
    const sent = sagaIds.map((id) =>
      type === write
        ? engine.send(write, { sagaId: id, signal })
        : engine.send(writeAll, { sagaId: id, signal }),
    );
    const [before, stopped, after] = await Promise.allSettled(sent);
    expect(stopped).toMatchObject({ reason: { code: "Q_HANDLER_TIMED_OUT" } });
    expect([before, after]).toMatchObject([
      { value: { status: "accepted" } },
      { value: { status: "accepted" } },
    ]);
  });

  it.each([...whats, "stubborn"])(
    "is an attempt of its event, which is dead after the last: %s",
    async (what) => {
      const sagaId = `event: ${what}`;
      const signal = AbortSignal.timeout(soonMs(what));
      const beside = `beside: event ${what}`;
      await Promise.all([sagaId, beside].map((id) => engine.send(write, { sagaId: id, signal })));
      const readers = await database.inspect({ name: "reader" });
      await expect
        .poll(() => readers.parked({ sagaId, reason: "dead", limit: 9 }), { timeout: soonMs(what) })
        .toMatchObject([{ attempts: 2, error: { code: "Q_HANDLER_TIMED_OUT" } }]);
      expect(await engine.saga(beside).ended({ signal })).toBeDefined();
    },
  );
});
