// Plain values, compared.
import { expect, it } from "vitest";
import { isSamePlain } from "./plain.ts";

const order = { total: 3, lines: [{ pizza: "margherita" }, { pizza: "calabrese" }], note: null };

it.each<readonly [title: string, a: unknown, b: unknown]>([
  ["themselves", order, order],
  ["copies", order, structuredClone(order)],
  ["fields in another order", { a: 1, b: [2] }, { b: [2], a: 1 }],
  ["fields that are there without a value", { a: undefined }, { a: undefined }],
  ["numbers that are none", Number.NaN, Number.NaN],
])("finds values alike: %s", (_, a, b) => {
  expect(isSamePlain(a, b)).toBe(true);
});

it.each<readonly [title: string, a: unknown, b: unknown]>([
  ["a field more", { a: 1 }, { a: 1, b: 2 }],
  ["a field less", { a: 1, b: 2 }, { a: 1 }],
  ["another field, without a value", { a: undefined }, { b: undefined }],
  ["another value, far inside", order, { ...order, lines: [{ pizza: "margherita" }, { pizza: "big meat" }] }],
  ["a longer list", [1], [1, 2]],
  ["a list and an object", [], {}],
  ["an object and a list", {}, []],
  ["null and an object", null, {}],
  ["a number and its text", 1, "1"],
])("finds values different: %s", (_, a, b) => {
  expect(isSamePlain(a, b)).toBe(false);
});
