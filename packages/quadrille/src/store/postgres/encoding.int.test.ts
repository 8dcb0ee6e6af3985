// A database in another encoding than UTF-8 is refused when it is opened: later, single texts would be.
import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../../test/postgres.ts";
import { postgresDatabase } from "./postgres-database.ts";

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

it.each(["LATIN1", "EUC_JP", "SQL_ASCII"])(
  "a database in %s is refused, with what to do",
  async (encoding) => {
    const url = new URL(fresh.url);
    const name = `${url.pathname.slice(1)}_${encoding.toLowerCase()}`;
    const admin = new Client({ connectionString: fresh.url });
    await admin.connect();
    try {
      await admin.query(`create database ${name} encoding '${encoding}' locale 'C' template template0`);
      url.pathname = `/${name}`;
      const opening = postgresDatabase({ url: url.href });
      await expect(opening).rejects.toMatchObject({ code: "Q_DATABASE_ENCODING", retryable: false });
      await expect(opening).rejects.toThrow(`is encoded in ${encoding}, and UTF8 is needed`);
    } finally {
      await admin.query(`drop database if exists ${name} with (force)`);
      await admin.end();
    }
  },
);
