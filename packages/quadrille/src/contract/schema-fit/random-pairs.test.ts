// The comparison of schemas against zod itself, on random pairs: what fits is accepted whatever the value,
// and what does not fit has a value that is refused.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { mulberry32 } from "../../ambient/virtual.ts";
import { jsonSchemaOf } from "../json-schema.ts";
import { schemaFit } from "./fit.ts";
import { hintsOf, samplesOf } from "./samples.ts";

const random = mulberry32(7);
const below = (limit: number): number => Math.floor(random() * limit);
const names = ["a", "b", "c"];

const leaves: readonly (() => z.ZodType)[] = [
  () => z.string(),
  () => z.string().min(below(3)),
  () => z.string().max(1 + below(3)),
  () => z.number(),
  () => z.number().min(below(3)),
  () => z.number().positive(),
  () => z.number().nonnegative(),
  () => z.int(),
  () => z.int().max(below(5)),
  () => z.boolean(),
  () => z.null(),
  () => z.literal(["a", 1, null].slice(below(3))),
  () => z.enum(["a", "b"]),
  () => z.unknown(),
];

const shapeOf = (depth: number): Readonly<Record<string, z.ZodType>> =>
  Object.fromEntries(
    names
      .filter(() => random() < 0.6)
      .map((name) => [name, random() < 0.3 ? schema(depth - 1).optional() : schema(depth - 1)]),
  );

const branches: readonly ((depth: number) => z.ZodType)[] = [
  (depth) => z.object(shapeOf(depth)),
  (depth) => z.object(shapeOf(depth)),
  (depth) => z.strictObject(shapeOf(depth)),
  (depth) => z.looseObject(shapeOf(depth)),
  (depth) => z.object(shapeOf(depth)).catchall(schema(depth - 1)),
  (depth) => z.array(schema(depth - 1)),
  (depth) => z.array(schema(depth - 1)).min(below(3)),
  (depth) => z.tuple([schema(depth - 1), schema(depth - 1)]),
  (depth) => z.record(z.string(), schema(depth - 1)),
  (depth) => z.union([schema(depth - 1), schema(depth - 1)]),
  (depth) => z.nullable(schema(depth - 1)),
  (depth) => z.intersection(z.looseObject(shapeOf(depth)), z.looseObject(shapeOf(depth))),
  (depth) =>
    z.discriminatedUnion("tag", [
      z.object({ ...shapeOf(depth), tag: z.literal("x") }),
      z.object({ ...shapeOf(depth), tag: z.literal("y") }),
    ]),
];

function schema(depth: number): z.ZodType {
  const list = depth > 0 && random() < 0.7 ? branches : leaves;
  return (list[below(list.length)] as (depth: number) => z.ZodType)(depth);
}

/** Any JSON value of a few names and small leaves, so that it is often accepted by something. */
function anything(depth: number): unknown {
  const leaf = [null, true, 0, 1, 2.5, -1, "", "a", "ab"][below(9)];
  const kind = depth <= 0 ? 0 : below(3);
  if (kind === 0) return leaf;
  const few = names.filter(() => random() < 0.5);
  if (kind === 1) return few.map(() => anything(depth - 1));
  return Object.fromEntries(
    [...few, ...(random() < 0.3 ? ["tag", "d"] : [])].map((name) => [name, anything(depth - 1)]),
  );
}

interface JudgedPair {
  readonly fits: "yes" | "no" | "unknown";
  /** Values that the writer's schema allows. */
  readonly values: number;
  readonly refused: number;
  readonly pair: string;
}

function judged(): JudgedPair {
  const depth = below(3);
  const writer = schema(depth);
  // Half of the pairs are near each other: unrelated ones never fit.
  const reader = random() < 0.5 ? schema(depth) : z.union([schema(depth), writer]);
  const [written, accepted] = [jsonSchemaOf(writer, "output"), jsonSchemaOf(reader, "input")];
  const candidates = [
    ...samplesOf(written, hintsOf(written, accepted)),
    ...Array.from({ length: 20 }, () => anything(depth)),
  ];
  const values = candidates.flatMap((value) => {
    const parsed = writer.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });
  const { fits } = schemaFit(written, accepted);
  const refused = values.filter((value) => !reader.safeParse(value).success).length;
  return { fits, values: values.length, refused, pair: JSON.stringify({ written, accepted }) };
}

describe("two thousand random pairs of zod schemas", () => {
  const all = Array.from({ length: 2_000 }, judged);
  const of = (fits: JudgedPair["fits"]): readonly JudgedPair[] => all.filter((one) => one.fits === fits);

  it("that fit: every value written is accepted", () => {
    expect(of("yes").length).toBeGreaterThan(500);
    expect(of("yes").filter(({ refused }) => refused > 0)).toEqual([]);
  });

  it("that do not fit: some value written is refused", () => {
    expect(of("no").length).toBeGreaterThan(500);
    expect(of("no").filter(({ refused }) => refused === 0)).toEqual([]);
  });

  it("are seldom unknown", () => {
    expect(of("unknown").length).toBeLessThan(200);
  });
});
