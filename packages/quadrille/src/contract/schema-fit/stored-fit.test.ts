// What is stored is read without defaults and transforms: it has to be what handlers are promised already.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { storedFit } from "./stored-fit.ts";

const Owner = z.object({ owner: z.string() });
const pairs: readonly (readonly [what: string, writer: z.ZodType, reader: z.ZodType, fits: string])[] = [
  ["the same schema", Owner, Owner, "yes"],
  ["fields that the reader drops", Owner.extend({ more: z.number() }), Owner, "yes"],
  ["an optional field that is new", Owner, Owner.extend({ more: z.string().optional() }), "yes"],
  [
    "a default that the writer has, too",
    Owner.extend({ c: z.string().default("x") }),
    Owner.extend({ c: z.string().default("y") }),
    "yes",
  ],
  ["a union of objects", Owner, z.union([Owner, z.object({ id: z.int() })]), "yes"],
  ["a default that is new", Owner, Owner.extend({ currency: z.string().default("EUR") }), "no"],
  [
    "a default in a field",
    z.object({ of: Owner }),
    z.object({ of: Owner.extend({ n: z.int().default(1) }) }),
    "no",
  ],
  ["a default in an array", z.array(Owner), z.array(Owner.extend({ n: z.int().default(1) })), "no"],
  ["a field that is new", Owner, Owner.extend({ more: z.string() }), "no"],
  [
    "fields that the reader refuses",
    Owner.extend({ more: z.number() }),
    z.strictObject({ owner: z.string() }),
    "no",
  ],
  ["another type", Owner, z.object({ owner: z.number() }), "no"],
  ["a transform", Owner, z.object({ owner: z.string().transform(Number) }), "unknown"],
  ["a pipe to another type", Owner, z.object({ owner: z.string().transform(Number).pipe(z.number()) }), "no"],
];

describe("what is stored", () => {
  it.each(pairs)("by a schema with %s", (...[, writer, reader, fits]) => {
    expect(storedFit(writer, reader).fits).toBe(fits);
  });
});
