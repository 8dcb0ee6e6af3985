// The registry names every lint once.
import { expect, it } from "vitest";
import { lintRegistry } from "./lint-registry.ts";

it("has each name once", () => {
  const names = Object.values(lintRegistry).flatMap((lints) => Object.keys(lints));
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(names).toEqual(expect.arrayContaining(["blame", "max-words", "next-update", "one-owner"]));
});
