// Where a module fails while it is loaded: the first place in the stack that is not of a library.
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** A path with a line, as stacks and syntax errors of Node have them. */
const placePattern = /(?:file:\/\/|^|[\s(])((?:[A-Za-z]:)?[\\/][^\s():]+):(\d+)/g;

/** The folder that has this package and the library, where they run from their sources. */
const packagesFolder = fileURLToPath(new URL("../../../", import.meta.url));

/** ` (shop.ts:4)`, relative to a folder; empty where the stack has no place in a file of the user's. */
export function errorPlace(error: unknown, cwd: string): string {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  for (const [, path = "", line] of stack.matchAll(placePattern)) {
    if (path.includes("node_modules") || path.startsWith(packagesFolder)) continue;
    return ` (${relative(cwd, path)}:${line})`;
  }
  return "";
}
