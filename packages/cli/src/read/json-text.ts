// Places in a JSON text (RFC 8259): its first fault, a repeated name, and the line of every value. The
// message of `JSON.parse` depends on the JavaScript engine, quotes the text with its line breaks, and often
// has no place.
import { UserError } from "../terminal/user-error.ts";

/** The value of a file's text; where it is not JSON, a sentence with the place. */
export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(`${name} is not JSON: ${jsonFault(text) ?? "it cannot be read as such"}.`);
  }
}

/** The same of a file in which a name that appears twice in one object is refused, too. */
export function parseUniqueJson(text: string, name: string): unknown {
  const value = parseJson(text, name);
  const repeated = repeatedName(text);
  if (repeated !== undefined) throw new UserError(`${name} has one name twice: ${repeated}.`);
  return value;
}

/**
 * The first fault, to be read after a colon; `undefined` where the text is JSON. Lines and columns count from
 * 1.
 */
export function jsonFault(text: string): string | undefined {
  return scan(text, () => undefined);
}

/**
 * A name that appears twice in one object, as text after a colon: `JSON.parse` would silently take the last
 * one. `undefined` where there is none. Expects JSON.
 */
export function repeatedName(text: string): string | undefined {
  const seen: Set<string>[] = [];
  return scan(text, (token, { at, depth, isName }) => {
    if (token === "{" || token === "[") seen[depth] = new Set();
    if (!isName) return undefined;
    const name = String(JSON.parse(token));
    const names = seen[depth - 1];
    if (names?.has(name) === true)
      return `at ${placeOf(text, at)}, the name ${JSON.stringify(name)} stands a second time in its object`;
    names?.add(name);
    return undefined;
  });
}

/**
 * The line of every place, by JSON pointer (RFC 6901); a member is where its name is. Lines count from 1.
 * Expects JSON.
 */
export function lineNumbers(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const open: Container[] = [];
  let [line, counted] = [1, 0];
  scan(text, (token, { at, isName }) => {
    for (; counted < at; counted += 1) if (text[counted] === "\n") line += 1;
    const within = open.at(-1);
    if (token === "]" || token === "}") open.pop();
    else if (isName && within !== undefined) {
      within.next = String(JSON.parse(token)).replaceAll("~", "~0").replaceAll("/", "~1");
      lines.set(`${within.pointer}/${within.next}`, line);
    } else if (token !== "," && token !== ":" && token !== "") {
      const pointer = within === undefined ? "" : `${within.pointer}/${within.next}`;
      if (typeof within?.next === "number") within.next += 1;
      if (!lines.has(pointer)) lines.set(pointer, line);
      if (token === "{") open.push({ pointer, next: "" });
      if (token === "[") open.push({ pointer, next: 0 });
    }
    return undefined;
  });
  return lines;
}

/** An object with the name of its present member, or a list with the index of its next item. */
interface Container {
  readonly pointer: string;
  next: string | number;
}

/**
 * The line of a place, or of the nearest place around it that is there: a finding may be about what is
 * missing.
 */
export function lineOf(lines: ReadonlyMap<string, number>, pointer: string): number {
  for (let at = pointer; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const line = lines.get(at);
    if (line !== undefined) return line;
  }
  return 1;
}

interface TokenPlace {
  readonly at: number;
  /** How many objects and lists are open before it. */
  readonly depth: number;
  readonly isName: boolean;
}

/** Reads token by token until `look` finds something, or the text is no JSON any more. */
function scan(
  text: string,
  look: (token: string, place: TokenPlace) => string | undefined,
): string | undefined {
  // A stack of its own instead of recursion: a file of opening brackets must not overflow that of the engine.
  const open: ("{" | "[")[] = [];
  let expected: Expected = "value";
  for (let at = skip(text, 0); ; at = skip(text, at)) {
    const token = tokenAt(text, at);
    if (expected === "end" && token === "" && at === text.length) return undefined;
    const isName = (expected === "name" || expected === "first name") && token.startsWith('"');
    const found = look(token, { at, depth: open.length, isName });
    if (found !== undefined) return found;
    const next = after(expected, token, open);
    if (next === undefined) return `at ${placeOf(text, at)}, ${complaint(text, at, expected)}`;
    expected = next;
    at += token.length;
  }
}

type Expected = keyof typeof wanted;

const wanted = {
  value: "a value",
  "first item": 'a value or "]"',
  "first name": 'a name in quotes or "}"',
  name: "a name in quotes",
  colon: '":"',
  "next item": '"," or "]"',
  "next member": '"," or "}"',
  end: "the end",
} as const;

const space = /[ \t\r\n]*/y;
const tokens =
  /[[\]{},:]|"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;

function skip(text: string, at: number): number {
  space.lastIndex = at;
  return at + (space.exec(text)?.[0].length ?? 0);
}

/** The token at a place; empty where there is none. */
function tokenAt(text: string, at: number): string {
  tokens.lastIndex = at;
  return tokens.exec(text)?.[0] ?? "";
}

/** What is expected after a token; `undefined` where the token may not come. */
function after(expected: Expected, token: string, open: ("{" | "[")[]): Expected | undefined {
  switch (expected) {
    case "value":
      return afterValue(token, open);
    case "first item":
      return token === "]" ? closed(open) : afterValue(token, open);
    case "first name":
      return token === "}" ? closed(open) : after("name", token, open);
    case "name":
      return token.startsWith('"') ? "colon" : undefined;
    case "colon":
      return token === ":" ? "value" : undefined;
    case "next item":
      if (token === "]") return closed(open);
      return token === "," ? "value" : undefined;
    case "next member":
      if (token === "}") return closed(open);
      return token === "," ? "name" : undefined;
    case "end":
      return undefined;
  }
}

function afterValue(token: string, open: ("{" | "[")[]): Expected | undefined {
  if (token === "" || "]},:".includes(token)) return undefined;
  if (token !== "{" && token !== "[") return within(open);
  open.push(token);
  return token === "{" ? "first name" : "first item";
}

function closed(open: ("{" | "[")[]): Expected {
  open.pop();
  return within(open);
}

function within(open: readonly ("{" | "[")[]): Expected {
  const last = open.at(-1);
  if (last === undefined) return "end";
  return last === "{" ? "next member" : "next item";
}

function placeOf(text: string, at: number): string {
  const lines = text.slice(0, at).split("\n");
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}

function complaint(text: string, at: number, expected: Expected): string {
  const code = text.codePointAt(at);
  if (code === undefined) return `${wanted[expected]} is expected, and the text ends`;
  const found = String.fromCodePoint(code);
  const takesText = expected !== "colon" && !expected.startsWith("next") && expected !== "end";
  if (found === '"' && takesText) return "a text begins that does not end on its line or has a wrong escape";
  // An invisible character is named by its number, such as the byte order mark of a file (U+FEFF).
  const isSeen = !/[\p{C}\p{Z}]/u.test(found);
  const quoted = found === '"' ? `'"'` : `"${found}"`;
  const shown = isSeen ? quoted : `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return `${wanted[expected]} is expected before ${shown}`;
}
