// Sagas seen and fixed from a second terminal: over the running process, in its data folder, and on
// PostgreSQL.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { initialisedFolder } from "../../../test/pglite-template.ts";
import { freshDatabase } from "../../../test/postgres.ts";
import { World } from "../../quadrille/test/engine-world.ts";
import { reference } from "../../quadrille/test/reference-choreographies.ts";
import { type Ran, runCli, spawnCli } from "../test/run-cli.ts";
import { fromJson } from "quadrille/tooling";
import { command, type Database } from "quadrille";
import {
  addressFile,
  openOperations,
  operatorEndpoint,
  type SagaReport,
  type SagaSummary,
} from "quadrille/operations";
import { pgliteDatabase } from "quadrille/pglite";
import { postgresDatabase } from "quadrille/postgres";
import { scriptedServices } from "quadrille/testing";

const choreography = fromJson(reference("create-order"));
const file = ["-c", join(import.meta.dirname, "../../quadrille/test/choreographies/create-order.json")];
const noEnv = join(tmpdir());

/** Runs two orders on the database: one comes to its end, the other to a dead letter at Kitchen. */
async function twoOrders(database: Database, broken: () => boolean): Promise<World> {
  const services = scriptedServices(choreography, {
    choose: ({ participant, sagaId, outcomes }) => {
      if (participant === "Kitchen" && sagaId === "saga-2" && broken()) throw new Error("the oven is cold");
      return outcomes[0] ?? "";
    },
  });
  const world = new World({ choreography, services, database, lanes: 1, limits: { attemptsMax: 1 } });
  const engine = await world.start();
  for (const sagaId of ["saga-1", "saga-2"]) await engine.send(command("createOrder"), { sagaId });
  const operations = await openOperations({ choreography, database });
  await world.until(async () => {
    const dead = await operations.parked({ reason: "dead", limit: 1 });
    return dead.length === 1 && (await operations.saga("saga-1"))?.end === "approved";
  });
  return world;
}

/** What the commands show of the two orders, wherever they find them. */
async function expectTwoOrders(run: (args: readonly string[]) => Promise<Ran>): Promise<void> {
  const sagas = await run(["sagas", "--json"]);
  expect(sagas).toMatchObject({ code: 0, err: "" });
  const list = JSON.parse(sagas.out) as readonly SagaSummary[];
  expect(list.map(({ sagaId, end }) => [sagaId, end])).toEqual([
    ["saga-2", undefined],
    ["saga-1", "approved"],
  ]);
  const page = await run(["sagas", "--limit", "1"]);
  expect(page.out).toMatch(/saga-2 +under way +\d+ \w+ ago +APPROVAL_PENDING +VERIFIED +ABSENT/);
  expect(page.out).toContain("The next ones: the same with --before saga-2");
  expect((await run(["sagas", "--limit", "1", "--before", "saga-2"])).out).toMatch(/saga-1 +approved/);
  const saga = await run(["saga", "saga-2"]);
  expect(saga.out).toMatch(/Saga saga-2: under way, begun 20/);
  expect(saga.out).toMatch(/Consumer +OrderCreated from Order +NONE → VERIFIED \(ok\) +ConsumerVerified/);
  expect(saga.out).toMatch(/Kitchen has parked OrderCreated .*dead: Order\/0\/2\/0 \(.*the oven is cold/);
  // The beginning of an id does where it is the beginning of one only.
  expect((await run(["saga", "saga"])).err).toBe(
    "2 sagas begin with saga: saga-1, saga-2. Give more of the id.\n",
  );
  expect((await run(["saga", "sag"])).err).toMatch(
    /^No participant knows the saga sag: give at least 4 characters/,
  );
  expect((await run(["saga", "sagas"])).err).toMatch(/^No participant knows the saga sagas: /);
  const report = JSON.parse((await run(["saga", "saga-1", "--json"])).out) as SagaReport;
  expect(report).toMatchObject({ end: "approved", expected: [] });
  expect(report.timeline).toHaveLength(9);
  const parked = await run(["parked"]);
  expect(parked.out).toMatch(/dead +Kitchen +Order\/0\/2\/0 +OrderCreated +saga-2/);
  expect(parked.out).toContain("quadrille redrive Kitchen Order/0/2/0");
  const unknown = await run(["saga", "missing"]);
  expect(unknown).toEqual({
    code: 1,
    out: "",
    err: "No participant knows the saga missing: quadrille sagas lists those that there are.\n",
  });
  const lost = await run(["redrive", "Kitchen", "Order/0/99/0"]);
  expect(lost).toEqual({
    code: 1,
    out: "",
    err: "The message Order/0/99/0 of Kitchen is not parked. (Q_PARKED_UNKNOWN)\n",
  });
  const stranger = await run(["discard", "Oven", "x", "--reason", "y"]);
  expect(stranger.err).toContain(
    "There is no participant Oven; there are Order, Consumer, Kitchen, Accounting.",
  );
}

describe("beside a data folder", () => {
  let folder = "";
  let broken = true;
  const run = (args: readonly string[]) =>
    runCli([...args, "--data-folder", folder, ...file], { cwd: noEnv });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "quadrille-data-"));
    await initialisedFolder(folder);
    await using database = await pgliteDatabase({ folder });
    await using _ = await twoOrders(database, () => broken);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("the folder is opened when no process has it", async () => {
    const { code, out, err } = await spawnCli(["sagas", "--data-folder", folder, ...file], { cwd: noEnv });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/saga-2 +under way/);
    expect((await run(["parked"])).out).toMatch(/dead +Kitchen +Order\/0\/2\/0 +OrderCreated +saga-2/);
    expect(await run(["redrive", "Kitchen", "Order/0/99/0"])).toEqual({
      code: 1,
      out: "",
      err: "The message Order/0/99/0 of Kitchen is not parked. (Q_PARKED_UNKNOWN)\n",
    });
  });

  it("an address that a killed process left counts for nothing", async () => {
    const left = { url: "http://127.0.0.1:9", token: "x", pid: 2 ** 22 + 1, started: "long ago" };
    await writeFile(join(folder, addressFile), JSON.stringify(left));
    expect((await run(["sagas"])).code).toBe(0);
  });

  it("the running process is asked, and what is redriven there goes on at once", async () => {
    await using database = await pgliteDatabase({ folder });
    const services = scriptedServices(choreography, { choose: ({ outcomes }) => outcomes[0] ?? "" });
    await using world = new World({ choreography, services, database });
    await world.start();
    const busy = await spawnCli(["sagas", "--data-folder", folder, ...file], { cwd: noEnv });
    expect(busy.code).toBe(1);
    expect(busy.err).toMatch(/^The data folder .* is in use by process \d+\. .*\(Q_DATA_FOLDER_BUSY\)\n$/);
    const operations = await openOperations({ choreography, database });
    await using _ = await operatorEndpoint({ operations, dataFolder: folder });
    // A running process is asked without a choreography.
    await expectTwoOrders((args) => runCli([...args, "--data-folder", folder], { cwd: noEnv }));
    broken = false;
    const other = ["redrive", "--all", "--participant", "Kitchen", "--code", "Q_NOT_HANDLED"];
    expect(await run(other)).toMatchObject({ code: 0, out: "0 messages are offered again.\n" });
    const both = await run(["redrive", "Kitchen", "Order/0/2/0", "--all"]);
    expect(both.code).toBe(2);
    expect(both.err).toMatch(/^Name one message by .* or say --all/);
    expect((await run(["redrive", "--reason", "dead"])).code).toBe(2);
    const all = ["redrive", "--all", "--reason", "dead", "--trigger", "OrderCreated"];
    expect(await run(all)).toEqual({ code: 0, out: "1 message is offered again.\n", err: "" });
    await world.until(async () => (await operations.saga("saga-2"))?.end === "approved");
    expect((await run(["parked"])).out).toBe("Nothing is parked.\n");
  });

  it("where there is none, nothing is made", async () => {
    const none = await runCli(["sagas", ...file], { cwd: await mkdtemp(join(tmpdir(), "quadrille-none-")) });
    expect(none.code).toBe(1);
    expect(none.err).toMatch(
      /^There is no data in .*\.quadrille: start the program first, or name its data with .*\n$/,
    );
  });
});

