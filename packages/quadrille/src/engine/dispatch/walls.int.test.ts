// A `transact` handler has walls, on PGlite and PostgreSQL alike: what it may not do is its own message's
// matter.
import { setTimeout as sleep } from "node:timers/promises";
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
import { memoryDatabase } from "../../store/memory/memory-database.ts";
import { postgresDatabase } from "../../store/postgres/postgres-database.ts";
import type { Database } from "../../store/database.ts";
import type { Engine } from "../message/api.ts";
import { startEngine } from "../engine.ts";

const write = command("write", z.object({ how: z.string() }));
const writer = participant("writer", {
  entity: "Sheet",
  initial: "EMPTY",
  states: { EMPTY: [on(write, { done: to("WRITTEN"), left: to("EMPTY") })], WRITTEN: [] },
});
const writing = choreography("Writing", {
  participants: [writer],
  ends: { written: { writer: "WRITTEN" } },
});

/** What the handler does besides its duty, by name. */
type Deed = (tx: Transaction, engine: () => Engine) => Promise<unknown> | void;
const statement =
  (text: string): Deed =>
  (tx) =>
    tx.query(text);
let late: Promise<unknown> = Promise.resolve();
const deeds: Readonly<Record<string, Deed>> = {
  fine: () => undefined,
  unawaited: (tx) => void tx.query("insert into own values ('unawaited')"),
  "unawaited failure": (tx) => void tx.query("select 1 / 0"),
  late: (tx) => {
    late = sleep(100).then(() => tx.query("insert into own values ('too late')"));
    late.catch(() => undefined);
  },
  commit: statement("commit"),
  "hidden commit": statement("/* a /* nested */ remark */ -- and a line\n ; COMMIT"),
  "second statement": statement("select 1; commit"),
  rollback: statement("rollback"),
  savepoint: statement("savepoint mine"),
  set: statement("set search_path = nowhere"),
  "set by a function": statement("select set_config('search_path', 'nowhere', false)"),
  "set local": statement("set local search_path = nowhere"),
  never: () => new Promise(() => undefined),
  "sends to itself": (_, engine) => engine().send(write, { how: "fine" }),
};

describe.each(["PGlite", "PostgreSQL"])("a handler on %s", (name) => {
  let fresh: FreshDatabase | undefined;
  let database: Database;
  let engine: Engine;
  beforeAll(async () => {
    fresh = name === "PostgreSQL" ? await freshDatabase() : undefined;
    database = fresh === undefined ? await freshPglite() : await postgresDatabase({ url: fresh.url });
    const services = [
      service(writer, {
        handlers: {
          EMPTY: {
            write: {
              transact: async ({ payload, entity, choose }, tx) => {
                await tx.query("create table if not exists own (id text)");
                await tx.query("insert into own values ($1)", [entity.key]);
                await deeds[payload.how]?.(tx, () => engine);
                return choose.done();
              },
            },
          },
        },
      }),
    ];
    const ambient = systemAmbient(() => undefined);
    engine = await startEngine({
      choreography: writing,
      services,
      database,
      lanes: 1,
      ambient,
      limits: { transactMsMax: 500 },
    });
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    await fresh?.drop();
  });

  /**
   * Sends a deed among two that are fine, and gives how it ended, and what stands in the handler's table of
   * the three.
   */
  async function among(
    how: string,
  ): Promise<{ readonly answered: unknown; readonly stands: readonly string[] }> {
    const ids = [`${how}: before`, how, `${how}: after`];
    const sent = ids.map((sagaId) => engine.send(write, { how: sagaId === how ? how : "fine" }, { sagaId }));
    const [before, deed, after] = await Promise.allSettled(sent);
    expect([before, after]).toMatchObject([
      { value: { status: "accepted" } },
      { value: { status: "accepted" } },
    ]);
    const answered =
      deed?.status === "rejected" ? (deed.reason as { code: string }).code : deed?.value.status;
    const rows = (await database.sql?.query("select id from public.own order by id"))?.rows ?? [];
    const stands = rows.map(({ id }) => String(id));
    return { answered, stands: stands.filter((id) => id.startsWith(how) || id === "too late") };
  }
  const neighbours = (how: string): readonly string[] => [`${how}: after`, `${how}: before`];

  it("is waited for with everything that it began", async () => {
    const { answered } = await among("unawaited");
    expect(answered).toBe("accepted");
  });

  it.each([
    ["unawaited failure", "22012"],
    ["commit", "Q_TRANSACTION_CONTROL"],
    ["hidden commit", "Q_TRANSACTION_CONTROL"],
    ["second statement", "42601"],
    ["rollback", "Q_TRANSACTION_CONTROL"],
    ["savepoint", "Q_TRANSACTION_CONTROL"],
    ["set", "Q_TRANSACTION_CONTROL"],
    ["never", "Q_HANDLER_TIMED_OUT"],
    ["sends to itself", "Q_SEND_IN_HANDLER"],
  ])("is undone alone, and its neighbours stand: %s", async (how, code) => {
    expect(await among(how)).toEqual({ answered: code, stands: neighbours(how) });
  });

  it.each(["set by a function", "set local"])(
    "leaves its neighbours the session as it was: %s",
    async (how) => {
      const { answered, stands } = await among(how);
      expect(answered).toBe("accepted");
      expect(stands).toHaveLength(3);
    },
  );

  it("cannot use its transaction once it has ended", async () => {
    expect((await among("late")).answered).toBe("accepted");
    await expect(late).rejects.toMatchObject({ code: "Q_TRANSACTION_CLOSED" });
    expect((await among("fine")).stands).not.toContain("too late");
  });
});

it("a handler that needs a transaction is refused at the start on a database without SQL", async () => {
  const services = [
    service(writer, { handlers: { EMPTY: { write: { transact: async ({ choose }) => choose.done() } } } }),
  ];
  const starting = startEngine({ choreography: writing, services, database: memoryDatabase() });
  await expect(starting).rejects.toMatchObject({ code: "Q_NO_SQL" });
  await expect(starting).rejects.toThrow(/writer.*memory/);
});
