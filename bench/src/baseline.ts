// The numbers that later runs are compared with.
import { readFileSync, writeFileSync } from "node:fs";
import type { CreateOrderResult } from "./create-order.ts";

/** What `baseline.json` holds. */
export interface Baseline {
  readonly createOrder: readonly CreateOrderResult[];
}

const file = new URL("../baseline.json", import.meta.url);

/** The kept numbers; none before the first `--save`. */
export function readBaseline(): Baseline {
  try {
    const kept: Baseline = JSON.parse(readFileSync(file, "utf8"));
    return kept;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { createOrder: [] };
    throw error;
  }
}

/** Keeps new numbers; those of runs that were not made again stay. */
export function saveBaseline(fresh: Baseline): void {
  const sameRun = (a: CreateOrderResult, b: CreateOrderResult): boolean =>
    a.store === b.store && a.inFlight === b.inFlight;
  const kept = readBaseline().createOrder.filter(
    (old) => !fresh.createOrder.some((one) => sameRun(old, one)),
  );
  writeFileSync(file, `${JSON.stringify({ createOrder: [...kept, ...fresh.createOrder] }, undefined, 2)}\n`);
}
