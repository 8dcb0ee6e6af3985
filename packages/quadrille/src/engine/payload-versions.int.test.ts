// What was stored by an earlier version of a schema is read through its upcasters, and never trusted; on
// every store.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { soon } from "../../../../test/soon.ts";
import {
  close,
  inCents,
  inCentsOnly,
  inEuros,
  open,
  pay,
  type PayingVersion,
} from "../../test/paying-versions.ts";
import { kinds, type SharedTables, sharedTables } from "../../test/shared-tables.ts";
import { systemAmbient } from "../ambient/system.ts";
import type { Database } from "../store/database.ts";
import type { Engine } from "./message/api.ts";
import { startEngine } from "./engine.ts";

describe.each(kinds)("a payload of an earlier version on %s", (where) => {
  let shared: SharedTables;

  beforeAll(async () => {
    shared = await sharedTables(where);
  });
  afterAll(() => shared[Symbol.asyncDispose]());

  function start(
    database: Database,
    { choreography, services }: PayingVersion,
    only?: 0 | 1,
  ): Promise<Engine> {
    return startEngine({
      choreography,
      services: only === undefined ? services : [services[only]],
      database,
      ambient: systemAmbient(() => undefined),
      limits: { pollMs: 20 },
    });
  }
  /** Pays twice in the version given: one event is parked by the book, the other one is still to be read. */
  async function payTwice(database: Database, version: PayingVersion): Promise<void> {
    {
      await using both = await start(database, version);
      await both.send(pay, { amount: 10 }, { sagaId: "aside" });
      await both.idle({ signal: soon() });
    }
    await using till = await start(database, version, 0);
    await till.send(pay, { amount: 20 }, { sagaId: "unread" });
  }
  async function takeAll(engine: Engine): Promise<void> {
    for (const sagaId of ["aside", "unread"]) {
      await engine.send(open, { sagaId });
      await engine.send(close, { sagaId }).catch(() => undefined);
    }
    await engine.idle({ signal: soon() });
  }
  async function deadAt(database: Database, name: string): Promise<readonly (string | undefined)[]> {
    const store = await database.inspect({ name });
    return (await store.parked({ reason: "dead", limit: 10 })).map(({ error }) => error?.code);
  }

  it("is read through the upcasters: from the journal, from what is parked, and as an entity's data", async () => {
    const database = shared.own();
    await payTwice(database, inEuros());
    const version = inCents();
    {
      await using engine = await start(database, version);
      await takeAll(engine);
    }
    const money = [
      { amount: 1000, currency: "EUR" },
      { amount: 2000, currency: "EUR" },
    ];
    expect(version.seen).toEqual({ booked: money, held: money });
    expect(await deadAt(database, "Book")).toEqual([]);
    // What the new version writes is of the new version, and is not brought there again.
    const later = inCents();
    await using engine = await start(database, later);
    await engine.send(pay, { amount: 5 }, { sagaId: "new" });
    await engine.send(open, { sagaId: "new" });
    await engine.idle({ signal: soon() });
    expect(later.seen.booked).toEqual([{ amount: 5, currency: "EUR" }]);
  });

  it("is never handed to code that was not made for it", async () => {
    const database = shared.own();
    await payTwice(database, inEuros());
    const version = inCentsOnly();
    await using engine = await start(database, version);
    await takeAll(engine);
    expect(version.seen).toEqual({ booked: [], held: [] });
    expect(await deadAt(database, "Book")).toEqual(["Q_PAYLOAD_INVALID", "Q_PAYLOAD_INVALID"]);
    const sent = engine.send(close, { sagaId: "aside" });
    await expect(sent).rejects.toMatchObject({ code: "Q_PAYLOAD_INVALID" });
    await expect(sent).rejects.toThrow(/^data of Till: .*currency/);
  });

  it("is all that an earlier contract can read: it is refused once a later one has written", async () => {
    const database = shared.own();
    await payTwice(database, inCents());
    const back = start(database, inEuros());
    await expect(back).rejects.toMatchObject({ code: "Q_CONTRACT_CHANGED" });
    await expect(back).rejects.toThrow(
      "the entity's data are stored in version 2, and the contract has version 1; Paid is stored in version 2",
    );
  });

  it("of a later version is a dead letter until its reader is updated", async () => {
    const database = shared.own();
    {
      await using engine = await start(database, inEuros());
      await engine.idle({ signal: soon() });
    }
    {
      await using till = await start(database, inCents(), 0);
      await till.send(pay, { amount: 5 }, { sagaId: "s" });
    }
    const early = inEuros();
    await using book = await start(database, early, 1);
    await book.send(open, { sagaId: "s" });
    await book.idle({ signal: soon() });
    expect(early.seen.booked).toEqual([]);
    expect(await deadAt(database, "Book")).toEqual(["Q_VERSION_NEWER"]);
  });
});
