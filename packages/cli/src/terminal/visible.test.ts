// Nothing of a file reaches the terminal as a command to it, or as a line of its own.
import picocolors from "picocolors";
import { expect, it } from "vitest";
import { visible, visibleIn, visibleOutput } from "./visible.ts";

it.each([
  ["\u001B[2J", "\\u001b[2J"],
  ["a\r\nNo errors.", "a\\u000d\\u000aNo errors."],
  ["\u0007", "\\u0007"],
  ["\u009B31m", "\\u009b31m"],
  ["\u202Eevil\u2066", "\\u202eevil\\u2066"],
  ["\u200B\u2028\u2029\uFEFF", "\\u200b\\u2028\\u2029\\ufeff"],
  ["\u{E0041}", "\\udb40\\udc41"],
  ["Bestellung bezahlt 🍕 é", "Bestellung bezahlt 🍕 é"],
])("%j is shown as %j", (text, shown) => {
  expect(visible(text)).toBe(shown);
});

it("goes through keys and lists, and leaves the value alone", () => {
  const value = { "a\n": ["\u001B", 1, null, { b: true }] };
  expect(visibleIn(value)).toEqual({ "a\\u000a": ["\\u001b", 1, null, { b: true }] });
  expect(value).toEqual({ "a\n": ["\u001B", 1, null, { b: true }] });
});

it("leaves the command's own lines and colours, and no others", () => {
  const { red, bold, dim } = picocolors.createColors(true);
  const own = `${red("error")}\n${bold(dim("x"))}\n`;
  expect(visibleOutput(own)).toBe(own);
  expect(visibleOutput("\u001B[8mhidden\u001B[0m\u001B]0;title\u0007\t")).toBe(
    "\\u001b[8mhidden\u001B[0m\\u001b]0;title\\u0007\\u0009",
  );
});

it("keeps JSON what it is", () => {
  const name = "a\u202E\u0085\u{E0041}";
  expect(JSON.parse(visibleOutput(JSON.stringify(name)))).toBe(name);
});
