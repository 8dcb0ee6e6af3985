// docs/reference/api: a page for each entry of the library, made from the docstrings and declarations of what
// it exports.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Exported, exportsOf } from "./api-source.ts";
import { fence, page, table } from "./markdown.ts";

const root = join(import.meta.dirname, "../..");
const library = "packages/quadrille";

/** The folder of the pages. */
const apiFolder = "reference/api";

/** An entry of the library. */
export interface ApiEntry {
  /** As it is imported: `quadrille/check`. */
  readonly name: string;
  /** What it is for: the sentence with which its source begins. */
  readonly purpose: string;
  readonly exports: readonly Exported[];
}

/** The entries in the manifest's order. */
export function apiEntries(): readonly ApiEntry[] {
  const manifest: unknown = JSON.parse(readFileSync(join(root, library, "package.json"), "utf8"));
  return [...fieldsOf(fieldsOf(manifest).get("exports"))].flatMap(([name, target]) => {
    const source = fieldsOf(target).get("quadrille-source");
    if (typeof source !== "string") return [];
    const file = `${library}/${source.replace("./", "")}`;
    return [{ name: `quadrille${name.slice(1)}`, purpose: purposeOf(file), exports: exportsOf(root, file) }];
  });
}

function fieldsOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}

/** The pages by their place under docs. */
export function apiPages(): readonly (readonly [string, string])[] {
  const entries = apiEntries();
  const rows = entries.map(({ name, purpose }) => [`[\`${name}\`](${fileOf(name)})`, purpose]);
  const index = page(
    "API",
    "What the library exports, by entry. The text is that of the sources; what is not exported here is not promised.",
    table(["entry", "for"], rows),
  );
  return [
    [`${apiFolder}/README.md`, index],
    ...entries.map((entry) => [`${apiFolder}/${fileOf(entry.name)}`, entryPage(entry)] as const),
  ];
}

function entryPage({ name, purpose, exports }: ApiEntry): string {
  const sorted = exports.toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
  const links = sorted.map((one, index) => `[${one.name}](#${anchorOf(sorted, index)})`).join(", ");
  const parts = sorted.flatMap((one) => [`## ${one.name}`, one.doc, fence("ts", one.text)]);
  return page(`\`${name}\``, purpose, links, ...parts);
}

/** The heading's anchor. Of two that differ in capitals alone the second has a number, as GitHub gives it. */
function anchorOf(sorted: readonly Exported[], index: number): string {
  const names = sorted.map(({ name }) => name.toLowerCase());
  const before = names.slice(0, index).filter((name) => name === names[index]).length;
  return before === 0 ? (names[index] ?? "") : `${names[index]}-${before}`;
}

function fileOf(name: string): string {
  return `${name.replace("/", "-")}.md`;
}

/** The comment at the head of the file, after the entry's name. */
function purposeOf(file: string): string {
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  const comment = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith("//")),
  );
  const text = comment.map((line) => line.replace(/^\/\/ ?/, "")).join(" ");
  const rest = text.replace(/^The public entry of `[^`]+`: /, "");
  return `${rest.charAt(0).toUpperCase()}${rest.slice(1)}`;
}
