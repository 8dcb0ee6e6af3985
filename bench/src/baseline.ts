// The numbers that later runs are compared with.
import { readFileSync, writeFileSync } from "node:fs";
import type { CheckerResult } from "./checker.ts";
import type { CreateOrderResult } from "./create-order.ts";

/** What `baseline.json` holds. */
export interface Baseline {
  readonly createOrder: readonly CreateOrderResult[];
  readonly checker: readonly CheckerResult[];
}

const file = new URL("../baseline.json", import.meta.url);

/** The kept numbers; none before the first `--save`. */
export function readBaseline(): Baseline {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-return -- the file is this module's own
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      return { createOrder: [], checker: [] };
    throw error;
  }
}

/** Keeps new numbers; those of runs that were not made again stay. */
export function saveBaseline(fresh: Baseline): void {
  const kept = readBaseline();
  const merged: Baseline = {
    createOrder: merge(kept.createOrder, fresh.createOrder, ({ store, inFlight }) => `${store} ${inFlight}`),
    checker: merge(kept.checker, fresh.checker, ({ name }) => name),
  };
  writeFileSync(file, `${JSON.stringify(merged, undefined, 2)}\n`);
}

function merge<Result>(
  kept: readonly Result[],
  fresh: readonly Result[],
  nameOf: (result: Result) => string,
): readonly Result[] {
  const again = new Set(fresh.map(nameOf));
  return [...kept.filter((result) => !again.has(nameOf(result))), ...fresh];
}
