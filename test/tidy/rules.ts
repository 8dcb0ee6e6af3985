// The house rules that need one file at a time. Each takes a source and returns its problems.
import { basename } from "node:path/posix";
import { isTest, type Placed, type Source, type SyntaxNode } from "./source.ts";

/** A house rule: one line for each problem of a source. */
export type Rule = (source: Source) => readonly string[];

const fileLinesMax = 400;

/** A file has up to 400 lines. */
const shortFile: Rule = ({ path, text }) => {
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return lines > fileLinesMax ? [`${path} has ${lines} lines, more than ${fileLinesMax}`] : [];
};

const publicMembersMax = 25;

/** A class has up to 25 public members: a wider one is several objects. */
const narrowClass: Rule = (source) =>
  found(source, `is a class of more than ${publicMembersMax} public members`, ({ node }) => {
    if (node.type !== "ClassBody" || !Array.isArray(node.body)) return false;
    const keys = (node.body as readonly SyntaxNode[]).map(({ key }) => key as SyntaxNode);
    const shown = keys.filter((key) => key.type !== "PrivateIdentifier" && nameOf(key) !== "constructor");
    return new Set(shown.map(nameOf)).size > publicMembersMax;
  });

/** Files and folders are named in kebab-case; a test also says its tier. */
const kebabCaseName: Rule = ({ path }) => {
  const folders = path.split("/").slice(0, -1);
  const word = /^\.?[a-z0-9]+(-[a-z0-9]+)*$/;
  const file = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|(sweep|int|sim|e2e)\.test|test-d|config|d))?\.(ts|sql)$/;
  const good = folders.every((folder) => word.test(folder)) && file.test(basename(path));
  return good ? [] : [`${path} is not named in kebab-case`];
};

