// The engine on real databases: the same ends, handlers with transactions of their own, lost connections, two
// processes.
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type FreshDatabase, freshDatabase } from "../../../../test/postgres.ts";
import { audit } from "../../test/engine-audit.ts";
import { storeOf } from "../../test/store-of.ts";
import { type Fault, faultyDatabase } from "../../test/faulty-database.ts";
import { reference } from "../../test/reference-choreographies.ts";
import { choreography, type Choreography } from "../contract/choreography.ts";
import { fromJson } from "../contract/json/from-json.ts";
import { service, type Service } from "../contract/handler.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { lock, on } from "../contract/reaction.ts";
import { command, event } from "../contract/trigger.ts";
import { QuadrilleError } from "../errors.ts";
import type { Database, SqlDatabase } from "../store/database.ts";
import type { Store } from "../store/store.ts";
import { freshPglite } from "../../../../test/pglite.ts";
import { soon } from "../../../../test/soon.ts";
import { postgresDatabase } from "../store/postgres/postgres-database.ts";
import { scriptedServices } from "../testing/scripted.ts";
import type { Engine } from "./message/api.ts";
import { startEngine } from "./engine.ts";

const create = command("createOrder");

/** Create Order under names of its own, so that tests share a database and no tables. */
function orders(prefix: string): {
  readonly choreography: Choreography;
  readonly services: readonly Service[];
} {
  const json = reference("create-order");
  const renamed = <T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [`${prefix}${name}`, value]));
  const made = fromJson({
    ...json,
    participants: renamed(json.participants),
    ends: json.ends.map((end) => ({ ...end, states: renamed(end.states) })),
    forbidden: json.forbidden.map((one) => ({ ...one, states: renamed(one.states) })),
  });
  let asked = 0;
  const choose = ({ outcomes }: { readonly outcomes: readonly string[] }): string =>
    outcomes[(asked += 1) % 10 === 0 ? outcomes.length - 1 : 0] ?? "";
  return { choreography: made, services: scriptedServices(made, { choose }) };
}

/** Places orders at the engines in turn and waits for their ends. */
async function placeAll(engines: readonly Engine[], count: number): Promise<ReadonlyMap<string, number>> {
  const ends = new Map<string, number>();
  const one = async (index: number): Promise<void> => {
    const engine = engines[index % engines.length] as Engine;
    const options = { sagaId: `saga-${index}`, idempotencyKey: `order-${index}` };
    const { sagaId } = await engine.send(create, options);
    const end = (await engine.saga(sagaId).ended({ signal: soon() }))?.end ?? "none";
    ends.set(end, (ends.get(end) ?? 0) + 1);
  };
  await Promise.all(Array.from({ length: count }, (_, index) => one(index)));
  return ends;
}

const Written = event("Written", z.object({ words: z.string() }));
const write = command("write", z.object({ words: z.string(), how: z.string() }));
const close = command("close");
const writer = participant("writer", {
  entity: "Sheet",
  initial: "EMPTY",
  states: {
    EMPTY: [on(write, { good: to("WRITTEN").emits(Written) })],
    WRITTEN: lock([on(close, to("CLOSED")), on(write, { good: to("WRITTEN").emits(Written) })]),
    CLOSED: [],
  },
});
const reader = participant("reader", {
  entity: "Reading",
  data: z.object({ words: z.string() }),
  initial: "NONE",
  states: { NONE: [on(Written, to("READ"))], READ: [on(Written, to("READ"))] },
});
const writing = choreography("Writing", {
  participants: [writer, reader],
  ends: { read: { writer: "CLOSED", reader: "READ" } },
  commands: { write: "unbounded" },
});
type Tx = Parameters<Parameters<Store["transact"]>[0]>[0]["transaction"];

async function note(tx: Tx, words: string): Promise<void> {
  await tx.query("insert into public.sheet (words) values ($1)", [words]);
}

