// Lines of a contract in a module's text: of participants, states, and sentences that name their trigger. A
// value has no lines, so they are looked up in the text, where it shows them plainly.
import { pointer } from "quadrille/tooling";

/** A word, a quoted text or a sign of a text, without comments and spaces. */
interface Token {
  readonly text: string;
  readonly line: number;
}

/**
 * The lines of places in a module, by JSON pointer. A participant that the text declares twice is left out:
 * which one is meant cannot be seen.
 */
export function moduleLines(text: string): ReadonlyMap<string, number> {
  const tokens = tokensOf(text);
  const lines = new Map<string, number>();
  const twice = new Set<string>();
  for (const [index, { text: word, line }] of tokens.entries()) {
    const name = quoted(tokens[index + 2]?.text);
    if (word !== "participant" || tokens[index + 1]?.text !== "(" || name === undefined) continue;
    const at = pointer("/participants", name);
    if (lines.has(at)) twice.add(at);
    lines.set(at, line);
    const definition = membersOf(tokens, index + 4);
    const states = definition.find(({ key }) => key === "states");
    for (const state of states === undefined ? [] : membersOf(tokens, states.value))
      addState(lines, { at: pointer(at, "states", state.key), tokens: tokens.slice(state.at, state.end) });
  }
  return new Map([...lines].filter(([at]) => ![...twice].some((one) => isWithin(at, one))));
}

/** Whether a place is another one, or below it. */
export function isWithin(at: string, other: string): boolean {
  return at === other || at.startsWith(`${other}/`);
}

/** Modules that a text imports from its own project, as it names them. */
export function importsOf(text: string): readonly string[] {
  return [...text.matchAll(/\bfrom\s*["'](\.{1,2}\/[^"']+)["']/g)].flatMap(([, path = ""]) => path);
}

const tokenPattern =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|[\p{L}_$][\p{L}\p{N}_$]*|\S/gu;

function tokensOf(text: string): readonly Token[] {
  let [line, counted] = [1, 0];
  return [...text.matchAll(tokenPattern)].flatMap(({ 0: token, index }) => {
    for (; counted < index; counted += 1) if (text[counted] === "\n") line += 1;
    return /^\/[/*]/.test(token) ? [] : [{ text: token, line }];
  });
}

/** The content of a quoted text without escapes. */
function quoted(token: string | undefined): string | undefined {
  return /^(["'`])([^\\$]*)\1$/s.exec(token ?? "")?.[2];
}

interface Member {
  readonly key: string;
  /** The numbers of its first token, of the first of its value, and of the one behind it. */
  readonly at: number;
  readonly value: number;
  readonly end: number;
}

/** The members of an object that begins at a token; none where it is not written as one. */
function membersOf(tokens: readonly Token[], open: number): readonly Member[] {
  if (tokens[open]?.text !== "{") return [];
  const members: Member[] = [];
  let [depth, begun] = [0, open + 1];
  for (let at = open; at < tokens.length; at += 1) {
    const { text } = tokens[at] ?? { text: "" };
    const isEnd = depth === 1 && (text === "," || text === "}");
    if (isEnd && tokens[begun + 1]?.text === ":") {
      const first = tokens[begun]?.text ?? "";
      members.push({ key: quoted(first) ?? first, at: begun, value: begun + 2, end: at });
    }
    if (isEnd) begun = at + 1;
    if ("([{".includes(text)) depth += 1;
    if (")]}".includes(text)) depth -= 1;
    if (depth === 0) break;
  }
  return members;
}

interface StateText {
  readonly at: string;
  readonly tokens: readonly Token[];
}

/** A state, and each sentence whose trigger is named as its constant, or whose deadline by its text. */
function addState(lines: Map<string, number>, { at, tokens }: StateText): void {
  const add = (keys: readonly string[], name: string, line: number): void => {
    for (const place of keys.map((key) => pointer(at, key, name)))
      if (!lines.has(place)) lines.set(place, line);
  };
  for (const [index, { text, line }] of tokens.entries()) {
    if (index === 0) lines.set(at, line);
    const isSentence = tokens[index - 1]?.text === "(" && sentenceWords.has(tokens[index - 2]?.text ?? "");
    if (isSentence) add(["on", "commands", "activities"], text, line);
    const name = quoted(text);
    if (index > 0 && name !== undefined) add(["deadlines", "timeouts"], name, line);
  }
}

const sentenceWords: ReadonlySet<string> = new Set(["on", "ignore", "defer", "never", "gaveUp"]);
