// Imports a user's module, whatever its own code does meanwhile: it may throw, never come to an end, or end the process.
import type { Clock } from "quadrille";
import { systemAmbient } from "quadrille/tooling";
import { exitCodes, moduleAdvice, UserError } from "../terminal/user-error.ts";

/** How long a module may load. One that takes longer waits for something: a connection, a signal, the end of a server. */
const loadMsMax = 10_000;

/** A module, and what it is loaded with. */
export interface Loading {
  readonly url: string;
  /** The file, as the user would name it. */
  readonly name: string;
  readonly clock?: Clock;
}

/** The exports of a module by name. */
export async function loadModule({
  url,
  name,
  clock = systemAmbient().clock,
}: Loading): Promise<ReadonlyMap<string, unknown>> {
  const ended = (): void => {
    process.stderr.write(`${name} ended the process while it was loaded: ${moduleAdvice}.\n`);
    // Whatever code the module ended with, nothing was checked.
    process.exitCode = exitCodes.usage;
  };
  const loaded = new AbortController();
  const late = clock.sleep(loadMsMax, loaded.signal).then((): never => {
    throw new UserError(`${name} did not finish loading within ${loadMsMax / 1_000} s: ${moduleAdvice}.`);
  });
  // Aborting the sleep ends it as well; by then nobody listens to its complaint.
  late.catch(() => undefined);
  // Before what the command itself says at its end.
  process.prependOnceListener("exit", ended);
  try {
    const module: unknown = await Promise.race([importOf(url, name), late]);
    return new Map(Object.entries(module ?? {}));
  } finally {
    process.off("exit", ended);
    loaded.abort();
  }
}

async function importOf(url: string, name: string): Promise<unknown> {
  try {
    return await import(url);
  } catch (error) {
    throw new UserError(`${name} cannot be loaded: ${firstLine(error)}.`);
  }
}

/** The first line of an error's message, without its full stop. */
export function firstLine(error: unknown): string {
  const message = error instanceof Error && error.message !== "" ? error.message : String(error);
  return (message.split("\n")[0] ?? "").replace(/\.$/, "");
}
