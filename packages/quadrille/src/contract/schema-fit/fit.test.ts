// Whether what one schema writes is accepted by another: certain answers only, and unknown for the rest.
import { describe, expect, it } from "vitest";
import { schemaFit } from "./fit.ts";

const object = (properties: object, required: readonly string[] = Object.keys(properties)): object => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});
const open = (properties: object, additionalProperties: unknown): object => ({
  ...object(properties),
  additionalProperties,
});
const text = { type: "string" };
const number = { type: "number" };
const tagged = (tag: string, properties: object = {}): object =>
  object({ tag: { type: "string", const: tag }, ...properties });
const amount = { amount: { type: "number" } };

describe("what was written", () => {
  it.each([
    ["the same", object(amount), object(amount)],
    [
      "one property more that may be missing",
      object(amount),
      object({ ...amount, note: { type: "string" } }, ["amount"]),
    ],
    ["a property less", object({ ...amount, note: text }), open(amount, {})],
    ["whole numbers as numbers", { type: "integer" }, { type: "number" }],
    ["fewer values than are accepted", { enum: ["a"] }, { enum: ["a", "b"] }],
    ["one of several forms", { type: "string" }, { anyOf: [{ type: "null" }, { type: "string" }] }],
    ["within wider bounds", { type: "string", maxLength: 5 }, { type: "string", maxLength: 9 }],
    ["under another title", { type: "string" }, { type: "string", title: "A name" }],
    ["the tag of several forms", { oneOf: [tagged("a"), tagged("b")] }, open({ tag: text }, {})],
    ["one form of several", tagged("a"), { oneOf: [tagged("a"), tagged("b")] }],
    ["a value long enough", { type: "string", const: "abc" }, { type: "string", minLength: 1 }],
    ["above zero as zero and more", { ...number, exclusiveMinimum: 0 }, { ...number, minimum: 0 }],
    ["one of two types", { type: ["string", "null"] }, { anyOf: [text, { type: "null" }] }],
    ["other properties of the same type", open(amount, text), open(amount, text)],
    ["both of two", { allOf: [open(amount, {}), open({ note: text }, {})] }, open(amount, {})],
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
      "amount may be written as 0, and must be string",
      object(amount),
      object({ amount: { type: "string" } }),
    ],
    ['may be written as "b", and must be "a"', { enum: ["a", "b"] }, { enum: ["a"] }],
    ['may be written as "", and must be "a"', text, { enum: ["a"] }],
    [
      "note is not accepted any more",
      object({ ...amount, note: {} }),
      { ...object(amount), additionalProperties: false },
    ],
    [
      "lines[].amount may be written as 0, and must be string",
      object({ lines: { type: "array", items: object(amount) } }),
      object({ lines: { type: "array", items: object({ amount: text }) } }),
    ],
    [
      "may be written as 10, and must have maximum 9",
      { type: "number", maximum: 10 },
      { type: "number", maximum: 9 },
    ],
    ['may be written as "", and must have minLength 1', { type: "string" }, { type: "string", minLength: 1 }],
    ["fits none of the forms", { type: "boolean" }, { anyOf: [{ type: "null" }, { type: "string" }] }],
    ["must be number", open({}, text), open({}, number)],
    ["another property of the payload is not accepted", open(amount, {}), object(amount)],
    [
      "note may be written as null, and must be string",
      open(amount, {}),
      object({ ...amount, note: text }, []),
    ],
    ["may be written as 1, and must be string", { enum: ["a", 1] }, text],
    ["may be written as null, and must be string", { enum: [null, "a"] }, text],
    ["fits none", { oneOf: [tagged("a"), tagged("b")] }, { oneOf: [tagged("a"), tagged("c")] }],
    ["may be written as null, and must be string", {}, text],
  ])("does not fit: %s", (reason, written, accepted) => {
    expect(schemaFit(written, accepted)).toMatchObject({
      fits: "no",
      reason: expect.stringContaining(reason) as unknown,
    });
  });

  it.each([
    ["a word that is not compared", { type: "object" }, { type: "object", propertyNames: { minLength: 2 } }],
    [
      "other properties that nothing excludes",
      { type: "object" },
      { type: "object", properties: { note: text } },
    ],
    ["a pattern that is written", { ...text, pattern: "^b" }, { ...text, pattern: "^[ab]" }],
    ["a reference below", object({ a: { $ref: "#/a" } }), open({ a: { $ref: "#/a" } }, {})],
  ])("is unknown with %s", (_, written, accepted) => {
    expect(schemaFit(written, accepted)).toMatchObject({ fits: "unknown" });
  });
});
