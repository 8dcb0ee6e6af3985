// What a real database refuses has an owner, whenever it refuses it and with whatever code: at a statement,
// at the commit, from a trigger, on PGlite and PostgreSQL, with handlers in the transaction and without.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshPglite } from "../../../../test/pglite.ts";
import { type FreshDatabase, freshDatabase } from "../../../../test/postgres.ts";
import { systemAmbient } from "../ambient/system.ts";
import { choreography } from "../contract/choreography.ts";
import { service, type Transaction } from "../contract/handler.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { on } from "../contract/reaction.ts";
import { command, event } from "../contract/trigger.ts";
import type { SqlDatabase } from "../store/database.ts";
import { postgresDatabase } from "../store/postgres/postgres-database.ts";
import type { Engine } from "./message/api.ts";
import { startEngine } from "./engine.ts";

const write = command("write");
const Written = event("Written");
const desk = participant("Desk", {
  entity: "Sheet",
  initial: "none",
  states: { none: [on(write, to("WRITTEN").emits(Written))], WRITTEN: [] },
});
const shelf = participant("Shelf", {
  entity: "Place",
  initial: "none",
  states: { none: [on(Written, to("KEPT"))], KEPT: [] },
});
const filing = choreography("Filing", {
  participants: [desk, shelf],
  ends: { kept: { Desk: "WRITTEN", Shelf: "KEPT" } },
});

/** What a service may do in its own tables: a missing parent and a twin are noticed at the commit. */
async function adopt(tx: Transaction, who: string, key: string): Promise<void> {
  const isTwin = key.startsWith(`${who} twin`);
  for (const id of isTwin ? [key, key] : [key])
    await tx.query("insert into own.answer values ($1)", [`${who} ${id}`]);
  const parent = key.startsWith(`${who} orphan`) ? "missing" : "present";
  await tx.query("insert into own.child values ($1, $2)", [`${who} ${key}`, parent]);
}

const inTransaction = [
  service(desk, {
    handlers: {
      none: {
        write: {
          transact: async ({ entity, choose }, tx) => {
            await adopt(tx, "Desk", entity.key);
            return choose();
          },
        },
      },
    },
  }),
  service(shelf, {
    handlers: {
      none: {
        Written: {
          transact: async ({ entity, choose }, tx) => {
            await adopt(tx, "Shelf", entity.key);
            return choose();
          },
        },
      },
    },
  }),
];

const ownTables = [
  "create schema own",
  "create table own.parent (id text primary key)",
  "insert into own.parent values ('present')",
  "create table own.child (id text, parent text references own.parent deferrable initially deferred)",
  // Named like a table of the engine.
  "create table own.answer (id text unique deferrable initially deferred)",
  `create function own.refuse() returns trigger language plpgsql as $$ begin
     if new.key like tg_argv[0] then
       raise exception 'not this one' using errcode = right(new.key, 5);
     end if;
     return new;
   end $$`,
  ...["Desk", "Shelf"].flatMap((who) => [
    `create trigger now before insert on ${who.toLowerCase()}.entity
       for each row execute function own.refuse('${who} at once %')`,
    `create constraint trigger late after insert on ${who.toLowerCase()}.entity deferrable initially deferred
       for each row execute function own.refuse('${who} at the commit %')`,
  ]),
];

/**
 * Codes that a trigger may use: of its own class, and of those by which the server reports its own
 * troubles.
 */
const codes = ["45000", "40001", "42501", "53100"];
const byTrigger = [
  ...codes.map((code) => `at once ${code}`),
  ...["45000", "40001"].map((code) => `at the commit ${code}`),
];

describe.each([
  { name: "PGlite", transacts: false },
  { name: "PGlite", transacts: true },
  { name: "PostgreSQL", transacts: false },
  { name: "PostgreSQL", transacts: true },
])("on $name, with handlers in the transaction: $transacts", ({ name, transacts }) => {
  let fresh: FreshDatabase | undefined;
  let database: SqlDatabase;
  let engine: Engine;
  beforeAll(async () => {
    fresh = name === "PostgreSQL" ? await freshDatabase() : undefined;
    database = fresh === undefined ? await freshPglite() : await postgresDatabase({ url: fresh.url });
    engine = await startEngine({
      choreography: filing,
      services: transacts ? inTransaction : [service(desk), service(shelf)],
      database,
      ambient: systemAmbient(() => undefined),
      lanes: 2,
    });
    for (const statement of ownTables) await database.sql.query(statement);
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    await fresh?.drop();
  });

  /** Sends one among others, and gives its answer; the others have theirs. */
  async function among(key: string): Promise<string> {
    const others = Array.from({ length: 6 }, (_, n) => `beside ${n} ${key}`);
    const sagaIds = [...others.slice(0, 3), key, ...others.slice(3)];
    const signal = AbortSignal.timeout(20_000);
    const sent = sagaIds.map((sagaId) => engine.send(write, { sagaId, signal }));
    const statuses = (await Promise.allSettled(sent)).map((answer) =>
      answer.status === "rejected" ? (answer.reason as { code: string }).code : answer.value.status,
    );
    const [answer] = statuses.splice(3, 1);
    expect(statuses).toEqual(Array.from(others, () => "accepted"));
    for (const other of others) expect(await engine.saga(other).ended({ signal })).toBeDefined();
    return answer ?? "";
  }

  const refused = [...byTrigger, ...(transacts ? ["orphan", "twin"] : [])];

  it.each(refused)("rejects the command alone whose row is refused: %s", async (how) => {
    expect(await among(`Desk ${how}`)).toBe("Q_WRITE_REFUSED");
  });

  it.each(refused)("kills the event alone whose row is refused: %s", async (how) => {
    const key = `Shelf ${how}`;
    expect(await among(key)).toBe("accepted");
    const shelves = await database.inspect({ name: "Shelf" });
    await expect
      .poll(() => shelves.parked({ sagaId: key, limit: 9 }), { timeout: 20_000 })
      .toMatchObject([{ reason: "dead", error: { code: "Q_WRITE_REFUSED" } }]);
  });

  it("leaves no participant in trouble", async () => {
    await engine.idle({ signal: AbortSignal.timeout(20_000) });
    expect(engine.status().map(({ trouble }) => trouble)).toEqual([undefined, undefined]);
  });
});
