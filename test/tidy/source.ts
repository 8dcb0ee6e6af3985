// Reads the sources of the workspace, with the imports and the syntax tree that the house rules need.
import { globSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path/posix";
import { parseSync } from "vite";

/** A node of the syntax tree (ESTree with TypeScript): a type, and whatever fields that type has. */
export interface SyntaxNode {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface Source {
  /** From the root of the workspace, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Every node of a TypeScript file with its parent; empty for other files. */
  readonly nodes: readonly Placed[];
  /**
   * What the file imports, types included: workspace paths for relative imports, otherwise the name as
   * written.
   */
  readonly imports: readonly string[];
}

export interface Placed {
  readonly node: SyntaxNode;
  readonly parent: SyntaxNode | undefined;
  /** The field of the parent that holds the node. */
  readonly field: string;
}

/** The TypeScript and SQL sources under the given folders, without installed and built ones. */
export function readSources(root: string, folders: readonly string[]): readonly Source[] {
  return globSync(
    folders.map((folder) => `${folder}/**/*.{ts,sql}`),
    { cwd: root, exclude: isSkipped },
  )
    .toSorted()
    .map((path) => source(path, readFileSync(join(root, path), "utf8")));
}

/** The Markdown pages at the root and under the given folders, without installed and built ones. */
export function readPages(
  root: string,
  folders: readonly string[],
): readonly Pick<Source, "path" | "text">[] {
  const patterns = ["*.md", ...folders.map((folder) => `${folder}/**/*.md`)];
  return globSync(patterns, { cwd: root, exclude: isSkipped })
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

/** One source from its path and text. Throws where the text is no TypeScript. */
export function source(path: string, text: string): Source {
  if (!path.endsWith(".ts")) return { path, text, nodes: [], imports: [] };
  const { program, errors } = parseSync(path, text);
  const first = errors[0];
  if (first !== undefined) throw new Error(`${path} does not parse: ${first.message}`);
  const nodes = placedNodes(program as unknown as SyntaxNode);
  return { path, text, nodes, imports: importsOf(path, nodes) };
}

function isSkipped(name: string): boolean {
  return /(^|\/)(node_modules|dist|coverage)$/.test(name);
}

/** Whether the file is a test, or helps one. */
export function isTest(path: string): boolean {
  return /\.(test|test-d)\.ts$/.test(path) || /(^|\/)test\//.test(path);
}

function placedNodes(program: SyntaxNode): readonly Placed[] {
  const found: Placed[] = [];
  const visit = (value: unknown, parent: SyntaxNode | undefined, field: string): void => {
    if (Array.isArray(value)) return value.forEach((item) => visit(item, parent, field));
    if (!isNode(value)) return;
    found.push({ node: value, parent, field });
    for (const [name, child] of Object.entries(value)) visit(child, value, name);
  };
  visit(program, undefined, "");
  return found;
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

const importing = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
  "TSImportType",
]);

function importsOf(path: string, nodes: readonly Placed[]): readonly string[] {
  const names = nodes
    .filter(({ node }) => importing.has(node.type))
    .map(({ node }) => (isNode(node.source) ? node.source.value : undefined))
    .filter((name) => typeof name === "string");
  const resolved = names.map((name) => (name.startsWith(".") ? normalize(join(path, "..", name)) : name));
  return [...new Set(resolved)];
}
