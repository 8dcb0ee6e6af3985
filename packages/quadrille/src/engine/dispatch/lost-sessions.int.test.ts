// A `transact` handler in whose hands the session ends each time costs its own message attempts, as one that
// throws; the others of its lane go on.
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type FreshDatabase, freshDatabase } from "../../../../../test/postgres.ts";
import { soon, within } from "../../../../../test/soon.ts";
import { systemAmbient } from "../../ambient/system.ts";
import { choreography } from "../../contract/choreography.ts";
import { service, type Service, type Transaction } from "../../contract/handler.ts";
import { to } from "../../contract/outcome.ts";
import { participant } from "../../contract/participant.ts";
import { on } from "../../contract/reaction.ts";
import { command, event } from "../../contract/trigger.ts";
import { postgresDatabase } from "../../store/postgres/postgres-database.ts";
import { startEngine } from "../engine.ts";

const ordering = z.object({ how: z.string() });
const order = command("order", ordering);
const begin = command("begin", ordering);
const Ordered = event("Ordered", ordering);
const shop = participant("Shop", {
  entity: "Order",
  initial: "none",
  states: { none: [on(order, to("PLACED").emits(Ordered))], PLACED: [] },
});
const stock = participant("Stock", {
  entity: "Parcel",
  initial: "none",
  states: { none: [on(Ordered, to("PACKED")), on(begin, to("PACKED"))], PACKED: [] },
});
const packing = choreography("Packing", {
  participants: [shop, stock],
  ends: { packed: { Shop: "PLACED", Stock: "PACKED" }, begun: { Stock: "PACKED" } },
});

const ending = "select pg_terminate_backend(pg_backend_pid())";
const deeds: Readonly<Record<string, (tx: Transaction) => Promise<unknown>>> = {
  "ends its session": (tx) => tx.query(ending),
  "ends its session and swallows that": (tx) => tx.query(ending).catch(() => undefined),
  "is idle for too long": async (tx) => {
    await tx.query("set local idle_in_transaction_session_timeout = '50ms'");
    await systemAmbient().clock.sleep(200, new AbortController().signal);
    return tx.query("select 1");
  },
};

/** The shop, and a stock whose handlers do what the payload says. */
function services(isSet: boolean): readonly Service[] {
  const deed = (how: string, tx: Transaction): Promise<unknown> | undefined => deeds[how]?.(tx);
  const one = service(stock, {
    handlers: {
      none: {
        begin: {
          transact: async ({ payload, choose }, tx) => {
            await deed(payload.how, tx);
            return choose();
          },
        },
        Ordered: {
          transact: async ({ payload, choose }, tx) => {
            await deed(payload.how, tx);
            return choose();
          },
        },
      },
    },
  });
  const all = service(stock, {
    handlers: {
      none: {
        Ordered: {
          transactAll: async (inputs, tx) => {
            for (const { payload } of inputs) await deed(payload.how, tx);
            return inputs.map(({ choose }) => choose());
          },
        },
      },
    },
  });
  const placing = service(shop, {
    handlers: { none: { order: ({ payload, choose }) => choose({ Ordered: payload }) } },
  });
  return [placing, isSet ? all : one];
}

describe("a handler whose session ends", () => {
  let fresh: FreshDatabase | undefined;
  afterEach(() => fresh?.drop());

  const places = Object.keys(deeds).flatMap((how) => [
    { how, isSet: false, as: "one" },
    { how, isSet: true, as: "a set" },
  ]);
  it.each(places)(
    "is tried again as often as one that throws, and holds up its own key alone: $how, $as",
    async ({ how, isSet }) => {
      fresh = await freshDatabase();
      await using database = await postgresDatabase({ url: fresh.url });
      await using engine = await startEngine({
        choreography: packing,
        services: services(isSet),
        database,
        lanes: 1,
        ambient: systemAmbient(() => undefined),
        limits: { attemptsMax: 2, backoffMs: 10 },
      });
      const ids = ["1", "2", "bad", "3", "4"];
      await Promise.all(
        ids.map((sagaId) => engine.send(order, { how: sagaId === "bad" ? how : "fine" }, { sagaId })),
      );
      for (const sagaId of ids.filter((id) => id !== "bad"))
        expect(await engine.saga(sagaId).ended({ signal: soon() })).toMatchObject({ end: "packed" });
      const store = await database.inspect({ name: "Stock" });
      // An engine is idle also between two attempts.
      const parked = (): Promise<unknown> => store.parked({ limit: 9 });
      await expect
        .poll(parked, within)
        .toMatchObject([{ key: "bad", reason: "dead", attempts: 2, error: { code: "Q_STORE_UNREACHABLE" } }]);
    },
  );

  it("rejects the caller of its command, and not the others", async () => {
    fresh = await freshDatabase();
    await using database = await postgresDatabase({ url: fresh.url });
    await using engine = await startEngine({
      choreography: packing,
      services: services(false),
      database,
      lanes: 1,
      ambient: systemAmbient(() => undefined),
    });
    const sent = ["1", "bad", "2"].map((sagaId) =>
      engine.send(begin, { how: sagaId === "bad" ? "ends its session" : "fine" }, { sagaId, signal: soon() }),
    );
    const answers = await Promise.allSettled(sent);
    expect(answers).toMatchObject([
      { status: "fulfilled" },
      { status: "rejected", reason: { code: "Q_STORE_UNREACHABLE", retryable: true } },
      { status: "fulfilled" },
    ]);
  });

  it("is not ended by a time limit of the database for transactions", async () => {
    fresh = await freshDatabase();
    await using database = await postgresDatabase({ url: fresh.url });
    const { rows } = await database.sql.query("select current_database() as name");
    await database.sql.query(`alter database ${String(rows[0]?.["name"])} set transaction_timeout = '200ms'`);
    let asked = 0;
    const slow = service(stock, {
      handlers: {
        none: {
          Ordered: ({ choose }) => choose(),
          begin: {
            transact: async ({ choose }, tx) => {
              asked += 1;
              await tx.query("select pg_sleep(0.4)");
              return choose();
            },
          },
        },
      },
    });
    await using later = await postgresDatabase({ url: fresh.url });
    await using engine = await startEngine({
      choreography: packing,
      services: [services(false)[0] ?? slow, slow],
      database: later,
      lanes: 1,
      ambient: systemAmbient(() => undefined),
    });
    for (const sagaId of ["1", "2"]) await engine.send(begin, { how: "fine" }, { sagaId, signal: soon() });
    expect(asked).toBe(2);
  });
});
