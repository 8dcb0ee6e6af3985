// Makes folders, or explains in one sentence why one cannot be made or used.
import { chmod, mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { QuadrilleError } from "../errors.ts";

/** Makes a folder and those above it, where they are missing. Rejects with `Q_FOLDER_UNUSABLE`. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await make(folder);
  } catch (error) {
    throw unusable(folder, error);
  }
}

/**
 * Makes a folder that only its owner may read, because files in it may have wider permissions, as PGlite's
 * do. An existing folder is closed to others, too. Rejects with `Q_FOLDER_UNUSABLE`.
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  await makeFolder(folder);
  try {
    await chmod(folder, 0o700);
  } catch (error) {
    throw unusable(folder, error);
  }
}

/** The error for a folder, or a file in it, that the operating system refuses. */
export function unusable(folder: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  const reason = reasons[error.code] ?? error.message;
  return new QuadrilleError(
    "Q_FOLDER_UNUSABLE",
    `The folder ${folder} cannot be used: ${reason} (${error.code}). Name another one, or fix its permissions.`,
    { cause: error },
  );
}

/**
 * Not `mkdir` with `recursive`: below a folder that accepts no new ones, such as `/proc`, Node 24 loops for
 * ever.
 */
async function make(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === "EEXIST" && (await stat(folder)).isDirectory()) return;
    if (error.code !== "ENOENT" || dirname(folder) === folder) throw error;
    await make(dirname(folder));
    await mkdir(folder);
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "it is on a read-only file system",
  EEXIST: "it is a file",
  ENOTDIR: "a part of its path is a file",
  ENOENT: "the folder above takes none in it",
  ENOSPC: "there is no space left",
};

function isSystemError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return error instanceof Error && "code" in error && "syscall" in error;
}
