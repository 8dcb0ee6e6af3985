// Results as tables for people.
import type { CheckerResult } from "./checker.ts";
import type { CreateOrderResult } from "./create-order.ts";
import type { OwnTableResult } from "./own-table.ts";
import type { ProcessesResult } from "./processes.ts";

type Row = readonly string[];

/** The engine's results, each with its ratio to the kept one of the same run. */
export function createOrderTable(
  results: readonly CreateOrderResult[],
  baseline: readonly CreateOrderResult[],
): string {
  const head: Row = [
    "store",
    "in flight",
    "sagas/s",
    "of baseline",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "commits/saga",
    "WAL B/saga",
    "Node ms/saga",
    "database ms/saga",
    "ends",
  ];
  const rows = results.map((result): Row => {
    const kept = baseline.find((one) => one.store === result.store && one.inFlight === result.inFlight);
    return [
      result.store,
      String(result.inFlight),
      result.sagasPerSecond.toFixed(0),
      kept === undefined ? "–" : (result.sagasPerSecond / kept.sagasPerSecond).toFixed(2),
      result.latencyMs.p50.toFixed(1),
      result.latencyMs.p95.toFixed(1),
      result.latencyMs.p99.toFixed(1),
      result.commitsPerSaga.toFixed(2),
      result.walBytesPerSaga?.toFixed(0) ?? "–",
      result.cpuMsPerSaga.toFixed(3),
      result.databaseCpuMsPerSaga?.toFixed(3) ?? "–",
      Object.entries(result.ends)
        .map(([end, count]) => `${end} ${count}`)
        .join(", "),
    ];
  });
  return table([head, ...rows]);
}

/** What several processes did together, each with its ratio to one process with one lane in the same turn. */
export function processesTable(results: readonly ProcessesResult[]): string {
  const head: Row = [
    "processes",
    "lanes",
    "sagas",
    "in flight",
    "sagas/s",
    "of one",
    "Node ms/saga",
    "database ms/saga",
  ];
  const rows = results.map(
    (result): Row => [
      String(result.processes),
      String(result.lanes),
      result.order,
      String(result.inFlight),
      result.sagasPerSecond.toFixed(0),
      result.ofOne?.toFixed(2) ?? "–",
      result.cpuMsPerSaga.toFixed(3),
      result.databaseCpuMsPerSaga?.toFixed(3) ?? "–",
    ],
  );
  return table([head, ...rows]);
}

/** What a statement for each order and one for all of a batch came to; nothing where neither was measured. */
export function ownTableTable(results: readonly OwnTableResult[]): string {
  if (results.length === 0) return "";
  const head: Row = [
    "own table",
    "handler",
    "lanes",
    "in flight",
    "orders/s",
    "orders/statement",
    "Node ms/order",
    "database ms/order",
  ];
  const rows = results.map(
    (result): Row => [
      result.store,
      result.handler,
      String(result.lanes),
      String(result.inFlight),
      result.ordersPerSecond.toFixed(0),
      result.ordersPerStatement.toFixed(1),
      result.cpuMsPerOrder.toFixed(3),
      result.databaseCpuMsPerOrder?.toFixed(3) ?? "–",
    ],
  );
  return table([head, ...rows]);
}

/** The checker's results, each with its ratio to the kept one: above 1 is faster. */
export function checkerTable(results: readonly CheckerResult[], baseline: readonly CheckerResult[]): string {
  const head: Row = ["checker", "states", "transitions", "median ms", "of baseline", "states/s"];
  const rows = results.map((result): Row => {
    const kept = baseline.find((one) => one.name === result.name);
    return [
      result.name,
      String(result.states),
      String(result.transitions),
      result.ms.toFixed(1),
      kept === undefined ? "–" : (kept.ms / result.ms).toFixed(2),
      result.statesPerSecond?.toFixed(0) ?? "–",
    ];
  });
  return table([head, ...rows]);
}

/** Columns as wide as their widest cell; numbers to the right. */
function table(rows: readonly Row[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: Row): string =>
    row
      .map((cell, column) =>
        /^[\d–]/.test(cell) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ");
  return `${rows.map((row) => line(row).trimEnd()).join("\n")}\n`;
}
