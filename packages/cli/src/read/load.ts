// Reads choreographies and contracts where users keep them: JSON files, modules that export values, folders
// with either. Whatever is wrong with a file is one sentence that names it.
import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Choreography, ChoreographyJson, Participant } from "quadrille";
import { fromJson, isRecord, participantJson, shapeProblem, toJson } from "quadrille/tooling";
import { type JsonProblem, parseChoreography, wellFormed, wellFormedRules } from "quadrille/check";
import { fieldOf, textOf } from "./config.ts";
import { parseUniqueJson } from "./json-text.ts";
import { firstLine, loadModule } from "./load-module.ts";
import { type Locate, locator } from "./places.ts";
import { UserError } from "../terminal/user-error.ts";
import { visible } from "../terminal/visible.ts";

/** A contract of millions of bytes is another file by mistake. */
const fileBytesMax = 4 * 1_024 * 1_024;

/** A choreography that a module exports, and the name under which it does. */
interface Exported {
  readonly value: Choreography;
  readonly exported: string;
}

/** A contract as it was found. */
export interface Found {
  /** The file, as short as it can be named from where the user is. */
  readonly file: string;
  /** The value, where a module exports a whole choreography. */
  readonly value: Choreography | undefined;
  /** The name under which the module exports it. */
  readonly exported: string | undefined;
  /**
   * Other choreographies that the module exports, and that make a system with it: none of their participants
   * has a name of another's.
   */
  readonly beside?: readonly Exported[];
  /** Choreographies that the module exports beside these, by their names; they are not looked at. */
  readonly others?: readonly string[];
  /** The JSON form, of a whole choreography or a part; not yet looked at where it comes from a file. */
  readonly form: unknown;
}

/** The error for an empty path. */
const emptyPath =
  "A path is empty: name a module, a JSON file or a folder, or leave it out for the choreography of this project.";

