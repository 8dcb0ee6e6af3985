// The registry judges every code of the catalog, and nothing else.
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findingCatalog } from "../model/finding.ts";
import { judgedCodes } from "./registry.ts";

describe("the registry of properties", () => {
  it("has every code of the catalog", () => {
    expect([...judgedCodes].toSorted()).toStrictEqual(Object.keys(findingCatalog).toSorted());
  });

  it("has a file named by each code", () => {
    const files = readdirSync(import.meta.dirname);
    const missing = Object.keys(findingCatalog).filter((code) => {
      const number = code.replace(/^P|[a-z]$/g, "").padStart(2, "0");
      return !files.some((file) => new RegExp(`^(p\\d\\d-)*p${number}-`).test(file));
    });
    expect(missing).toStrictEqual([]);
  });
});
