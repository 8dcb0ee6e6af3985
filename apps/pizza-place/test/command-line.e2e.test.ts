// The pizza place's command line: mistakes in one sentence, orderly stops, one owner of a data folder.
import { once } from "node:events";
import { cpSync, existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { initialisedFolder } from "../../../test/pglite-template.ts";
import { freshDatabase } from "../../../test/postgres.ts";
import { runToEnd, start, temporaryFolder } from "./child.ts";

/** A text that matches; typed, unlike vitest's own. */
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

/** How many orders a running pizza place has. */
async function ordersAt(url: string): Promise<number> {
  return ((await (await fetch(`${url}/audit`)).json()) as { readonly orders: number }).orders;
}

describe("the command line", () => {
  const { folder, remove } = temporaryFolder();
  const other = ["--data-folder", join(folder, "other")];
  const home = ["--data-folder", join(folder, "kept"), "--port", "0"];
  beforeAll(async () => {
    await initialisedFolder(join(folder, "kept"));
    const first = await runToEnd("main", [...home, "--orders", "5", "--rate", "max", "--once"]);
    expect(first, first.err).toMatchObject({ code: 0 });
  });
  afterAll(() => {
    remove();
  });

  it("gives help", async () => {
    const { code, out } = await runToEnd("main", ["--help"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: npm start/m);
    expect(out).toMatch(/^Examples:/m);
    expect(await runToEnd("audit-main", ["--help"])).toMatchObject({ code: 0 });
  });

  it("reports bad options in one sentence, with exit code 2", async () => {
    const mistakes = [
      { args: ["--orders", "-5"], printed: "" },
      // Another seed is found out when the data are there to be read.
      { args: [...home, "--seed", "2"], printed: "Opening what earlier runs left takes a few seconds.\n" },
    ];
    for (const { args, printed } of mistakes) {
      const { code, out, err } = await runToEnd("main", args);
      expect({ code, out }, args.join(" ")).toEqual({ code: 2, out: printed });
      expect(err).toMatch(/^\S[^\n]*[.!]\n$/);
    }
  });

  it("looks for the database in QUADRILLE_DATABASE, and keeps its password to itself", async () => {
    const env = { QUADRILLE_DATABASE: "postgres://stranger:secret@127.0.0.1:1/none" };
    for (const program of ["main", "audit-main"] as const) {
      const { code, out, err } = await runToEnd(
        program,
        [...other, ...(program === "main" ? ["--port", "0"] : [])],
        env,
      );
      expect({ code, out }).toEqual({ code: 1, out: "" });
      expect(err).toMatch(/^[^\n]*QUADRILLE_DATABASE[^\n]*127\.0\.0\.1:1[^\n]*\n$/);
      expect(err).not.toContain("secret");
    }
  });

  it("reports a database that does not answer, with exit code 1", async () => {
    const unreachable = ["--database", "postgres://stranger@127.0.0.1:1/none", ...other];
    for (const program of ["main", "audit-main"] as const) {
      const port = program === "main" ? ["--port", "0"] : [];
      const { code, err } = await runToEnd(program, [...unreachable, ...port]);
      expect(code).toBe(1);
      expect(err).toMatch(/^[^\n]*127\.0\.0\.1:1[^\n]*\n$/);
    }
  });

  it("tells of a port that is taken before it makes or removes anything", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    const fresh = join(folder, "fresh");
    const made = await runToEnd("main", ["--data-folder", fresh, "--port", port]);
    const reset = await runToEnd("main", [...home, "--port", port, "--reset"]);
    taken.close();
    for (const busy of [made, reset])
      expect(busy).toMatchObject({ code: 1, out: "", err: matching(/^Port \d+ is in use: [^\n]*\n$/) });
    expect(existsSync(fresh)).toBe(false);
    expect(existsSync(join(folder, "kept", "data"))).toBe(true);
  });

  it("reports an embedded database that is broken without a line of source code", async () => {
    const broken = join(folder, "broken");
    cpSync(join(folder, "kept", "data"), join(broken, "data"), { recursive: true });
    writeFileSync(join(broken, "data", "PG_VERSION"), "none\n");
    for (const program of ["main", "audit-main"] as const) {
      const { code, err } = await runToEnd(program, ["--data-folder", broken]);
      expect(code).toBe(1);
      expect(err).not.toMatch(/=>|[{};]\S*[{};]/);
      expect(err.length).toBeLessThan(2_000);
    }
  });

  it("has nothing to audit in an empty folder, and makes nothing there", async () => {
    const empty = join(folder, "empty");
    const { code, err } = await runToEnd("audit-main", ["--data-folder", empty]);
    expect(code).toBe(1);
    expect(err).toMatch(/^There is no pizza place in the folder [^\n]*\n$/);
    expect(existsSync(empty)).toBe(false);
  });

  it("stops in good order on the first signal, says how to go on, and goes on", async () => {
    const slow = ["--orders", "200", "--rate", "3/s"];
    const child = start("main", [...home, ...slow]);
    const url = await child.url();
    await expect.poll(() => ordersAt(url)).toBeGreaterThan(5);

    const second = await runToEnd("main", [...home, ...slow]);
    expect(second).toMatchObject({
      code: 1,
      err: matching(/^The data folder [^\n]* in use by process \d+[^\n]*\n$/),
    });
    const reset = await runToEnd("main", [...home, ...slow, "--reset"]);
    expect(reset).toMatchObject({ code: 1, err: second.err });
    const audit = await runToEnd("audit-main", home.slice(0, 2));
    expect(audit).toMatchObject({ code: 0, out: matching(/^Audit: green\. \d+ orders/) });

    const beside = await runToEnd("main", [...home, "--port", new URL(url).port]);
    expect(beside).toMatchObject({
      code: 1,
      out: "",
      err: matching(
        /^Port \d+ is in use: a pizza place runs there on the data folder [^\n]* already\.[^\n]*\n$/,
      ),
    });

    child.kill("SIGINT");
    const { code, out, err } = await child.ended;
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const stopped =
      /^Stopped with (\d+) orders placed and (\d+) under way.* Run npm start -- --orders 200 .*--port 0 to go on/m.exec(
        out,
      );
    const [, count = "0", left = "none"] = stopped ?? [];
    expect(Number(count)).toBeGreaterThan(5);

    const resumed = await runToEnd("main", [...home, "--orders", "200", "--rate", "max", "--once"]);
    expect(resumed, resumed.err).toMatchObject({ code: 0 });
    // What was under way when it stopped may have been committed by its last batch.
    const [, earlier, open] =
      /(\d+) orders were placed earlier; (\d+|none) of them (?:is|are) under way/.exec(resumed.out) ?? [];
    expect(earlier).toBe(count);
    expect(open === "none" ? 0 : Number(open)).toBeLessThanOrEqual(Number(left));
    expect(resumed.out).toContain(`${200 - Number(count)} orders placed now, ${count} earlier.`);
  });

  it("stops at once on the second signal, and what was under way goes on at the next start", async () => {
    // By the machine's time orders are under way all the time.
    const { url: databaseUrl, drop } = await freshDatabase();
    const sql = new Client({ connectionString: databaseUrl });
    await sql.connect();
    const other = ["--data-folder", join(folder, "machine"), "--database", databaseUrl, "--port", "0"];
    const machine = [...other, "--time", "machine"];
    const child = start("main", [...machine, "--orders", "all", "--rate", "max"]);
    const url = await child.url();
    await expect.poll(() => ordersAt(url)).toBeGreaterThan(200);
    // Nothing is written while another session holds the lanes: an orderly stop would take its seven seconds.
    await sql.query('begin; select from "order".lane for update');
    child.kill("SIGTERM");
    await child.until(/^Stopping, with orders under way/m);
    child.kill("SIGTERM");
    expect(await child.ended).toMatchObject({ code: 130, err: matching(/Stopped at once/) });
    await sql.end();
    const resumed = await runToEnd("main", [...machine, "--orders", "200", "--rate", "max", "--once"]);
    expect(resumed, resumed.err).toMatchObject({ code: 0 });
    // Counted before they go on: some ends take no longer than the start.
    expect(resumed.out).toMatch(
      /^\d+ orders were placed earlier; [1-9]\d* of them are under way and go on now\.$/m,
    );
    expect(resumed.out).toMatch(
      /^0 orders placed now, \d+ earlier; of the year, --orders 200 asks for the first 200 only\.$/m,
    );
    await drop();
  });

  it("stops without a hint to go on when there is nothing to go on with", async () => {
    const child = start("main", [...home, "--orders", "5"]);
    await child.until(/^The replay is over/m);
    child.kill("SIGINT");
    const { code, out } = await child.ended;
    expect(code).toBe(0);
    expect(out).toMatch(
      /^Stopped with \d+ orders placed and 0 under way: all that was asked for is done\.$/m,
    );
    expect(out).not.toContain("to go on from there");
  });

  it("starts over with --reset, and removes only what it made", async () => {
    const strange = join(folder, "kept", "notes.txt");
    writeFileSync(strange, "mine");
    const { code, out } = await runToEnd("main", [
      ...home,
      "--orders",
      "3",
      "--rate",
      "max",
      "--once",
      "--reset",
      "--seed",
      "2",
    ]);
    expect(code).toBe(0);
    expect(out).toMatch(/^Audit: green\. 3 orders/m);
    expect(existsSync(strange)).toBe(true);
  });
});
