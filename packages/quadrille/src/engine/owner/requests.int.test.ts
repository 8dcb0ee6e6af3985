// Two processes on the same participants: a command sent to the one that does not own its lane is answered as
// by the other.
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../../test/postgres.ts";
import { within } from "../../../../../test/soon.ts";
import { add, closeTill, counting, countingServices, lockTill } from "../../../test/counter-choreography.ts";
import { systemAmbient } from "../../ambient/system.ts";
import type { Database } from "../../store/database.ts";
import { postgresDatabase } from "../../store/postgres/postgres-database.ts";
import { startEngine } from "../engine.ts";
import type { Engine, EngineOptions } from "../message/api.ts";

const trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

describe("a process that does not own a saga's lane", () => {
  let fresh: FreshDatabase;
  let sql: Client;
  const opened = new AsyncDisposableStack();
  let owner: Engine;
  let other: Engine;
  beforeAll(async () => {
    fresh = await freshDatabase();
    sql = new Client({ connectionString: fresh.url });
    await sql.connect();
    owner = await start();
    other = await start();
  });
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
    await sql.end();
    await fresh.drop();
  });

  async function start(options: Partial<EngineOptions> = {}): Promise<Engine> {
    const database = opened.use(await postgresDatabase({ url: fresh.url, connectionsMax: 4 }));
    const throwsAt13 = (amount: number): { readonly amount: number } => {
      if (amount === 13) throw new Error("thirteen");
      return { amount };
    };
    const services = countingServices(throwsAt13);
    const ambient = systemAmbient(() => undefined);
    const parts = { choreography: counting, services, database, ambient, lanes: 1 };
    return opened.use(await startEngine({ ...parts, ...options }));
  }
  const rows = async (
    text: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Record<string, unknown>[]> =>
    (await sql.query<Record<string, unknown>>(text, [...values])).rows;

  it("has its commands accepted, refused or failed as by the owner, and leaves nothing behind", async () => {
    expect(await other.send(add, { amount: 1 }, { sagaId: "a", trace })).toMatchObject({
      status: "accepted",
      state: "OPEN",
      repeated: false,
    });
    expect(await other.send(lockTill, { sagaId: "a" })).toMatchObject({ state: "LOCKED" });
    expect(await other.send(closeTill, { sagaId: "a" })).toMatchObject({
      status: "refused",
      heldBy: "lock",
      state: "LOCKED",
    });
    await expect(other.send(add, { amount: 13 }, { sagaId: "b" })).rejects.toThrow("thirteen");
    await expect(other.send(add, { amount: 0.5 }, { sagaId: "b" })).rejects.toMatchObject({
      code: "Q_PAYLOAD_INVALID",
    });
    const [row] = await rows(
      "select trace, cause_source from _till.journal where saga_id = 'a' and trigger = 'add'",
    );
    expect(row).toEqual({ trace, cause_source: "command" });
    await vi.waitFor(async () => expect(await rows("select id from _till.request")).toEqual([]), within);
    expect([statusOf(owner), statusOf(other)]).toEqual([2, 0]);
  });

  it("gives a repeat its first answer, whichever process got it first", async () => {
    const send = (engine: Engine, sagaId: string, amount = 1): ReturnType<Engine["send"]> =>
      engine.send(add, { amount }, { sagaId, idempotencyKey: `key ${sagaId}` });
    expect(await send(owner, "first")).toMatchObject({ repeated: false });
    expect(await send(other, "first")).toMatchObject({ repeated: true, state: "OPEN" });
    const both = await Promise.all([send(other, "both"), send(owner, "both"), send(other, "both")]);
    const repeats = both.filter((answer) => answer.status === "accepted" && answer.repeated);
    expect(repeats).toHaveLength(2);
    await expect(send(other, "first", 2)).rejects.toMatchObject({ code: "Q_IDEMPOTENCY_KEY_REUSED" });
    expect(await rows("select saga_id from _till.journal where saga_id in ('first', 'both')")).toHaveLength(
      2,
    );
  });

  it("takes no more commands than its limits allow, and forgets those whose callers have given up", async () => {
    const few = await start({ limits: { commandsWaitingMax: 2, pollMs: 500 } });
    // Nothing is decided while another session holds the lane's row.
    await sql.query("begin; select from _till.lane for update");
    const given = new AbortController();
    const sent = [1, 2].map((amount) => few.send(add, { amount }, { sagaId: "many", signal: given.signal }));
    await expect(few.send(add, { amount: 3 }, { sagaId: "many" })).rejects.toMatchObject({
      code: "Q_OVERLOADED",
      retryable: true,
    });
    given.abort(new Error("enough"));
    for (const one of sent) await expect(one).rejects.toThrow("enough");
    await sql.query("commit");
    expect(await few.send(add, { amount: 3 }, { sagaId: "many" })).toMatchObject({ status: "accepted" });
    await few[Symbol.asyncDispose]();
  });

  it("answers a thousand commands sent at once, each of which takes effect once", async () => {
    const amounts = Array.from({ length: 1_000 }, (_, index) => index);
    const answers = await Promise.all(
      amounts.map((amount) =>
        (amount % 2 === 0 ? other : owner).send(add, { amount: amount + 20 }, { sagaId: `t${amount % 50}` }),
      ),
    );
    expect(answers.every(({ status }) => status === "accepted")).toBe(true);
    const [counted] = await rows(
      "select count(*)::int as rows from _till.journal where saga_id ~ '^t[0-9]+$'",
    );
    expect(counted).toEqual({ rows: 1_000 });
    await vi.waitFor(async () => expect(await rows("select id from _till.request")).toEqual([]), within);
  });

  it("has one command rejected alone, among a hundred, where the table refuses its row", async () => {
    await sql.query(`
      create function _till.refuse() returns trigger language plpgsql as $$ begin
        if new.content #>> '{data,amount}' = '57' then
          raise exception 'not this one' using errcode = 'check_violation';
        end if;
        return new;
      end $$;
      create trigger refuse before insert on _till.request for each row execute function _till.refuse()`);
    const amounts = Array.from({ length: 100 }, (_, amount) => amount + 20);
    const sent = amounts.map((amount) => other.send(add, { amount }, { sagaId: `hundred ${amount}` }));
    const answers = await Promise.allSettled(sent);
    const rejected = answers.flatMap((answer, index) =>
      answer.status === "rejected" ? [[amounts[index], (answer.reason as Error).message]] : [],
    );
    expect(rejected).toEqual([[57, expect.stringContaining("not this one")]]);
    const [counted] = await rows(
      "select count(*)::int as rows from _till.journal where saga_id ~ '^hundred'",
    );
    expect(counted).toEqual({ rows: 99 });
    await sql.query("drop trigger refuse on _till.request; drop function _till.refuse()");
  });

  it("goes on where the owner has stopped", async () => {
    await owner.drain();
    expect(await other.send(add, { amount: 1 }, { sagaId: "later" })).toMatchObject({ status: "accepted" });
    expect(statusOf(other)).toBe(1);
  });
});

