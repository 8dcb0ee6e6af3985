// PostgreSQL and PGlite keep every promise of a store.
import { afterAll, beforeAll, describe, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../../test/postgres.ts";
import { storeConformance, storeSubject } from "../../testing/store-conformance.ts";
import type { Database } from "../store.ts";
import { pgliteDatabase } from "./pglite-database.ts";
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
});

describe("the store on PGlite", () => {
  let database: Database;

  beforeAll(async () => {
    database = await pgliteDatabase();
  });
  afterAll(() => database[Symbol.asyncDispose]());

  storeConformance.forEach(({ name, run }, index) => {
    it(name, () => run(storeSubject({ database, participant: `p${index}`, sql: true })));
  });
});
