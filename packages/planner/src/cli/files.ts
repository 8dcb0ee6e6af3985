// Reading the files that a command is given.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { UserError } from "./user-error.ts";

/** The text of a file; one whose name ends in `.gz` is unpacked. */
export function readText(cwd: string, file: string): string {
  try {
    const bytes = readFileSync(resolve(cwd, file));
    return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  } catch (error) {
    throw new UserError(`${file} can not be read: ${reason(error)}.`);
  }
}

/** The JSON value of a file. */
export function readJson(cwd: string, file: string): unknown {
  const text = readText(cwd, file);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${file} is not JSON: ${reason(error)}.`);
  }
}

/** Replaces the file, in UTF-8. Throws a {@link UserError} where that is not possible. */
export function writeText(cwd: string, file: string, text: string): void {
  try {
    writeFileSync(resolve(cwd, file), text);
  } catch (error) {
    throw new UserError(`${file} can not be written: ${reason(error)}.`);
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES") return "permission is denied";
  if (code === "EISDIR") return "it is a folder";
  return error.message;
}