describe("a process with eight of sixteen lanes", () => {
  it("looks for the commands of the other one with one statement for all of them", async () => {
    const fresh = await freshDatabase();
    await using opened = new AsyncDisposableStack();
    opened.defer(() => fresh.drop());
    const reads = { count: 0 };
    const parts = { choreography: counting, services: countingServices(), lanes: 16 };
    const ambient = systemAmbient(() => undefined);
    const database = opened.use(await postgresDatabase({ url: fresh.url, connectionsMax: 4 }));
    const owner = opened.use(
      await startEngine({ ...parts, ambient, database: countingReads(database, reads) }),
    );
    const elsewhere = opened.use(await postgresDatabase({ url: fresh.url, connectionsMax: 4 }));
    const other = opened.use(await startEngine({ ...parts, ambient, database: elsewhere }));
    // Until both have their share.
    await vi.waitFor(async () => {
      await other.send(add, { amount: 1 });
      expect(statusOf(other)).toBeGreaterThan(0);
    }, within);
    const before = { reads: reads.count, decided: statusOf(owner) };
    for (let sent = 0; sent < 40; sent += 1)
      await other.send(add, { amount: 1 }, { sagaId: `scattered ${sent}` });
    const decided = statusOf(owner) - before.decided;
    expect(decided).toBeGreaterThan(5);
    expect((reads.count - before.reads) / decided).toBeLessThan(4);
  });
});

/** Counts the statements that read requests. */
function countingReads(database: Database, reads: { count: number }): Database {
  return {
    ...database,
    open: async (setup) => {
      const store = await database.open(setup);
      const { requests } = store;
      return Object.assign(store, {
        requests: {
          ...requests,
          open: (...asked: Parameters<typeof requests.open>) => {
            reads.count += 1;
            return requests.open(...asked);
          },
        },
      });
    },
  };
}

function statusOf(engine: Engine): number {
  return engine.status().find(({ name }) => name === "till")?.reactions ?? 0;
}
