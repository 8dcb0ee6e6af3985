// What is stored while a saga is under way, and was made by an earlier version: facts of a join, a call's
// result, the data that a call is given. It is read through the upcasters, and never trusted; on every store.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { soon } from "../../../../test/soon.ts";
import {
  collectsCents,
  collectsCentsOnly,
  collectsEuros,
  type CollectingVersion,
  pay,
  ship,
} from "../../test/collecting-versions.ts";
import { kinds, type SharedTables, sharedTables } from "../../test/shared-tables.ts";
import { systemAmbient } from "../ambient/system.ts";
import { redriveAll } from "../operations/redrive-and-discard.ts";
import type { ParkedRecord } from "../store/records.ts";
import type { Database } from "../store/database.ts";
import type { Inspection } from "../store/store.ts";
import { startEngine } from "./engine.ts";
import type { Engine } from "./message/api.ts";

const fromEuros = { amount: 1000, currency: "EUR" };
const cents = { amount: 5, currency: "EUR" };
/** Vitest types its matchers as `any`. */
const matching = (text: RegExp): unknown => expect.stringMatching(text);

describe.each(kinds)("what an earlier version has stored on %s", (kind) => {
  let shared: SharedTables;

  beforeAll(async () => {
    shared = await sharedTables(kind);
  });
  afterAll(() => shared[Symbol.asyncDispose]());

  function start(database: Database, { choreography, services }: CollectingVersion): Promise<Engine> {
    const ambient = systemAmbient(() => undefined);
    const limits = { pollMs: 20, attemptsMax: 2, backoffMs: 1 };
    return startEngine({ choreography, services, database, ambient, limits });
  }
  function bookOf(database: Database): Promise<Inspection> {
    return database.inspect({ name: "Book" });
  }
  async function deadLetters(database: Database): Promise<readonly ParkedRecord[]> {
    return (await bookOf(database)).parked({ reason: "dead", limit: 10 });
  }
  /** Has a version record a call's result, whose handler is broken, and gives what is dead in the end. */
  async function record(database: Database, version: CollectingVersion): Promise<readonly ParkedRecord[]> {
    await using engine = await start(database, version);
    for (const one of [pay, ship]) await engine.send(one, { sagaId: "s" });
    await expect.poll(() => deadLetters(database)).toHaveLength(1);
    return await deadLetters(database);
  }
  /** A process of the first version ends while its call is under way. */
  async function stopInCall(database: Database): Promise<void> {
    await using engine = await start(database, collectsEuros({ isSilent: true }));
    for (const one of [pay, ship]) await engine.send(one, { sagaId: "s" });
    const book = await bookOf(database);
    const stateOf = async (): Promise<string | undefined> => (await book.load(["s"])).get("s")?.state;
    await expect.poll(stateOf).toBe("TAXING");
  }
  /** Sends the commands of one saga, and waits until nothing is pending. */
  async function run(
    database: Database,
    version: CollectingVersion,
    ...commands: readonly (typeof pay | typeof ship)[]
  ): Promise<void> {
    await using engine = await start(database, version);
    for (const one of commands) await engine.send(one, { sagaId: "s" });
    await engine.idle({ signal: soon() });
  }

  it("as a fact of a join is read through the upcasters when the join is complete", async () => {
    const database = shared.own();
    await run(database, collectsEuros(), pay);
    const version = collectsCents();
    await run(database, version, ship);
    expect(version.given).toEqual({ joined: [fromEuros], called: [fromEuros], taxed: [cents] });
  });

  it("as a fact is not brought to a version that it has already", async () => {
    const database = shared.own();
    await run(database, collectsCents(), pay);
    const version = collectsCents();
    await run(database, version, ship);
    expect(version.given.joined).toEqual([cents]);
  });

  it("as a fact is never handed to code that was not made for it", async () => {
    const database = shared.own();
    await run(database, collectsEuros(), pay);
    const version = collectsCentsOnly();
    await run(database, version, ship);
    expect(version.given.joined).toEqual([]);
    expect(await deadLetters(database)).toMatchObject([
      {
        trigger: "Shipped",
        error: { code: "Q_PAYLOAD_INVALID", message: matching(/^Paid, .*currency/) },
      },
    ]);
  });

  it("as a call's recorded result is read through the upcasters, and the call is not made again", async () => {
    const database = shared.own();
    const before = collectsEuros({ isBroken: true });
    const [dead] = await record(database, before);
    expect(before.given.called).toEqual([{ amount: 10 }]);
    expect(dead).toMatchObject({ kind: "activity", data: { cameBack: "result", value: { amount: 10 } } });
    const version = collectsCents();
    await using engine = await start(database, version);
    await offerAgain(database);
    await engine.idle({ signal: soon() });
    await expect.poll(() => version.given.taxed.at(-1)).toEqual(fromEuros);
    expect(version.given.called).toEqual([]);
  });

  it("as a recorded result is not brought to a version that it has already", async () => {
    const database = shared.own();
    await record(database, collectsCents({ isBroken: true }));
    const version = collectsCents();
    await using engine = await start(database, version);
    await offerAgain(database);
    await engine.idle({ signal: soon() });
    await expect.poll(() => version.given.taxed.at(-1)).toEqual(cents);
  });

  it("as the data of an entity that waits for a call is read through the upcasters before the call is made", async () => {
    const database = shared.own();
    await stopInCall(database);
    const version = collectsCents();
    await run(database, version);
    await expect.poll(() => version.given).toEqual({ joined: [], called: [fromEuros], taxed: [cents] });
  });

  it("as such data is never handed to a call that was not made for it", async () => {
    const database = shared.own();
    await stopInCall(database);
    const version = collectsCentsOnly();
    await run(database, version);
    await expect
      .poll(() => deadLetters(database))
      .toMatchObject([
        {
          trigger: "tax",
          kind: "activity",
          attempts: 1,
          error: { code: "Q_PAYLOAD_INVALID", message: matching(/^data of Page: .*currency/) },
        },
      ]);
    expect(version.given.called).toEqual([]);
  });

  /** Has what is dead offered again. */
  async function offerAgain(database: Database): Promise<void> {
    await redriveAll(await bookOf(database), {});
  }
});
