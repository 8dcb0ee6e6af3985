// Every code has a contract that shows it and a clean twin.
import { describe, expect, it } from "vitest";
import { findingExamples } from "../../../test/finding-examples.ts";
import { check } from "../check.ts";
import { findingCatalog } from "../model/finding.ts";

describe.each(Object.entries(findingExamples))("%s", (code, { shows, clean, message, options }) => {
  it("is found, with its severity and a place", () => {
    const found = check(shows, options).findings.filter((one) => one.code === code);
    expect(found.map((one) => one.message)).toContain(message);
    expect(new Set(found.map((one) => one.severity))).toEqual(
      new Set([Object.entries(findingCatalog).find(([name]) => name === code)?.[1].severity]),
    );
    expect(found.every((one) => one.at === "" || one.at.startsWith("/"))).toBe(true);
  });

  it("is not found in the clean twin", () => {
    const found = check(clean, options).findings.filter((one) => one.code === code);
    // Of assumptions a report says also that everything holds.
    const own = found.filter((one) => !one.message.endsWith("everything holds"));
    expect(own).toEqual([]);
  });

  it("has a twin without any error", () => {
    expect(check(clean, options).findings.filter(({ severity }) => severity === "error")).toEqual([]);
  });
});