/** A file begins with a comment that says what it is for. */
const openingComment: Rule = ({ path, text }) => {
  const withoutShebang = text.replace(/^#!.*\n/, "");
  const opening = path.endsWith(".sql")
    ? /^--[ \t]*[^\s-].{8,}/
    : /^(\/\/[ \t]*|\/\*\*?\s*(\*\s*)?)[^\s*/].{8,}/;
  return opening.test(withoutShebang)
    ? []
    : [`${path} does not begin with a comment that says what it is for`];
};

/** The words of unfinished work, built from parts so that this file does not contain them. */
export const undoneWords: readonly string[] = [
  ["TO", "DO"],
  ["FIX", "ME"],
  ["X", "XX"],
].map((parts) => parts.join(""));

/** No source has a mark of unfinished work. */
const nothingLeftUndone: Rule = ({ path, text }) => {
  const marks = new RegExp(`\\b(${undoneWords.join("|")})\\b`);
  const line = text.split("\n").findIndex((each) => marks.test(each));
  return line < 0 ? [] : [`${path}:${line + 1} leaves something undone`];
};

/** No file re-exports everything of another. */
const noStarExport: Rule = (source) =>
  found(source, "exports everything of another file", ({ node }) => node.type === "ExportAllDeclaration");

/** No enum, namespace or decorator; `declare module "x"` is no namespace. */
const erasableSyntax: Rule = (source) =>
  found(source, "uses an enum, a namespace or a decorator", ({ node }) => {
    if (node.type === "TSEnumDeclaration" || node.type === "Decorator") return true;
    return node.type === "TSModuleDeclaration" && node.kind === "namespace";
  });

const ambientMembers = new Set([
  "Date.now",
  "performance.now",
  "process.hrtime",
  "Math.random",
  "AbortSignal.timeout",
  "crypto.randomUUID",
  "crypto.randomBytes",
  "crypto.getRandomValues",
]);
const ambientGlobals = new Set(["setTimeout", "setInterval"]);
const ambientImports = new Set(["randomUUID", "randomBytes", "randomInt", "setTimeout", "setInterval"]);

/** Clock, randomness, ids and timers come through `ambient/` alone, in packages and apps. */
const ambientOnly: Rule = (source) => {
  const held = /^(packages|apps)\//.test(source.path) && !isTest(source.path);
  if (!held || /^packages\/[^/]+\/src\/ambient\//.test(source.path)) return [];
  return found(source, "reads the clock, randomness, an id or a timer past `ambient/`", readsAmbient);
};

const decidedByTransition = new Set(["disposition", "emit", "gaveUp"]);

/**
 * The checker's steps are answers of the engine's transition: what makes them reads no outcome in the
 * contract.
 */
const stepsAreAnswers: Rule = (source) => {
  if (!/\/check\/explore\/([a-z]+-)*steps\.ts$/.test(source.path)) return [];
  return found(source, "reads in the contract what only `transition` answers", ({ node, parent, field }) => {
    if (node.type !== "Identifier" || !decidedByTransition.has(nameOf(node))) return false;
    const isRead = parent?.type === "MemberExpression" && field === "property";
    return isRead || (parent?.type === "Property" && isPattern(source, parent));
  });
};

const textReaders = new Set(["endsWith", "startsWith", "includes", "split", "match", "slice", "indexOf"]);

/** A finding's message is for people: programs read fields instead of parsing it. */
const messagesUnread: Rule = (source) => {
  if (!source.path.includes("/src/check/") || isTest(source.path)) return [];
  return found(source, "reads a finding's message", ({ node, parent }) => {
    const isMessage = node.type === "MemberExpression" && nameOf(node.property) === "message";
    return isMessage && parent?.type === "MemberExpression" && textReaders.has(nameOf(parent.property));
  });
};

/** A caller learns from the declaration which error codes a function makes. */
const codesDocumented: Rule = ({ path, text }) => {
  if (!/^packages\/(quadrille|cli)\/src\//.test(path) || isTest(path)) return [];
  const documented = [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].join(" ");
  const made = new Set([...text.matchAll(/QuadrilleError\(\s*"(Q_[A-Z_]+)"/g)].map(([, code = ""]) => code));
  return [...made]
    .filter((code) => !documented.includes(code))
    .map((code) => `${path} makes ${code}, and no docstring of it says when`);
};

const caught = new Set(["error", "thrown", "reason", "cause"]);

/**
 * `thrownText` alone makes a text of what was thrown: by hand it would throw itself, for a value of which
 * there is none.
 */
const thrownTextOnly: Rule = (source) => {
  const held = /^packages\/(quadrille|cli)\/src\//.test(source.path) && !isTest(source.path);
  if (!held || source.path === "packages/quadrille/src/errors.ts") return [];
  return found(source, "makes a text of what was thrown without `thrownText`", ({ node }) => {
    if (node.type === "CallExpression") {
      const [first] = node.arguments as readonly SyntaxNode[];
      return nameOf(node.callee) === "String" && caught.has(nameOf(first));
    }
    if (node.type !== "ConditionalExpression") return false;
    const [test, then] = [node.test, node.consequent].map((part) => textOf(source, part as SyntaxNode));
    return / instanceof Error\b/.test(test ?? "") && /\.message\b/.test(then ?? "");
  });
};

const commentColumnsMax = 110;

/** Lines of comments end where the formatter ends lines of code. */
const narrowComments: Rule = ({ path, text }) => {
  if (!path.endsWith(".ts")) return [];
  return text.split("\n").flatMap((line, index) => {
    const isComment = /^\s*(\/\/|\/?\*)/.test(line) && !/^\s*\/\/ (oxlint|biome|@ts)-/.test(line);
    return isComment && line.length > commentColumnsMax
      ? [`${path}:${index + 1} is a comment of ${line.length} columns`]
      : [];
  });
};

/** A constant is named like any other value: `statesMax`. */
const constantsInCamelCase: Rule = (source) =>
  found(source, "names a constant in capitals", ({ node, parent, field }) => {
    const isDeclared = parent?.type === "VariableDeclarator" && field === "id";
    return isDeclared && /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(nameOf(node)) && nameOf(node).length > 1;
  });

const fillers = new Set(
  "a all an and any are as at be by each every for from have in is it its no not of on one or our own s that the their them these this those to what whether which with".split(
    " ",
  ),
);

/** A docstring says more than the name below it does: why, a shape, a unit, an error. */
const docstringsSayMore: Rule = ({ path, text }) => {
  if (!path.endsWith(".ts") || isTest(path)) return [];
  return [...text.matchAll(documented)].flatMap((match) => {
    const [, comment = "", name = ""] = match;
    const named = new Set(stems(name));
    if (/[`@]/.test(comment) || !stems(comment).every((stem) => named.has(stem))) return [];
    return [`${path}:${text.slice(0, match.index).split("\n").length} only repeats the name ${name}`];
  });
};

const documented =
  /\/\*\*\s*((?:(?!\*\/)[\s\S])*?)\*\/\s*\n\s*(?:(?:abstract|async|class|const|export|function\*?|get|interface|let|readonly|set|static|type) )*(#?[A-Za-z_]\w*)/g;

/** The words of a text or a name without fillers, without endings of plurals and verbs. */
function stems(text: string): readonly string[] {
  const words = text.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return (words.match(/[a-z0-9]+/g) ?? [])
    .filter((word) => !fillers.has(word))
    .map((word) =>
      word
        .replace(/ies$/, "y")
        .replace(/(ed|es|ing|s)$/, "")
        .replace(/e$/, ""),
    );
}

/** All of them, by name. */
export const rules = {
  shortFile,
  narrowClass,
  kebabCaseName,
  openingComment,
  nothingLeftUndone,
  noStarExport,
  erasableSyntax,
  ambientOnly,
  stepsAreAnswers,
  messagesUnread,
  codesDocumented,
  thrownTextOnly,
  narrowComments,
  docstringsSayMore,
  constantsInCamelCase,
} satisfies Readonly<Record<string, Rule>>;

function readsAmbient(placed: Placed): boolean {
  const { node } = placed;
  if (node.type === "MemberExpression") return ambientMembers.has(memberName(node));
  if (node.type === "NewExpression") return nameOf(node.callee) === "Date" && isEmpty(node.arguments);
  if (node.type === "ImportSpecifier")
    return isNodeImport(placed.parent) && ambientImports.has(nameOf(node.imported));
  return node.type === "Identifier" && ambientGlobals.has(nameOf(node)) && isReference(placed);
}

/** Whether an identifier stands for a value, and is not merely the name of a property or of an import. */
function isReference({ parent, field }: Placed): boolean {
  if (parent?.type === "ImportSpecifier") return false;
  const namesProperty = (field === "property" || field === "key") && parent?.computed !== true;
  return !namesProperty;
}

function isPattern({ nodes }: Source, property: SyntaxNode): boolean {
  return nodes.some(({ node, parent }) => node === property && parent?.type === "ObjectPattern");
}

function textOf({ text }: Source, node: SyntaxNode): string {
  return text.slice(Number(node.start), Number(node.end));
}

function memberName(node: SyntaxNode): string {
  const object = node.object as SyntaxNode;
  const owner = object.type === "MemberExpression" ? nameOf(object.property) : nameOf(object);
  return `${owner}.${nameOf(node.property)}`;
}

function isNodeImport(declaration: SyntaxNode | undefined): boolean {
  const from = (declaration?.source as SyntaxNode | undefined)?.value;
  return typeof from === "string" && /^(node:)?(crypto|timers|timers\/promises)$/.test(from);
}

function nameOf(node: unknown): string {
  const name = (node as SyntaxNode | undefined)?.name;
  return typeof name === "string" ? name : "";
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function found(source: Source, problem: string, matches: (placed: Placed) => boolean): readonly string[] {
  return source.nodes.filter(matches).map(({ node }) => {
    const line = source.text.slice(0, Number(node.start)).split("\n").length;
    return `${source.path}:${line} ${problem}`;
  });
}
