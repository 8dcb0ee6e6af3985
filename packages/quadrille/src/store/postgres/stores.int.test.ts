// PostgreSQL and PGlite keep every promise of a store, and the direct transport over them every promise of a
// transport.
import { afterAll, beforeAll, describe, it } from "vitest";
import { freshPglite } from "../../../../../test/pglite.ts";
import { type FreshDatabase, freshDatabase } from "../../../../../test/postgres.ts";
import { storeConformance, storeSubject } from "../../testing/store-conformance.ts";
import { transportConformance, type TransportSubject } from "../../testing/transport-conformance.ts";
import { directTransport } from "../../transport/direct.ts";
import { flushOne } from "../../testing/store-samples.ts";
import type { Database } from "../database.ts";
import type { Flush } from "../store.ts";
import { postgresDatabase } from "./postgres-database.ts";

describe("the store on PostgreSQL", () => {
  let fresh: FreshDatabase;
  let database: Database;

  beforeAll(async () => {
    fresh = await freshDatabase();
    database = await postgresDatabase({ url: fresh.url });
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await fresh.drop();
  });

  storeConformance.forEach(({ name, run }, index) => {
    it(name, () => run(storeSubject({ database, participant: `p${index}`, sql: true })));
  });
  transportConformance.forEach(({ name, run }, index) => {
    it(name, async () => run(await transportSubject(database, `t${index}`)));
  });
});

describe("the store on PGlite", () => {
  let database: Database;

  beforeAll(async () => {
    database = await freshPglite();
  });
  afterAll(() => database[Symbol.asyncDispose]());

  storeConformance.forEach(({ name, run }, index) => {
    it(name, () => run(storeSubject({ database, participant: `p${index}`, sql: true })));
  });
  transportConformance.forEach(({ name, run }, index) => {
    it(name, async () => run(await transportSubject(database, `t${index}`)));
  });
});

async function transportSubject(database: Database, source: string): Promise<TransportSubject> {
  const store = await database.open({ name: source, lanes: 2, sources: [] });
  const transport = directTransport(new Map([[source, store]]));
  const committed = (): void => transport.announce(source);
  const flush = (one: Flush) => flushOne({ database, participant: source }, one);
  return { transport, source, store, flush, committed, pause: () => Promise.resolve(), wakes: true };
}
