// An old Node gets a sentence.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nodeProblem } from "./node-version.ts";

describe("the version of Node", () => {
  it.each(["22.18.0", "22.20.1", "24.0.0"])("%s is new enough", (version) => {
    expect(nodeProblem(version)).toBeUndefined();
  });

  it.each(["18.19.0", "20.20.2", "22.17.9"])("%s is refused as too old", (version) => {
    expect(nodeProblem(version)).toMatch(
      new RegExp(`^quadrille needs Node 22\\.18 or newer, and this is Node ${version}\\. Install`),
    );
  });

  it("is the one that the package asks for", () => {
    const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
    expect(JSON.parse(text)).toMatchObject({ engines: { node: ">=22.18" } });
  });
});
