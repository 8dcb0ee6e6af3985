// PGlite behind the driver for PostgreSQL, as if over a socket.
import { PGlite } from "@electric-sql/pglite";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PgliteServer } from "./pglite-server.ts";
import { pgliteStream } from "./pglite-stream.ts";
import { startSession } from "./session.ts";

let server: PgliteServer;

beforeAll(async () => {
  server = await PgliteServer.start({ label: "PGlite", open: () => PGlite.create() });
});
afterAll(() => server.close());

async function connect(): Promise<Client> {
  const client = new Client({ stream: () => pgliteStream(server), user: "postgres", database: "postgres" });
  await client.connect();
  await startSession(client);
  return client;
}

describe("the stream to PGlite", () => {
  it("serves a second connection after the first has left, with the same named statements", async () => {
    for (const value of [1, 2]) {
      const client = await connect();
      const { rows } = await client.query({
        name: "double",
        text: "select $1::integer * 2 as value",
        values: [value],
      });
      expect(rows).toEqual([{ value: value * 2 }]);
      await client.end();
    }
  });

  it("reports an error and goes on", async () => {
    const client = await connect();
    const failing = client.query({ name: "broken", text: "select 1 / $1::integer", values: [0] });
    await expect(failing).rejects.toMatchObject({ code: "22012" });
    expect((await client.query("select 1 as value")).rows).toEqual([{ value: 1 }]);
    await client.end();
  });

  it("carries answers larger than any buffer", async () => {
    const client = await connect();
    const { rows } = await client.query<{ text: string }>("select repeat('x', 20000000) as text");
    expect(rows[0]?.text.length).toBe(20_000_000);
    await client.end();
  });
});