/** The file with the contract at `path`: that itself, or the one of a folder. */
export async function contractFile(path: string, cwd: string): Promise<string> {
  // In a script an empty path is usually a variable without a value; as a folder it would mean the current
  // one.
  if (path.trim() === "") throw new UserError(emptyPath);
  const place = resolve(cwd, path);
  const shown = relative(cwd, place) || ".";
  if (!existsSync(place)) throw new UserError(`${shown} does not exist.`);
  const file = statSync(place).isDirectory() ? await fileIn(place, shown) : place;
  // Reading a named pipe waits for its writer, for ever if there is none. A pipe that a shell opens has one.
  if (statSync(file).isFIFO() && !/^\/(dev|proc)\//.test(file))
    throw new UserError(`${shown} is a named pipe and no file: write it to a file first.`);
  return file;
}

/** Finds the contract at `path`: a file, or a folder with a module that exports one. */
export async function find(path: string, cwd: string): Promise<Found> {
  const file = await contractFile(path, cwd);
  const name = relative(cwd, file);
  return /^\.[cm]?[jt]s$/.test(extname(file))
    ? fromModule({ file, name, cwd })
    : { file: name, value: undefined, exported: undefined, form: await readJson(file, name) };
}

/** A whole choreography: its value and its JSON form. */
export interface Whole {
  readonly file: string;
  readonly choreography: Choreography;
  readonly json: ChoreographyJson;
  /** The choreography as a module exports it, with its schemas. */
  readonly value: Choreography | undefined;
  readonly exported: string | undefined;
  /** Other choreographies of the module, by their names. */
  readonly others: readonly string[];
  /** What was read, where it is no value of a module. */
  readonly form?: unknown;
}

/**
 * Finds the choreographies at `path` that make a system: those that a module exports, or the one of a JSON
 * file.
 */
export async function findSystem(path: string, cwd: string): Promise<readonly [Whole, ...Whole[]]> {
  const found = await find(path, cwd);
  const { file, value, exported, form, others = [], beside = [] } = found;
  if (value === undefined) return [wholeOf({ file, exported, form, others }, await locator([file], cwd))];
  const wholeIn = (one: Choreography, name: string | undefined): Whole => {
    return { file, choreography: one, json: toJson(one), value: one, exported: name, others };
  };
  return [wholeIn(value, exported), ...beside.map((one) => wholeIn(one.value, one.exported))];
}

/** A whole choreography in the JSON form. */
function wholeOf(
  { file, exported, form, others }: Pick<Whole, "file" | "exported" | "others"> & { readonly form: unknown },
  locate: Locate,
): Whole {
  const parsed = parseChoreography(form);
  if (!parsed.ok) throw new UserError(problemText(parsed.problems, { files: [file], locate }));
  const choreography = fromJson(parsed.choreography);
  return { file, choreography, json: parsed.choreography, value: undefined, exported, others, form };
}

/** A value with which no engine starts is not checked either; the JSON form is judged when it is read. */
function refuseMalformed(choreography: Choreography, source: NamedFiles): void {
  const broken = wellFormed(choreography).filter(({ severity }) => severity === "error");
  const problems = broken.map(({ code, message, at }) => ({ code, message, path: at }));
  if (problems.length > 0) throw new UserError(problemText(problems, source));
}

/** A value that the constructors have not made may have any shape. */
function refuseShape(value: unknown, source: NamedFiles): void {
  const problem = shapeProblem(value);
  if (problem !== undefined) throw new UserError(problemText([problem], source));
}

/** What a problem is about: one file, or several by their numbers, and the lines of places in them. */
export interface NamedFiles {
  readonly files: readonly string[];
  readonly locate?: Locate;
}

/**
 * The first problem in a sentence, and how many more there are. Paths may begin with the number of a file in
 * `files`.
 */
export function problemText(problems: readonly JsonProblem[], { files, locate }: NamedFiles): string {
  const [first, ...more] = problems;
  const [, number, rest] = /^\/(\d+)(.*)$/s.exec(first?.path ?? "") ?? [];

  const file = files[Number(number ?? 0)] ?? files.join(" + ");
  const place = number === undefined ? first?.path : rest;
  const found = place === undefined || place === "" ? undefined : locate?.(place);
  const line = found?.line === undefined ? "" : ` (${found.file}:${found.line})`;
  const at = place === undefined || place === "" ? "" : ` at ${place}${line}`;
  const code = first?.code === undefined ? "" : ` (${first.code})`;
  return visible(`${file}${at}: ${first?.message}${code}.${whatToDo(first?.code)}${othersText(more)}`);
}

/** How a broken rule of well-formedness is repaired. */
function whatToDo(code: string | undefined): string {
  const rule = Object.entries(wellFormedRules).find(([name]) => name === code)?.[1];
  return rule === undefined ? "" : ` ${rule.fix}`;
}

function othersText(others: readonly JsonProblem[]): string {
  if (others.length === 0) return "";
  const codes = [...new Set(others.map(({ code = "" }) => code))].join(", ");
  return ` There ${others.length === 1 ? "is" : "are"} ${others.length} more${codes === "" ? "" : `: ${codes}`}.`;
}

const candidates = [
  "src/choreography.ts",
  "choreography.ts",
  "src/choreography.js",
  "choreography.js",
  "choreography.json",
];

async function fileIn(folder: string, shown: string): Promise<string> {
  const field = await fieldOf(join(folder, "package.json"));
  const named = field === undefined ? undefined : textOf(field, "choreography");
  if (named !== undefined) {
    const file = resolve(folder, named);
    if (!existsSync(file))
      throw new UserError(
        `The package.json in ${shown} names ${named} as its choreography, which does not exist.`,
      );
    return statSync(file).isDirectory() && file !== folder ? fileIn(file, join(shown, named)) : file;
  }
  const file = candidates.map((one) => join(folder, one)).find((one) => existsSync(one));
  if (file !== undefined) return file;
  throw new UserError(
    `${shown} has no choreography: neither the field "quadrille.choreography" in its package.json nor one of ${candidates.join(", ")}.`,
  );
}

async function readJson(file: string, name: string): Promise<unknown> {
  const { size } = statSync(file);
  const megabytes = (bytes: number): string => `${(bytes / 1_024 / 1_024).toFixed(1)} MB`;
  if (size > fileBytesMax)
    throw new UserError(
      `${name} has ${megabytes(size)}; a choreography has at most ${megabytes(fileBytesMax)}.`,
    );
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new UserError(`${name} cannot be read: ${firstLine(error)}.`);
  });
  if (text.trim() === "") throw new UserError(`${name} is empty.`);
  if (/[\0\uFFFD]/.test(text)) throw new UserError(`${name} is not a text file.`);
  return parseUniqueJson(text, name);
}

