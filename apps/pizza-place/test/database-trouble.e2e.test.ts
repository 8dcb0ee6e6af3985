// The pizza place on a PostgreSQL that crashes under it, and two of them on one database: each comes to its
// end.
import { Client } from "pg";
import { describe, expect, it } from "vitest";
import { startPostgres, unsynced } from "../../../test/embedded-postgres.ts";
import { freshDatabase } from "../../../test/postgres.ts";
import { quickFolder } from "../../../test/quick-folder.ts";
import { errorsOf, runToEnd, start, temporaryFolder } from "./child.ts";

/** How often the participants have reacted, nine times for an approved order. Needs no database. */
async function reactionsOf(place: string): Promise<number> {
  const { participants } = (await (await fetch(`${place}/health`)).json()) as {
    participants: { reactions: number }[];
  };
  return participants.reduce((sum, { reactions }) => sum + reactions, 0);
}

/** Kills one of the processes that serve the pizza place: the server takes all of them down and recovers. */
async function crash(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on("error", () => {});
  // It may still recover from the crash before.
  const isConnected = await client.connect().then(
    () => true,
    () => false,
  );
  if (!isConnected) return await crash(url);
  const { rows } = await client.query<{ pid: number }>(
    "select pid from pg_stat_activity where application_name = 'quadrille' limit 1",
  );
  const isKilled = rows.some(({ pid }) => isRunning(pid) && process.kill(pid, "SIGKILL"));
  await client.end().catch(() => {});
  if (!isKilled) await crash(url);
}

/** The server's list may name a process that has just ended. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("a replay on a PostgreSQL that crashes and recovers", () => {
  it("waits, says so, goes on by itself and ends with a green audit", async () => {
    await using server = await startPostgres({ settings: unsynced, parentDirectory: quickFolder() });
    const { folder, remove } = temporaryFolder();
    const home = ["--data-folder", folder, "--database", server.url, "--port", "0"];
    const child = start("main", [...home, "--orders", "600", "--rate", "max", "--once"]);
    const place = await child.url();
    for (const reactions of [300, 1_500, 3_000]) {
      await expect.poll(() => reactionsOf(place), { interval: 5 }).toBeGreaterThan(reactions);
      await crash(server.url);
    }
    const { code, out, err } = await child.ended;
    remove();
    expect({ code, out }, err).toMatchObject({ code: 0 });
    expect(out).toMatch(
      /^Audit: green\. 600 orders: \d+ approved, \d+ rejected, \d+ cancelled, 0 under way; /m,
    );
    const lines = err.split("\n").filter((line) => line !== "");
    const waits = lines.filter((line) => line.startsWith("warn: The replay waits and goes on by itself. "));
    const goesOn = lines.filter((line) => line === "warn: The replay goes on.");
    expect(goesOn).toHaveLength(waits.length);
    expect(err).not.toMatch(/^ +at /m);
  });
});

describe("two pizza places on one PostgreSQL database", () => {
  it("share the orders, each comes to its end, and both audits are green", async () => {
    const { url, drop } = await freshDatabase();
    const { folder, remove } = temporaryFolder();
    const home = (name: string) => ["--data-folder", `${folder}/${name}`, "--database", url, "--port", "0"];
    const made = await runToEnd("main", [...home("first"), "--orders", "0", "--once"]);
    expect(made, made.err).toMatchObject({ code: 0 });
    const orders = ["--orders", "300", "--rate", "max", "--once"];
    const both = await Promise.all(
      ["first", "second"].map((name) => runToEnd("main", [...home(name), ...orders])),
    );
    remove();
    await drop();
    for (const { code, out, err } of both) {
      expect({ code, errors: errorsOf({ code, out, err }) }, err).toEqual({ code: 0, errors: [] });
      expect(out).toMatch(
        /^Audit: green\. 300 orders: \d+ approved, \d+ rejected, \d+ cancelled, 0 under way; /m,
      );
      expect(out).toMatch(/^ +orders placed +300$/m);
    }
    const placed = both.map(({ out }) => Number(/^(\d+) orders placed now/m.exec(out)?.[1] ?? 300));
    expect(placed.reduce((sum, count) => sum + count, 0)).toBe(300);
  });
});
