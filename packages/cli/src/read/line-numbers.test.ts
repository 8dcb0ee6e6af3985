// Lines of places in JSON texts: all of them, against a parser and a printer that are known to be right.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineNumbers, lineOf } from "./json-text.ts";

/** All pointers of a value. */
function pointers(value: unknown, at = ""): readonly string[] {
  if (typeof value !== "object" || value === null) return [at];
  const below = Object.entries(value).flatMap(([key, one]) =>
    pointers(one, `${at}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`),
  );
  return [at, ...below];
}

describe("lineNumbers", () => {
  it("knows the lines of members and items", () => {
    const text = '{\n  "a": [\n    1,\n    { "b": "x\\"y" }\n  ],\n  "c/d": null\n}\n';
    expect([...lineNumbers(text)]).toEqual([
      ["", 1],
      ["/a", 2],
      ["/a/0", 3],
      ["/a/1", 4],
      ["/a/1/b", 4],
      ["/c~1d", 6],
    ]);
  });

  it("knows every place of any JSON text, on the line where its name or it itself stands", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 2), (json, indent) => {
        const value: unknown = JSON.parse(json);
        const text = JSON.stringify(value, undefined, indent);
        const lines = lineNumbers(text);
        expect([...lines.keys()].toSorted()).toEqual(pointers(value).toSorted());
        expect(Math.max(...lines.values())).toBeLessThanOrEqual(text.split("\n").length);
        const inOrder = [...lines.values()];
        expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
      }),
    );
  });

  it("gives the place around one that is not there", () => {
    const lines = lineNumbers('{\n"a": {\n"b": 1 } }');
    expect(["/a/b", "/a/c/d", "/z", ""].map((place) => lineOf(lines, place))).toEqual([3, 2, 1, 1]);
  });
});
