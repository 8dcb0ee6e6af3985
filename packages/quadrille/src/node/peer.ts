// Optional packages: a program installs the ones that the parts it uses need.
import { QuadrilleError } from "../errors.ts";

/**
 * Imports an optional package by `load`. Rejects with `Q_PACKAGE_MISSING` if `name` is not installed; `what`
 * names the part that needs it.
 */
export async function peer<T>(name: string, what: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!isMissing(error, name)) throw error;
    throw new QuadrilleError("Q_PACKAGE_MISSING", `${what} needs the package ${name}: npm install ${name}`, {
      cause: error,
    });
  }
}

function isMissing(error: unknown, name: string): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    error.code === "ERR_MODULE_NOT_FOUND" &&
    error.message.includes(`'${name}'`)
  );
}
