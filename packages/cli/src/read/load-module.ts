// Imports a user's module, whose code may throw, never end, or end the process.
import type { Clock } from "quadrille";
import { systemAmbient, thrownText } from "quadrille/tooling";
import { errorPlace } from "./error-place.ts";
import { loadMsMax } from "./load-limit.ts";
import { stopComputingAfter } from "./load-watchdog.ts";
import { exitCodes, moduleAdvice, UserError } from "../terminal/user-error.ts";
import { visible } from "../terminal/visible.ts";

/** A module, and what it is loaded with. */
export interface Loading {
  readonly url: string;
  /** The file, as the user would name it. */
  readonly name: string;
  /** Where the user is. */
  readonly cwd: string;
  readonly clock?: Clock;
  /** Stops what is computed after a number of milliseconds; the function that it returns calls that off. */
  readonly watchdog?: (ms: number) => () => void;
}

/** The exports of a module by name. */
export async function loadModule({
  url,
  name,
  cwd,
  clock = systemAmbient().clock,
  watchdog = stopComputingAfter,
}: Loading): Promise<ReadonlyMap<string, unknown>> {
  const ended = (): void => {
    process.stderr.write(`${name} ended the process while it was loaded: ${moduleAdvice}.\n`);
    // Whatever exit code the module gave, nothing was checked.
    process.exitCode = exitCodes.usage;
  };
  const loaded = new AbortController();
  const ms = loadMsMax();
  const callOff = watchdog(ms);
  const late = clock.sleep(ms, loaded.signal).then((): never => {
    throw new UserError(
      `${name} did not finish loading within ${ms / 1_000} s (--load-seconds): ${moduleAdvice}.`,
    );
  });
  // Aborting the sleep ends it as well; by then its error has no listener.
  late.catch(() => undefined);
  // Before what the command itself says at its end.
  process.prependOnceListener("exit", ended);
  try {
    const module: unknown = await Promise.race([importOf({ url, name, cwd }), late]);
    return new Map(Object.entries(module ?? {}));
  } finally {
    process.off("exit", ended);
    loaded.abort();
    callOff();
  }
}

async function importOf({ url, name, cwd }: Pick<Loading, "url" | "name" | "cwd">): Promise<unknown> {
  try {
    return await import(url);
  } catch (error) {
    throw new UserError(`${name} cannot be loaded: ${firstLine(error)}${errorPlace(error, cwd)}.`);
  }
}

/** The first line of an error's message without its full stop, and visible. */
export function firstLine(error: unknown): string {
  const message = thrownText(error) || "it threw an error without a text";
  return visible((message.split("\n")[0] ?? "").replace(/\.$/, ""));
}
