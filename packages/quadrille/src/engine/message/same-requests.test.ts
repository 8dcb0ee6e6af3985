// An idempotency key stands for what its caller sent, not for what a schema makes of it: a schema may make
// something else of the same request each time, or in a later version.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { World } from "../../../test/engine-world.ts";
import { choreography } from "../../contract/choreography.ts";
import { service } from "../../contract/handler.ts";
import { to } from "../../contract/outcome.ts";
import { participant } from "../../contract/participant.ts";
import { on } from "../../contract/reaction.ts";
import { command, type CommandType, type Schema } from "../../contract/trigger.ts";
import { versioned } from "../../contract/versioned.ts";
import { memoryDatabase } from "../../store/memory/memory-database.ts";
import type { Database } from "../../store/database.ts";
import type { Store } from "../../store/store.ts";
import { requestDigest } from "./request-digest.ts";

const reused = { code: "Q_IDEMPOTENCY_KEY_REUSED" };
const key = { sagaId: "s", idempotencyKey: "k" };

interface Noting extends AsyncDisposable {
  readonly here: World;
  readonly note: CommandType<"note">;
}

/** Takes the command `note`, by a schema. */
function noting(schema: Schema<unknown>, database: Database = memoryDatabase()): Noting {
  const note = command("note", schema);
  const pad = participant("Pad", {
    entity: "Pad",
    initial: "none",
    states: { none: [on(note, to("NOTED"))], NOTED: [on(note, to("NOTED"))] },
  });
  const notes = choreography("Notes", { participants: [pad], ends: { noted: { Pad: "NOTED" } } });
  const here = new World({ choreography: notes, services: [service(pad)], database });
  return { here, note, [Symbol.asyncDispose]: () => here[Symbol.asyncDispose]() };
}

/**
 * A database whose answers were written as by the versions before: by what the schema made of the payload.
 */
function writtenBefore(database: Database, digest: string): Database {
  const before = (store: Store): Store =>
    new Proxy(store, {
      get: (target, name) => {
        if (name !== "answers") {
          const own: unknown = Reflect.get(target, name, target);
          return typeof own === "function" ? (own.bind(target) as unknown) : own;
        }
        return async (keys: readonly string[]) => {
          const found = await target.answers(keys);
          return new Map(Array.from(found, ([one, answer]) => [one, { ...answer, digest }]));
        };
      },
    });
  return { ...database, open: async (setup) => before(await database.open(setup)) };
}

describe("a request that comes again", () => {
  it("is the same where its schema has a default that differs each time", async () => {
    let count = 0;
    const Note = z.object({ text: z.string(), ref: z.string().default(() => `ref ${(count += 1)}`) });
    await using at = noting(Note);
    const engine = await at.here.start();
    const first = await engine.send(at.note, { text: "x" }, key);
    expect(await engine.send(at.note, { text: "x" }, key)).toEqual({ ...first, repeated: true });
    await expect(engine.send(at.note, { text: "y" }, key)).rejects.toMatchObject(reused);
    await expect(engine.send(at.note, { text: "x", ref: "ref 1" }, key)).rejects.toMatchObject(reused);
  });

  it("is the same within one batch", async () => {
    let count = 0;
    await using at = noting(z.object({ ref: z.number().default(() => (count += 1)) }));
    const engine = await at.here.start();
    const both = await Promise.all([engine.send(at.note, {}, key), engine.send(at.note, {}, key)]);
    expect(both).toMatchObject([{ repeated: false }, { repeated: true }]);
  });

  it.each<[what: string, later: Schema<unknown>]>([
    ["with a default", z.object({ text: z.string(), channel: z.string().default("web") })],
    ["that transforms", z.object({ text: z.string().trim().toUpperCase() })],
    [
      "of another version",
      versioned(z.object({ text: z.string(), version: z.literal(2).default(2) }), (old) => old),
    ],
  ])("is the same over the deployment of a schema %s", async (_what, later) => {
    const database = memoryDatabase();
    const before = noting(z.object({ text: z.string() }), database);
    const first = await (await before.here.start()).send(before.note, { text: "x" }, key);
    await before[Symbol.asyncDispose]();
    await using at = noting(later, database);
    const engine = await at.here.start();
    expect(await engine.send(at.note, { text: "x" }, key)).toEqual({ ...first, repeated: true });
    await expect(engine.send(at.note, { text: "y" }, key)).rejects.toMatchObject(reused);
  });

  it("is another one where only the schema makes both alike", async () => {
    await using at = noting(z.object({ cents: z.number().transform((euros) => euros * 100) }));
    const engine = await at.here.start();
    await engine.send(at.note, { cents: 100 }, key);
    await expect(engine.send(at.note, { cents: 1 }, key)).rejects.toMatchObject(reused);
  });

  it("is compared by what the schema makes of it where it is no JSON", async () => {
    await using at = noting(
      z.object({
        when: z
          .date()
          .transform((date) => date.toISOString())
          .or(z.string()),
      }),
    );
    const engine = await at.here.start();
    const first = await engine.send(at.note, { when: new Date(1) }, key);
    expect(await engine.send(at.note, { when: new Date(1) }, key)).toEqual({ ...first, repeated: true });
    await expect(engine.send(at.note, { when: new Date(2) }, key)).rejects.toMatchObject(reused);
  });

  it.each<[what: string, content: object]>([
    ["by what its caller sent", { text: "x" }],
    ["by what the schema made of it", { text: "x", channel: "web" }],
  ])("is the same where an earlier version of the library has kept it %s", async (_what, content) => {
    const database = memoryDatabase();
    const digest = requestDigest({ command: "note", sagaId: "s", content });
    await using at = noting(
      z.object({ text: z.string(), channel: z.string().default("web") }),
      writtenBefore(database, digest),
    );
    const engine = await at.here.start();
    const first = await engine.send(at.note, { text: "x" }, key);
    expect(await engine.send(at.note, { text: "x" }, key)).toEqual({ ...first, repeated: true });
    await expect(engine.send(at.note, { text: "y" }, key)).rejects.toMatchObject(reused);
  });
});
