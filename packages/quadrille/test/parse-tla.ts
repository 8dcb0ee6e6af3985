// Parses a module of the exported subset of TLA+, by recursive descent; what is not of the subset is refused.
import { type Change, type Expression, type Module, type Word, words } from "./tla-syntax.ts";

/** Reads a module. Throws a SyntaxError with the place where it is not one. */
export function parseTla(source: string): Module {
  const reader = readerOf(source);
  reader.expect("----");
  reader.expect("MODULE");
  const name = reader.name();
  reader.expect("----");
  const parents = reader.take("EXTENDS") ? names(reader) : [];
  const variables = reader.take("VARIABLES") ? names(reader) : [];
  const definitions = new Map<string, Expression>();
  while (!reader.take("====")) {
    const defined = reader.name();
    if (definitions.has(defined)) reader.refuse(`${defined} is defined twice`);
    reader.expect("==");
    definitions.set(defined, readImplication(reader));
  }
  if (reader.peek().kind !== "end") reader.refuse("something follows the module's end");
  return { name, extends: parents, variables, definitions };
}

interface Reader {
  readonly peek: () => Word;
  readonly next: () => Word;
  /** Takes this word if it comes next. */
  readonly take: (text: string) => boolean;
  readonly expect: (text: string) => void;
  readonly name: () => string;
  readonly refuse: (why: string) => never;
}

/** A row of dashes or equals signs counts as four. */
function same(word: Word, text: string): boolean {
  if (word.kind === "text") return false;
  return /^(-{4,}|={4,})$/.test(word.text) ? word.text.slice(0, 4) === text : word.text === text;
}

function readerOf(source: string): Reader {
  const list = words(source);
  let position = 0;
  const end: Word = { kind: "end", text: "", at: source.length };
  const peek = (): Word => list[position] ?? end;
  const next = (): Word => list[position++] ?? end;
  const refuse = (why: string): never => {
    const { at } = peek();
    throw new SyntaxError(
      `${why}, at: ${source.slice(Math.max(0, at - 30), at)}⟨here⟩${source.slice(at, at + 30)}`,
    );
  };
  const take = (text: string): boolean => {
    if (!same(peek(), text)) return false;
    position++;
    return true;
  };
  return {
    peek,
    next,
    take,
    refuse,
    expect: (text) => {
      if (!take(text)) refuse(`expected ${text}`);
    },
    name: () => {
      if (peek().kind !== "name") refuse("expected a name");
      return next().text;
    },
  };
}

/** One thing at least, separated by commas. */
function listed<T>(reader: Reader, read: (reader: Reader) => T): T[] {
  const found = [read(reader)];
  while (reader.take(",")) found.push(read(reader));
  return found;
}

function names(reader: Reader): string[] {
  return listed(reader, () => reader.name());
}

// From the loosest operator to the tightest: => then \/ then /\ then ~ then comparisons then + and -.

function readImplication(reader: Reader): Expression {
  const left = readJunction(reader, "or");
  if (!reader.take("=>")) return left;
  return { is: "binary", operator: "=>", left, right: readJunction(reader, "or") };
}

/** A list may begin with its operator, as bulleted lists do. */
function readJunction(reader: Reader, is: "or" | "and"): Expression {
  const sign = is === "or" ? "\\/" : "/\\";
  const read = (): Expression => (is === "or" ? readJunction(reader, "and") : readNot(reader));
  reader.take(sign);
  const first = read();
  const parts = [first];
  while (reader.take(sign)) parts.push(read());
  return parts.length === 1 ? first : { is, parts };
}

function readNot(reader: Reader): Expression {
  return reader.take("~") ? { is: "not", of: readNot(reader) } : readComparison(reader);
}

const comparisonSigns = ["=", "#", ">", ">=", "<=", "\\in"];

function readComparison(reader: Reader): Expression {
  const left = readSum(reader);
  const operator = comparisonSigns.find((one) => reader.take(one));
  return operator === undefined ? left : { is: "binary", operator, left, right: readSum(reader) };
}

