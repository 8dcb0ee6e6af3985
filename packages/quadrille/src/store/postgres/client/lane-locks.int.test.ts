// Two processes own lanes by the locks of their sessions: the promises of owners, and what becomes of a
// session that ends.
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../../../test/postgres.ts";
import { within } from "../../../../../../test/soon.ts";
import { systemAmbient } from "../../../ambient/system.ts";
import { ownersConformance, type OwnersSubject } from "../../../testing/owners-conformance.ts";
import type { Owner } from "../../owners.ts";
import { Wire } from "./wire.ts";

describe("the owners of lanes on PostgreSQL", () => {
  let fresh: FreshDatabase;
  const opened = new AsyncDisposableStack();
  beforeAll(async () => {
    fresh = await freshDatabase();
  });
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
    await fresh.drop();
  });
  const wire = (): Wire =>
    opened.use(
      new Wire({ connectionString: fresh.url, application_name: "quadrille" }, systemAmbient().clock),
    );
  const until: OwnersSubject["until"] = (assertion) => vi.waitFor(assertion, within);

  for (const { name, run } of ownersConformance) {
    it(name, () => run({ owners: [wire().owners, wire().owners], until }));
    it(`${name}, also two of one process`, () => {
      const { owners } = wire();
      return run({ owners: [owners, owners], until });
    });
  }

  it("lose them with their session, and find another one", async () => {
    const lanes = [{ participant: "cut", lane: 0 }];
    let lost = 0;
    const owner = wire().owners.join({
      lanes: new Map([["cut", 1]]),
      onLost: () => (lost += 1),
      onChange: () => undefined,
    });
    const other = wire().owners.join({
      lanes: new Map([["cut", 1]]),
      onLost: () => undefined,
      onChange: () => undefined,
    });
    await until(async () => expect(await owner.take(lanes)).toEqual(lanes));
    expect(await other.take(lanes)).toEqual([]);
    await end(owner);
    await until(async () => expect(lost).toBe(1));
    await until(async () => expect(await other.take(lanes)).toEqual(lanes));
    await until(async () => expect((await owner.look())?.owners.get("cut")?.get(0)).toBeDefined());
    expect(await owner.take(lanes)).toEqual([]);
  });

  /** Ends the session of an owner, as a network or an operator does. */
  async function end(owner: Owner): Promise<void> {
    const pid = Number((await owner.look())?.self.split("/")[0]);
    const client = new Client({ connectionString: fresh.url });
    await client.connect();
    await client.query("select pg_terminate_backend($1)", [pid]);
    await client.end();
  }
});