describe("on PostgreSQL", () => {
  it("sagas are seen, and a message is discarded with its reason", async () => {
    const fresh = await freshDatabase();
    const empty = await freshDatabase();
    try {
      const before = await runCli(["sagas", "--database", empty.url, ...file], { cwd: noEnv });
      expect(before.code).toBe(1);
      expect(before.err).toMatch(/^There are no tables of Order in PostgreSQL at .*\(Q_SCHEMA_MISSING\)\n$/);
      {
        await using database = await postgresDatabase({ url: fresh.url });
        await using _ = await twoOrders(database, () => true);
      }
      const run = (args: readonly string[]) =>
        runCli([...args, "--database", fresh.url, ...file], { cwd: noEnv });
      await expectTwoOrders(run);
      const byEnv = await runCli(["sagas", ...file], { cwd: noEnv, env: { QUADRILLE_DATABASE: fresh.url } });
      expect(byEnv.out).toContain("saga-2");
      await run(["discard", "Kitchen", "Order/0/2/0", "--reason", "the oven was sold"]);
      expect((await run(["parked"])).out).toMatch(
        /^Nothing is parked\.\n\nDiscarded for good, kept with its reason:\n[^]*discarded: the oven was sold/,
      );
      const again = await run(["discard", "Kitchen", "Order/0/2/0", "--reason", "again"]);
      expect(again).toMatchObject({
        code: 1,
        err: "The message Order/0/2/0 of Kitchen was discarded. (Q_PARKED_UNKNOWN)\n",
      });
    } finally {
      await fresh.drop();
      await empty.drop();
    }
  });

  it.each([
    ["mysql://host/x", 2, "The database URL cannot be read"],
    ["postgres://127.0.0.1:1/x", 1, "(Q_STORE_UNREACHABLE)"],
  ])("%s is refused in a sentence", async (url, code, sentence) => {
    const ran = await runCli(["sagas", "--database", url, ...file], { cwd: noEnv });
    expect(ran.code).toBe(code);
    expect(ran.err).toContain(sentence);
    expect(ran.err.trimEnd().split("\n")).toHaveLength(1);
  });
});