function readSum(reader: Reader): Expression {
  let left = readApplied(reader);
  for (;;) {
    const operator = ["+", "-"].find((one) => reader.take(one));
    if (operator === undefined) return left;
    left = { is: "binary", operator, left, right: readApplied(reader) };
  }
}

function readApplied(reader: Reader): Expression {
  let of = readAtom(reader);
  while (reader.take("[")) {
    of = { is: "apply", of, key: readSum(reader) };
    reader.expect("]");
  }
  return of;
}

function readAtom(reader: Reader): Expression {
  if (reader.take("(")) {
    const inner = readImplication(reader);
    reader.expect(")");
    return inner;
  }
  if (reader.take("@")) return { is: "old" };
  if (reader.take("{")) return readSet(reader);
  if (reader.take("<<")) {
    const parts = listed(reader, readImplication);
    reader.expect(">>");
    return { is: "set", parts };
  }
  if (reader.take("\\A")) return readForAll(reader);
  if (reader.take("[]")) return readAlways(reader);
  if (reader.take("[")) return readFunction(reader);
  const word = reader.next();
  if (word.kind === "text") return { is: "text", value: word.text.slice(1, -1).replaceAll(/\\(.)/g, "$1") };
  if (word.kind === "number") return { is: "number", value: Number(word.text) };
  return word.kind === "name" ? readWord(reader, word.text) : reader.refuse(`${word.text} begins nothing`);
}

function readWord(reader: Reader, word: string): Expression {
  switch (word) {
    case "UNCHANGED": {
      if (!reader.take("<<")) return { is: "unchanged", names: [reader.name()] };
      const unchanged = names(reader);
      reader.expect(">>");
      return { is: "unchanged", names: unchanged };
    }
    case "ENABLED":
      return { is: "enabled", name: reader.name() };
    case "DOMAIN":
      return { is: "domain", of: readApplied(reader) };
    case "CASE":
      return { is: "choose", arms: readArms(reader) };
    default:
      return reader.take("'") ? { is: "primed", name: word } : { is: "name", name: word };
  }
}

function readSet(reader: Reader): Expression {
  if (reader.take("}")) return { is: "set", parts: [] };
  const parts = listed(reader, readImplication);
  reader.expect("}");
  return { is: "set", parts };
}

function readForAll(reader: Reader): Expression {
  const name = reader.name();
  reader.expect("\\in");
  const over = readSum(reader);
  reader.expect(":");
  return { is: "forAll", name, over, of: readImplication(reader) };
}

/** `[][Next]_vars`, of which `[]` is read. */
function readAlways(reader: Reader): Expression {
  reader.expect("[");
  const action = reader.name();
  reader.expect("]");
  const subscript = reader.name();
  if (!subscript.startsWith("_")) reader.refuse("expected the subscript of an action");
  return { is: "always", action, variables: subscript.slice(1) };
}

/** `[f EXCEPT ![k] = v, ...]` or `[k \in S |-> v]`, of which `[` is read. */
function readFunction(reader: Reader): Expression {
  const name = reader.name();
  if (reader.take("EXCEPT")) {
    const changes = listed(reader, readChange);
    reader.expect("]");
    return { is: "except", of: { is: "name", name }, changes };
  }
  reader.expect("\\in");
  const over = readSum(reader);
  reader.expect("|->");
  const of = readImplication(reader);
  reader.expect("]");
  return { is: "each", name, over, of };
}

function readChange(reader: Reader): Change {
  reader.expect("!");
  reader.expect("[");
  const when = readSum(reader);
  reader.expect("]");
  reader.expect("=");
  return { when, value: readSum(reader) };
}

function readArms(reader: Reader): Change[] {
  const arms: Change[] = [];
  do {
    const when = readComparison(reader);
    reader.expect("->");
    arms.push({ when, value: readSum(reader) });
  } while (reader.take("[]"));
  return arms;
}
