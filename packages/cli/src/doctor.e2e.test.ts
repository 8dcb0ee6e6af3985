// The doctor names who holds a transaction open, and says what ends it.
import { Client } from "pg";
import { expect, it } from "vitest";
import { freshDatabase } from "../../../test/postgres.ts";
import { runCli } from "../test/run-cli.ts";

it("names the session that holds a transaction open, and is well when it has ended", async () => {
  const { url, drop } = await freshDatabase();
  const doctor = (...more: readonly string[]): ReturnType<typeof runCli> =>
    runCli(["doctor", "--database", url, "--longer-than", "1ms", ...more]);
  const forgetful = new Client({ connectionString: url, application_name: "backup of last night" });
  await forgetful.connect();
  await forgetful.query("begin isolation level repeatable read; select count(*) from pg_class");
  const { rows } = await forgetful.query<{ pid: number }>("select pg_backend_pid() as pid");
  const pid = rows[0]?.pid;
  const found = await doctor();
  expect(found).toMatchObject({ code: 1 });
  expect(found.out).toContain(`session ${pid} (user `);
  expect(found.out).toContain("backup of last night");
  expect(found.out).toContain("idle in transaction, open for");
  expect(found.out).toContain(`select pg_terminate_backend(${pid})`);
  expect(JSON.parse((await doctor("--json")).out)).toMatchObject([{ kind: "session", name: String(pid) }]);
  expect(await runCli(["doctor", "--database", url])).toMatchObject({ code: 0 });
  await forgetful.query("rollback");
  await forgetful.end();
  expect((await doctor()).out).toMatch(/^All is well\./);
  await drop();
});

it("says in a sentence what it cannot look at", async () => {
  expect(await runCli(["doctor"])).toMatchObject({ code: 2 });
  const away = await runCli(["doctor", "--database", "postgres://someone@127.0.0.1:1/db"]);
  expect(away).toMatchObject({ code: 1 });
  expect(away.err.trim().split("\n")).toHaveLength(1);
});
