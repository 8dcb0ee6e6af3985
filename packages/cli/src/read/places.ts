// The file and line of a finding: in JSON files, and in modules as far as their text says it plainly.
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { lineNumbers, lineOf } from "./json-text.ts";
import { importsOf, isWithin, moduleLines } from "./module-lines.ts";

/** Where a finding stands, as an editor opens it. */
export interface FilePlace {
  readonly file: string;
  /** Unknown in a module whose text does not show it. */
  readonly line: number | undefined;
}

/** Finds the file and line of a JSON pointer. */
export type Locate = (pointer: string) => FilePlace;

/** The lines of one file, by JSON pointer. */
interface FileLines {
  readonly file: string;
  readonly lines: ReadonlyMap<string, number>;
}

/** Modules read at most, for a project that imports very much. */
const modulesMax = 100;

/** Reads the files that a choreography was composed of, and finds places in them. */
export async function locator(files: readonly string[], cwd: string): Promise<Locate> {
  const json = files.filter((file) => file.endsWith(".json"));
  const modules = files.filter((file) => !file.endsWith(".json") && existsSync(resolve(cwd, file)));
  const inJson = await Promise.all(
    json.map(async (file) => ({ file, lines: lineNumbers(await readFile(resolve(cwd, file), "utf8")) })),
  );
  const read = [...inJson, ...withoutRepeated(readModules(modules, cwd))];
  return (pointer) => {
    // What one file does not have, another may: the one with the nearest place around it is meant.
    const depth = (lines: ReadonlyMap<string, number>): number => {
      for (let at = pointer; at !== ""; at = at.slice(0, at.lastIndexOf("/")))
        if (lines.has(at)) return at.length;
      return 0;
    };
    const [nearest] = read.toSorted((a, b) => depth(b.lines) - depth(a.lines));
    if (nearest === undefined || (depth(nearest.lines) === 0 && !json.includes(nearest.file)))
      return { file: files[0] ?? "", line: undefined };
    return { file: nearest.file, line: lineOf(nearest.lines, pointer) };
  };
}

/**
 * The lines of modules, and of those of the project that they import. Without a pause, in which a module that
 * was loaded could end the process before its verdict is printed.
 */
function readModules(files: readonly string[], cwd: string): readonly FileLines[] {
  const known = new Set(files.map((file) => resolve(cwd, file)));
  const read: FileLines[] = [];
  for (const path of known) {
    const text = readFileSync(path, "utf8");
    read.push({ file: relative(cwd, path), lines: moduleLines(text) });
    for (const named of importsOf(text)) {
      const found = join(dirname(path), named);
      if (known.size < modulesMax && existsSync(found)) known.add(found);
    }
  }
  return read;
}

/** Without the participants that several modules declare: which one is meant cannot be seen. */
function withoutRepeated(read: readonly FileLines[]): readonly FileLines[] {
  const declared = read.flatMap(({ lines }) => [...lines.keys()].filter((at) => at.split("/").length === 3));
  const repeated = declared.filter((at, index) => declared.indexOf(at) !== index);
  return read.map(({ file, lines }) => ({
    file,
    lines: new Map([...lines].filter(([at]) => !repeated.some((one) => isWithin(at, one)))),
  }));
}
