// Whether what one schema writes is accepted by another: certain answers only, and unknown for the rest.
import { describe, expect, it } from "vitest";
import { schemaFit } from "./schema-fit.ts";

const object = (properties: object, required: readonly string[] = Object.keys(properties)): object => ({
  type: "object",
  properties,
  required,
});
const amount = { amount: { type: "number" } };

describe("what was written", () => {
  it.each([
    ["the same", object(amount), object(amount)],
    [
      "one property more that may be missing",
      object(amount),
      object({ ...amount, note: { type: "string" } }, ["amount"]),
    ],
    ["a property less", object({ ...amount, note: { type: "string" } }), object(amount)],
    ["whole numbers as numbers", { type: "integer" }, { type: "number" }],
    ["fewer values than are accepted", { enum: ["a"] }, { enum: ["a", "b"] }],
    ["one of several forms", { type: "string" }, { anyOf: [{ type: "null" }, { type: "string" }] }],
    ["within wider bounds", { type: "string", maxLength: 5 }, { type: "string", maxLength: 9 }],
    ["under another title", { type: "string" }, { type: "string", title: "A name" }],
  ])("fits: %s", (_, written, accepted) => {
    expect(schemaFit(written, accepted)).toEqual({ fits: "yes" });
  });

  it.each([
    [
      "currency is required, and may be missing",
      object(amount),
      object({ ...amount, currency: { type: "string" } }),
    ],
    [
      'amount is written as "number" and must be string',
      object(amount),
      object({ amount: { type: "string" } }),
    ],
    ['may be written as "b", which is not accepted', { enum: ["a", "b"] }, { enum: ["a"] }],
    ['must be "a"', { type: "string" }, { enum: ["a"] }],
    [
      "note is not accepted any more",
      object({ ...amount, note: {} }),
      { ...object(amount), additionalProperties: false },
    ],
    [
      'lines[].amount is written as "number"',
      { type: "object", properties: { lines: { type: "array", items: object(amount) } } },
      {
        type: "object",
        properties: { lines: { type: "array", items: object({ amount: { type: "string" } }) } },
      },
    ],
    [
      "has maximum 9, and was written with 10",
      { type: "number", maximum: 10 },
      { type: "number", maximum: 9 },
    ],
    ["has minLength 1", { type: "string" }, { type: "string", minLength: 1 }],
    ["fits none of the forms", { type: "boolean" }, { anyOf: [{ type: "null" }, { type: "string" }] }],
  ])("does not fit: %s", (reason, written, accepted) => {
    expect(schemaFit(written, accepted)).toMatchObject({
      fits: "no",
      reason: expect.stringContaining(reason) as unknown,
    });
  });

  it.each([
    ["a pattern", { type: "string" }, { type: "string", pattern: "^a" }],
    ["a word that is not compared", { type: "object" }, { type: "object", propertyNames: { minLength: 2 } }],
    ["no type", {}, { type: "string" }],
  ])("is unknown with %s", (_, written, accepted) => {
    expect(schemaFit(written, accepted)).toMatchObject({ fits: "unknown" });
  });
});