const writingServices = [
  service(writer, {
    handlers: {
      EMPTY: {
        write: {
          transact: async ({ payload: { words, how }, choose }, tx) => {
            await note(tx, words);
            if (how === "throw") throw new Error("crossed out");
            if (how === "swallow") await note(tx, words).catch(() => undefined);
            return choose.good({ Written: { words: how === "wrong" ? (7 as unknown as string) : words } });
          },
        },
      },
      WRITTEN: { write: ({ payload: { words }, choose }) => choose.good({ Written: { words } }) },
    },
  }),
  service(reader, {
    handlers: {
      NONE: { Written: ({ payload: { words }, choose }) => choose({ data: { words } }) },
      READ: {
        Written: ({ payload: { words }, choose }) => {
          if (words.startsWith("bad")) throw new Error(`bad: ${words} \0 \ud800`);
          return choose({ data: { words } });
        },
      },
    },
  }),
];

/** The words in the service's own table. */
async function sheet(database: Database): Promise<readonly unknown[]> {
  const store = await storeOf(database, "writer");
  const words: unknown[] = [];
  await store.transact(async ({ transaction }) => {
    const { rows } = await transaction.query("select words from public.sheet order by words");
    words.push(...rows.map((row) => row["words"]));
    return "overtaken";
  });
  return words;
}

describe.each(["PGlite", "PostgreSQL"] as const)("the engine on %s", (kind) => {
  let fresh: FreshDatabase | undefined;
  let database: SqlDatabase;

  beforeAll(async () => {
    fresh = kind === "PostgreSQL" ? await freshDatabase() : undefined;
    database =
      fresh === undefined
        ? await freshPglite()
        : await postgresDatabase({ url: fresh.url, connectionsMax: 4 });
    await database.sql.query("create table public.sheet (words text primary key)");
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await fresh?.drop();
  });

  it("brings every order to a declared end, and goes on after a restart", async () => {
    const { choreography: made, services } = orders("A");
    const first = await startEngine({ choreography: made, services, database });
    const ends = await placeAll([first], 60);
    await first.drain();
    expect([...ends.keys()].toSorted()).toEqual(["approved", "rejected"]);
    await using second = await startEngine({ choreography: made, services, database });
    const again = await second.send(create, { sagaId: "saga-1", idempotencyKey: "order-1" });
    expect(again).toMatchObject({ status: "accepted", repeated: true });
    expect(await second.saga("saga-1").ended({ signal: soon() })).toBeDefined();
    expect(await audit(database, [made])).toEqual([]);
  });

  it("loses and doubles nothing when answers to flushes are lost", async () => {
    const { choreography: made, services } = orders("B");
    let flushes = 0;
    const fault: Fault = async ({ method, phase }) => {
      if (method !== "flush" || phase === "before" || (flushes += 1) % 3 !== 0) return;
      throw new QuadrilleError("Q_STORE_UNREACHABLE", "the answer was lost", { retryable: true });
    };
    await using engine = await startEngine({
      choreography: made,
      services,
      database: faultyDatabase(database, fault),
      limits: { backoffMs: 2, pauseMsMax: 5 },
    });
    const ends = await placeAll([engine], 20);
    expect([...ends.values()].reduce((sum, count) => sum + count, 0)).toBe(20);
    expect(ends.has("none")).toBe(false);
    await engine.idle({ signal: soon() });
    expect(await audit(database, [made])).toEqual([]);
  });

  it("commits what a transact handler writes with its batch, and rolls it back alone when it fails", async () => {
    await using engine = await startEngine({ choreography: writing, services: writingServices, database });
    const sent = ["fine", "throw", "wrong", "swallow", "fine too"].map((how) =>
      engine.send(write, { words: how, how }, { sagaId: how, idempotencyKey: how }),
    );
    const answers = await Promise.allSettled(sent);
    expect(answers.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "rejected",
      "rejected",
      "fulfilled",
    ]);
    expect(answers[1]).toMatchObject({ reason: { message: "crossed out" } });
    expect(answers[2]).toMatchObject({ reason: { code: "Q_PAYLOAD_INVALID" } });
    expect(await sheet(database)).toEqual(["fine", "fine too"]);
    await engine.idle({ signal: soon() });
    const store = await storeOf(database, "reader");
    expect((await store.census()).get("READ")).toBe(2);
    expect(await audit(database, [writing])).toEqual([]);
  });

  it("answers repeats and refusals of a participant whose handlers use transactions", async () => {
    await using engine = await startEngine({ choreography: writing, services: writingServices, database });
    const options = { sagaId: "closing", idempotencyKey: "close" };
    await engine.send(write, { words: "closing", how: "fine" }, { sagaId: "closing" });
    const first = await engine.send(close, options);
    expect(await engine.send(close, options)).toEqual({ ...first, repeated: true });
    expect(await engine.send(close, { sagaId: "closing" })).toMatchObject({ status: "refused" });
  });

  it("keeps texts that PostgreSQL cannot store from stopping a lane", async () => {
    await using engine = await startEngine({
      choreography: writing,
      services: writingServices,
      database,
      limits: { attemptsMax: 1 },
    });
    const options = { sagaId: "texts" };
    await engine.send(write, { words: "texts", how: "fine" }, options);
    for (const words of ["a\0b", "half \ud800", "bad one"])
      await engine.send(write, { words, how: "" }, options);
    await engine.send(write, { words: "other", how: "fine" }, { sagaId: "other" });
    await engine.idle({ signal: soon() });
    const store = await storeOf(database, "reader");
    const found = await store.load(["texts", "other"]);
    expect(found.get("texts")?.data).toEqual({ words: "half \ud800" });
    expect(found.get("other")?.data).toEqual({ words: "other" });
    expect(await store.parked({ reason: "dead", limit: 9 })).toMatchObject([
      { key: "texts", error: { message: "bad: bad one \0 \ud800" } },
    ]);
  });
});

