// A payload is parsed once, where it enters, on real databases as in memory.
import { afterAll, beforeAll, describe, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../test/postgres.ts";
import { payloadWays } from "../../test/payload-once.ts";
import { freshPglite } from "../../../../test/pglite.ts";
import { postgresDatabase } from "../store/postgres/postgres-database.ts";
import type { Database } from "../store/database.ts";

describe.each(["PGlite", "PostgreSQL"])("a payload on %s", (where) => {
  let fresh: FreshDatabase | undefined;
  let database: Database;

  beforeAll(async () => {
    fresh = where === "PostgreSQL" ? await freshDatabase() : undefined;
    database = fresh === undefined ? await freshPglite() : await postgresDatabase({ url: fresh.url });
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await fresh?.drop();
  });

  it.each(payloadWays)("has been parsed once when it came $name", ({ run, name }) =>
    run(database, { sagaId: name }),
  );
});
