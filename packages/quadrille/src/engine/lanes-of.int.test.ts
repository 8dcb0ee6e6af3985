// A new version of the program on tables that an older one has made.
import { expect, it } from "vitest";
import { freshDatabase } from "../../../../test/postgres.ts";
import { soon } from "../../../../test/soon.ts";
import { add, closeTill, counting, countingServices } from "../../test/counter-choreography.ts";
import { postgresDatabase } from "../store/postgres/postgres-database.ts";
import { readMigrations } from "../store/postgres/schema/migrations.ts";
import { schemaNameOf } from "../store/schema-name-of.ts";
import { startEngine } from "./engine.ts";

it("tables that lack migrations keep their one lane, where no number is given", async () => {
  const fresh = await freshDatabase();
  {
    // Its columns are older than this version's statements, so only its tables are made.
    const migrations = (await readMigrations()).slice(0, -1);
    await using old = await postgresDatabase({ url: fresh.url, migrations });
    for (const name of ["till", "ledger"]) await old.open({ name, lanes: 1 }).catch(() => undefined);
    for (const schema of ["till", "ledger"].map((name) => schemaNameOf(name, "")))
      await old.sql.query(
        `insert into ${schema}.lane (lane, turn, head) values (0, 0, 0) on conflict do nothing`,
      );
  }
  {
    await using database = await postgresDatabase({ url: fresh.url });
    await using engine = await startEngine({
      choreography: counting,
      services: countingServices(),
      database,
    });
    await engine.send(add, { amount: 2 }, { sagaId: "a" });
    await engine.send(closeTill, { sagaId: "a" });
    expect(await engine.saga("a").ended({ signal: soon() })).toMatchObject({ end: "closed" });
    expect(await database.lanesMade({ name: "till" })).toBe(1);
  }
  await fresh.drop();
});
