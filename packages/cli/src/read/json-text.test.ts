// Why a text is not JSON, in words of its own.
import { describe, expect, it } from "vitest";
import { jsonFault, repeatedName } from "./json-text.ts";

describe("a text that is not JSON", () => {
  it.each([
    ["", "at line 1, column 1, a value is expected, and the text ends"],
    ["not json.\n", 'at line 1, column 1, a value is expected before "n"'],
    ['{\n  "a": 1,\n}', 'at line 3, column 1, a name in quotes is expected before "}"'],
    ["{", 'at line 1, column 2, a name in quotes or "}" is expected, and the text ends'],
    ["{a: 1}", 'at line 1, column 2, a name in quotes or "}" is expected before "a"'],
    ['{"a" 1}', 'at line 1, column 6, ":" is expected before "1"'],
    ['{"a": }', 'at line 1, column 7, a value is expected before "}"'],
    ['{"a": 1 "b": 2}', 'at line 1, column 9, "," or "}" is expected before \'"\''],
    ["[1 2]", 'at line 1, column 4, "," or "]" is expected before "2"'],
    ["[1,]", 'at line 1, column 4, a value is expected before "]"'],
    ["[", 'at line 1, column 2, a value or "]" is expected, and the text ends'],
    ["[]\n\n[]", 'at line 3, column 1, the end is expected before "["'],
    ["01", 'at line 1, column 2, the end is expected before "1"'],
    ["nul", 'at line 1, column 1, a value is expected before "n"'],
    ["// why\n{}", 'at line 1, column 1, a value is expected before "/"'],
    [
      '{"a": "b\n"}',
      "at line 1, column 7, a text begins that does not end on its line or has a wrong escape",
    ],
    ['["\\x"]', "at line 1, column 2, a text begins that does not end on its line or has a wrong escape"],
    ['["\u0007"]', "at line 1, column 2, a text begins that does not end on its line or has a wrong escape"],
    ['["a', "at line 1, column 2, a text begins that does not end on its line or has a wrong escape"],
    ["\uFEFF{}", "at line 1, column 1, a value is expected before U+FEFF"],
    ["[\u00a0]", 'at line 1, column 2, a value or "]" is expected before U+00A0'],
    ["[😀]", 'at line 1, column 2, a value or "]" is expected before "😀"'],
  ])("%j is reported with the place of its first fault", (text, fault) => {
    expect(() => void JSON.parse(text)).toThrow(SyntaxError);
    expect(jsonFault(text)).toBe(fault);
  });

  it("is not what JSON.parse reads", () => {
    const values = [
      0,
      -1.5e-7,
      'a"\\\n\u2028',
      true,
      false,
      null,
      [],
      {},
      [[], [{}], { a: [1, { b: null }] }],
    ];
    for (const value of values) {
      expect(jsonFault(JSON.stringify(value))).toBeUndefined();
      expect(jsonFault(` ${JSON.stringify([value, { "": value }], undefined, "\t")}\r\n`)).toBeUndefined();
    }
    expect(jsonFault('"\\u00e9\\/\\b"')).toBeUndefined();
    expect(jsonFault('"\u007f\u2028\ud800😀"')).toBeUndefined();
  });

  it("may be one text of millions of characters", () => {
    const long = "é".repeat(4_000_000);
    expect(jsonFault(`"${long}"`)).toBeUndefined();
    expect(jsonFault(`["${long}`)).toContain("at line 1, column 2, a text begins");
  });

  it("may be as deep as a file is large", () => {
    expect(jsonFault("[".repeat(1_000_000))).toBe(
      'at line 1, column 1000001, a value or "]" is expected, and the text ends',
    );
  });
});

describe("a name that stands twice in one object", () => {
  it.each([
    ['{"a": 1,\n "a": 2}', 'at line 2, column 2, the name "a" stands a second time in its object'],
    ['{"a": {"b": 1}, "c": [{"d": 1, "d": 2}]}', 'at line 1, column 32, the name "d" stands a second time'],
    ['{"a": 1, "\\u0061": 2}', 'at line 1, column 10, the name "a" stands a second time'],
    ['{"__proto__": 1, "__proto__": 2}', 'the name "__proto__" stands a second time'],
  ])("of %j is reported with its place", (text, place) => {
    expect(repeatedName(text)).toContain(place);
  });

  it.each(['{"a": {"a": 1}, "b": {"a": 1}}', '[{"a": 1}, {"a": 1}]', '["a", "a"]', '{"a": "a"}', "1"])(
    "is none in %s",
    (text) => {
      expect(repeatedName(text)).toBeUndefined();
    },
  );
});
