// A contract that its tables refuse is shown and accepted from the command line.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../test/postgres.ts";
import { soon } from "../../../test/soon.ts";
import {
  depot,
  depotRenamed,
  parcels,
  place,
  shop,
  shopRenamed,
  type Version,
} from "../../quadrille/test/parcel-contracts.ts";
import { runCli } from "../test/run-cli.ts";
import { fromJson, systemAmbient, toJson } from "quadrille/tooling";
import { type Database, type Engine, startEngine } from "quadrille";
import { postgresDatabase } from "quadrille/postgres";

let fresh: FreshDatabase;
let folder: string;
let database: Database;

beforeAll(async () => {
  fresh = await freshDatabase();
  folder = await mkdtemp(join(tmpdir(), "quadrille-migrate-"));
  database = await postgresDatabase({ url: fresh.url, schemaPrefix: "acme_" });
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await fresh.drop();
  await rm(folder, { recursive: true, force: true });
});

const start = (versions: readonly Version[], running: readonly Version[]): Promise<Engine> =>
  startEngine({
    choreography: fromJson(toJson(parcels(...versions))),
    services: running.map(({ service }) => service),
    database,
    ambient: systemAmbient(() => undefined),
  });

it("a contract that does not understand what is under way is accepted on purpose, and makes dead letters of it", async () => {
  {
    await using engine = await start([shop, depot], [shop]);
    for (const sagaId of ["s1", "s2", "s3"]) await engine.send(place, { sagaId });
  }
  const renamed = [shopRenamed, depotRenamed];
  const file = join(folder, "renamed.json");
  await writeFile(file, JSON.stringify(toJson(parcels(...renamed))));
  const migrate = (...more: readonly string[]): ReturnType<typeof runCli> =>
    runCli(["migrate", "--database", fresh.url, "--schema-prefix", "acme_", "-c", file, ...more]);

  await expect(start(renamed, renamed)).rejects.toMatchObject({ code: "Q_CONTRACT_CHANGED" });
  const looked = await migrate();
  expect(looked).toMatchObject({ code: 1, err: "" });
  expect(looked.out).toContain("Shop: new; the next start records generation 2.");
  expect(looked.out).toMatch(/Depot: refused\. The tables of Depot .* 3 Placed are on the way from Shop/);

  const accepted = await migrate("--accept");
  expect(accepted).toMatchObject({ code: 0, out: "Shop: same, generation 2.\nDepot: same, generation 2.\n" });
  await using engine = await start(renamed, renamed);
  await engine.idle({ signal: soon() });
  const store = await database.inspect({ name: "Depot" });
  const dead = await store.parked({ reason: "dead", limit: 10 });
  expect(dead.map(({ trigger, error }) => [trigger, error?.code])).toEqual(
    Array.from({ length: 3 }, () => ["Placed", "Q_NOT_HANDLED"]),
  );
});