describe("the engine on PostgreSQL", () => {
  let fresh: FreshDatabase;

  beforeAll(async () => {
    fresh = await freshDatabase();
  });
  afterAll(() => fresh.drop());

  it("shares its lanes with another process, and nothing is lost or doubled", async () => {
    const { choreography: made, services } = orders("C");
    await using one = await postgresDatabase({ url: fresh.url, connectionsMax: 4 });
    await using two = await postgresDatabase({ url: fresh.url, connectionsMax: 4 });
    const options = {
      choreography: made,
      services,
      limits: { backoffMs: 5, pauseMsMax: 50, pollMs: 20, renewMs: 100 },
    };
    const engines = [
      await startEngine({ ...options, database: one }),
      await startEngine({ ...options, database: two }),
    ];
    const ends = await placeAll(engines, 40);
    expect(ends.has("none")).toBe(false);
    for (const engine of engines) await engine.drain();
    expect(await audit(one, [made])).toEqual([]);
  });

  it("goes on when its connections are cut, and loses nothing", async () => {
    const { choreography: made, services } = orders("D");
    await using database = await postgresDatabase({ url: fresh.url, connectionsMax: 4 });
    await using engine = await startEngine({
      choreography: made,
      services,
      database,
      limits: { backoffMs: 5, pauseMsMax: 50, batchMessagesMax: 2 },
    });
    const client = new Client({ connectionString: fresh.url });
    await client.connect();
    const placed = placeAll([engine], 40);
    let ended = 0;
    engine.onEnd(() => (ended += 1));
    const cuts: Promise<unknown>[] = [];
    // Cut again each time that some orders have come through.
    engine.onEnd(() => {
      if (ended % 8 !== 1) return;
      cuts.push(
        client.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()",
        ),
      );
    });
    const ends = await placed;
    await Promise.all(cuts);
    await client.end();
    expect(cuts.length).toBeGreaterThan(2);
    expect(ends.has("none")).toBe(false);
    await engine.idle({ signal: soon() });
    // Connections of its own: the engine goes on where one was cut last, an audit does not.
    await using whole = await postgresDatabase({ url: fresh.url });
    expect(await audit(whole, [made])).toEqual([]);
  });
});
