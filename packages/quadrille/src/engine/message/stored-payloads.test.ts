// A schema fills in and transforms what enters, and nothing that is stored: where it would have to, what is
// stored was made for another schema, and no handler gets it.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { World } from "../../../test/engine-world.ts";
import { choreography } from "../../contract/choreography.ts";
import { service } from "../../contract/handler.ts";
import { to } from "../../contract/outcome.ts";
import { participant } from "../../contract/participant.ts";
import { on } from "../../contract/reaction.ts";
import { command, event } from "../../contract/trigger.ts";
import { memoryDatabase } from "../../store/memory/memory-database.ts";
import type { Database } from "../../store/database.ts";
import { PayloadChecker } from "./payload.ts";

const Owner = z.object({ owner: z.string() });
const WithCurrency = Owner.extend({ currency: z.string().default("EUR") });
const open = command("open", Owner);
const close = command("close");

interface Seen {
  readonly here: World;
  readonly seen: unknown[];
}

/** A till and a book whose payloads and data have this schema. */
function paying(schema: z.ZodType<z.infer<typeof Owner>>, database: Database): Seen {
  const seen: unknown[] = [];
  const Paid = event("Paid", schema);
  const till = participant("Till", {
    entity: "Till",
    data: schema,
    initial: "none",
    states: { none: [on(open, to("OPEN").emits(Paid))], OPEN: [on(close, to("CLOSED"))], CLOSED: [] },
  });
  const book = participant("Book", {
    entity: "Page",
    initial: "none",
    states: { none: [on(Paid, to("WRITTEN"))], WRITTEN: [] },
  });
  const pays = choreography("Pays", {
    participants: [till, book],
    ends: { done: { Till: "CLOSED", Book: "WRITTEN" } },
  });
  const services = [
    service(till, {
      handlers: {
        none: { open: ({ payload, choose }) => choose({ Paid: payload }, { data: payload }) },
        OPEN: {
          close: ({ entity, choose }) => {
            seen.push(entity.data);
            return choose();
          },
        },
      },
    }),
    service(book, {
      handlers: {
        none: {
          Paid: ({ payload, choose }) => {
            seen.push(payload);
            return choose();
          },
        },
      },
    }),
  ];
  return { here: new World({ choreography: pays, services, database, limits: { attemptsMax: 1 } }), seen };
}

describe("what is stored", () => {
  const payloads = new PayloadChecker(1_000);
  const accepting =
    (schema: z.ZodType, data: unknown): (() => unknown) =>
    () =>
      payloads.accept(schema, { what: "Paid", data });

  it.each<[what: string, schema: z.ZodType, data: unknown, path: string]>([
    ["lacks a field with a default", WithCurrency, { owner: "o" }, "currency"],
    [
      "lacks one in an array",
      z.array(WithCurrency),
      [{ owner: "o", currency: "EUR" }, { owner: "p" }],
      "1.currency",
    ],
    ["lacks the whole payload", Owner.default({ owner: "o" }), undefined, "the payload"],
    ["is of another type than handlers get", z.object({ n: z.string().transform(Number) }), { n: "5" }, "n"],
    [
      "is null where handlers get an array",
      z.object({
        l: z
          .array(z.int())
          .nullable()
          .transform((l) => l ?? []),
      }),
      { l: null },
      "l",
    ],
  ])("and %s is refused", (...[, schema, data, path]) => {
    expect(accepting(schema, data)).toThrow(expect.objectContaining({ code: "Q_PAYLOAD_INVALID" }));
    expect(accepting(schema, data)).toThrow(`Paid: ${path}`);
  });

  it.each<[what: string, schema: z.ZodType, data: unknown]>([
    ["has fields that the schema drops", Owner, { owner: "o", more: 1 }],
    [
      "is changed by the schema once more",
      z.object({ cents: z.number().transform((n) => n * 100) }),
      { cents: 5 },
    ],
    ["lacks an optional field", Owner.extend({ more: z.string().optional() }), { owner: "o" }],
    ["has its default", WithCurrency, { owner: "o", currency: "USD" }],
  ])("and %s is given as it is", (_what, schema, data) => {
    expect(accepting(schema, data)()).toBe(data);
  });

  it("is never given to handlers of a schema that has a new default", async () => {
    const database = memoryDatabase();
    const before = paying(Owner, database).here;
    const [till] = before.options.services;
    if (till === undefined) throw new Error("there is a till");
    await (await before.start({ services: [till] })).send(open, { owner: "o" }, { sagaId: "s" });
    await before[Symbol.asyncDispose]();
    const { here, seen } = paying(WithCurrency, database);
    await using world = here;
    const engine = await world.start();
    await world.calm();
    await expect(engine.send(close, { sagaId: "s" })).rejects.toMatchObject({ code: "Q_PAYLOAD_INVALID" });
    const [dead] = await world.parked("Book");
    expect(dead).toMatchObject({ trigger: "Paid", reason: "dead", error: { code: "Q_PAYLOAD_INVALID" } });
    expect(dead?.error?.message).toContain("currency");
    expect(seen).toEqual([]);
  });
});