interface NamedFile {
  /** Its whole path. */
  readonly file: string;
  /** As the user would name it, who is in a folder. */
  readonly name: string;
  readonly cwd: string;
}

async function fromModule({ file, name, cwd }: NamedFile): Promise<Found> {
  const module = await loadModule({ url: pathToFileURL(file).href, name, cwd });
  const locate = await locator([name], cwd);
  try {
    return foundIn(module, { files: [name], locate });
  } catch (error) {
    if (error instanceof UserError) throw error;
    // A getter or a proxy of the module's own is foreign code, too.
    throw new UserError(`${name} exports a value that cannot be read: ${firstLine(error)}.`);
  }
}

function foundIn(module: ReadonlyMap<string, unknown>, source: NamedFiles): Found {
  const name = source.files[0] ?? "";
  // Both names of one value: the default one is shorter to import.
  const exports = [...module].toSorted(([a], [b]) => Number(b === "default") - Number(a === "default"));
  const part = (form: unknown): Found => ({ file: name, value: undefined, exported: undefined, form });
  const [first, ...beside] = systemIn(exports, source);
  if (first !== undefined) {
    for (const { value } of [first, ...beside]) refuseMalformed(value, source);
    const system = new Set([first, ...beside].map(({ value }) => value));
    const others = new Set(
      exports.flatMap(([, one]) => (isChoreography(one) && !system.has(one) ? [one.name] : [])),
    );
    return { file: name, ...first, beside, others: [...others], form: toJson(first.value) };
  }
  const values = exports.map(([, value]) => value);
  const participants = values.filter(isParticipant).map((one) => {
    refuseShape(one, source);
    return [one.name, participantJson(one)] as const;
  });
  if (participants.length > 0) return part({ participants: Object.fromEntries(participants) });
  const form = values.find((value) => isRecord(value) && "participants" in value);
  if (form !== undefined) return part(asData(form));
  throw new UserError(`${name} exports no choreography: export the value that choreography(…) returns.`);
}

/**
 * The first choreography, and each other one that shares no participant's name with those before it: another
 * version of a choreography is not part of its system.
 */
function systemIn(exports: readonly (readonly [string, unknown])[], source: NamedFiles): readonly Exported[] {
  const names = new Set<string>();
  const system: Exported[] = [];
  for (const [exported, value] of exports) {
    if (!isChoreography(value)) continue;
    // Before anything in it is looked at.
    refuseShape(value, source);
    if (value.participants.some((one) => names.has(one.name))) continue;
    for (const one of value.participants) names.add(one.name);
    system.push({ value, exported });
  }
  return system;
}

/** A copy, for which every getter has been asked; what cannot be copied is refused later, by its place. */
function asData(form: unknown): unknown {
  try {
    return structuredClone(form);
  } catch (error) {
    if (error instanceof DOMException && error.name === "DataCloneError") return form;
    throw error;
  }
}

function isChoreography(value: unknown): value is Choreography {
  return isRecord(value) && value["kind"] === "choreography" && Array.isArray(value["participants"]);
}

function isParticipant(value: unknown): value is Participant {
  return isRecord(value) && value["kind"] === "participant" && isRecord(value["states"]);
}
