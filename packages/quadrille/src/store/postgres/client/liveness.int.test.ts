// A connection that is open and dead is noticed within ten seconds, a slow statement is not taken for one,
// and nothing keeps an engine from stopping.
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../../../test/postgres.ts";
import { asPromised, within } from "../../../../../../test/soon.ts";
import { type TcpProxy, tcpProxy, through } from "../../../../../../test/tcp-proxy.ts";
import { add, counting, countingServices } from "../../../../test/counter-choreography.ts";
import { systemAmbient } from "../../../ambient/system.ts";
import type { Engine } from "../../../engine/message/api.ts";
import { startEngine } from "../../../engine/engine.ts";
import type { Database } from "../../database.ts";
import { postgresDatabase } from "../postgres-database.ts";

describe.concurrent("a connection to PostgreSQL", () => {
  let fresh: FreshDatabase;
  let runs = 0;
  beforeAll(async () => {
    fresh = await freshDatabase();
  });
  afterAll(() => fresh.drop());

  const proxied = (): Promise<TcpProxy> => tcpProxy(Number(new URL(fresh.url).port));
  const open = (url: string): Promise<Database> =>
    postgresDatabase({ url, connectionsMax: 4, schemaPrefix: `l${(runs += 1)}_` });
  const start = (database: Database): Promise<Engine> =>
    startEngine({
      choreography: counting,
      services: countingServices(),
      database,
      ambient: systemAmbient(() => undefined),
    });
  const troubles = (engine: Engine): number =>
    engine.status().filter(({ trouble }) => trouble !== undefined).length;

  it("that swallows everything is noticed within ten seconds, and everything goes on by itself", async ({
    expect,
  }) => {
    await using proxy = await proxied();
    await using database = await open(through(fresh.url, proxy));
    await using engine = await start(database);
    await engine.send(add, { amount: 1 }, { sagaId: "a" });
    proxy.mood = "swallow";
    const begun = performance.now();
    const sent = engine.send(add, { amount: 2 }, { sagaId: "a" });
    await expect.poll(() => troubles(engine), within).toBeGreaterThan(0);
    expect(performance.now() - begun).toBeLessThan(asPromised(10_000));
    proxy.mood = "pass";
    expect(await sent).toMatchObject({ status: "accepted" });
    await expect.poll(() => troubles(engine), within).toBe(0);
  });

  it("that swallowed for a moment goes on within ten seconds, though neither side closes it", async ({
    expect,
  }) => {
    await using proxy = await proxied();
    await using database = await open(through(fresh.url, proxy));
    await using engine = await start(database);
    await engine.send(add, { amount: 1 }, { sagaId: "a" });
    proxy.mood = "swallow";
    const begun = performance.now();
    const sent = engine.send(add, { amount: 2 }, { sagaId: "a" });
    await pause(500);
    proxy.mood = "pass";
    expect(await sent).toMatchObject({ status: "accepted" });
    expect(performance.now() - begun).toBeLessThan(asPromised(10_000));
  });

  it("that works on a slow statement is left alone", async ({ expect }) => {
    await using database = await open(fresh.url);
    const store = await database.open({ name: "slow", lanes: 1 });
    const slow = store.transact(async ({ transaction }) => {
      await transaction.query("select pg_sleep(6)");
      return "overtaken";
    });
    expect(await slow).toBe("overtaken");
  });

  it("that swallows everything keeps no engine from stopping, and its callers are answered", async ({
    expect,
  }) => {
    await using proxy = await proxied();
    const database = await open(through(fresh.url, proxy));
    const engine = await start(database);
    await engine.send(add, { amount: 1 }, { sagaId: "a" });
    proxy.mood = "swallow";
    const sent = engine.send(add, { amount: 2 }, { sagaId: "a" }).catch((error: unknown) => error);
    await pause(500);
    const begun = performance.now();
    await engine.drain({ withinMs: 2_000 });
    // A timer may be some milliseconds late.
    expect(performance.now() - begun).toBeLessThan(asPromised(2_100));
    const drained = performance.now();
    await database[Symbol.asyncDispose]();
    expect(performance.now() - drained).toBeLessThan(asPromised(1_100));
    // Whether it was the flush that was swallowed, or what came before.
    expect(["Q_IN_DOUBT", "Q_STOPPING"]).toContain(Reflect.get((await sent) as object, "code"));
  });
});
