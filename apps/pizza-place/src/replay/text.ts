// The board as text: one line while it runs, a table at the end.
import type { BoardView } from "./board.ts";

/** The board and how fast it moves. */
export interface Progress extends BoardView {
  /** Orders that came to an end, a second. */
  readonly ordersPerSecond: number;
  /** Business time at the end, where it is not the machine's: `2015-12-31 21:23:10 UTC`. */
  readonly businessTime?: string | undefined;
}

/** One line, cut to `columns`: the rarest reasons are left out first. */
export function progressLine(progress: Progress, columns: number): string {
  const reasons = [...progress.reasons]
    .toSorted((a, b) => b[1] - a[1])
    .map(([reason, count]) => `${shortReason(reason)} ${count}`);
  const lines = [...reasons.keys(), reasons.length].toReversed().map((shown) => {
    const cut = shown < reasons.length ? ["…"] : [];
    return lineWith(progress, [...reasons.slice(0, shown), ...cut].join(", "));
  });
  return lines.find((line) => line.length <= columns) ?? lineWith(progress, "").slice(0, columns);
}

function lineWith(progress: Progress, reasons: string): string {
  return [
    `placed ${progress.placed}`,
    `approved ${progress.approved}`,
    `rejected ${progress.rejected}${reasons === "" ? "" : ` (${reasons})`}`,
    ...(progress.cancelled === 0 ? [] : [`cancelled ${progress.cancelled}`]),
    `in flight ${progress.inFlight}`,
    `p50 ${milliseconds(progress.p50Ms)} p99 ${milliseconds(progress.p99Ms)}`,
    `${Math.round(progress.ordersPerSecond)} orders/s`,
  ].join("  ");
}

/** The table at the end of a replay. */
export function finalTable(progress: Progress): string {
  const shareOf = (count: number) =>
    progress.placed === 0 ? "" : `${((count / progress.placed) * 100).toFixed(1)} %`;
  const reasons = [...progress.reasons].toSorted((a, b) => a[0].localeCompare(b[0], "en"));
  const rows: readonly (readonly [string, string, string])[] = [
    ["orders placed", String(progress.placed), ""],
    ...(progress.throughApi === 0 ? [] : [["  through the API", String(progress.throughApi), ""] as const]),
    ["approved", String(progress.approved), shareOf(progress.approved)],
    ["rejected", String(progress.rejected), shareOf(progress.rejected)],
    ...reasons.map(([reason, count]) => [`  ${reason}`, String(count), shareOf(count)] as const),
    ["cancelled", String(progress.cancelled), shareOf(progress.cancelled)],
    ["in flight", String(progress.inFlight), ""],
    ["time to an end, p50", milliseconds(progress.p50Ms), ""],
    ["time to an end, p99", milliseconds(progress.p99Ms), ""],
    ["orders/s", String(Math.round(progress.ordersPerSecond)), ""],
    ...(progress.businessTime === undefined ? [] : [["business time", progress.businessTime, ""] as const]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const [name = 0, number = 0, share = 0] = widths;
  return rows
    .map(([a, b, c]) => `  ${a.padEnd(name)}  ${b.padStart(number)}  ${c.padStart(share)}`.trimEnd())
    .join("\n");
}

/** A span of time with a unit: `6.1 ms`, `120 ms`, `1.5 s`; a dash when there is none. */
function milliseconds(spanMs: number | undefined): string {
  if (spanMs === undefined) return "-";
  if (spanMs >= 1_000) return `${(spanMs / 1_000).toFixed(1)} s`;
  return `${spanMs < 10 ? spanMs.toFixed(1) : Math.round(spanMs)} ms`;
}

const shortReasons: Readonly<Record<string, string>> = {
  "unknown consumer": "unknown",
  "consumer blocked": "blocked",
  "order above the consumer's limit": "limit",
  "pizza not on the menu": "menu",
  "restaurant closed": "closed",
  "too many pizzas for the kitchen": "too many",
  "card declined": "declined",
};

function shortReason(reason: string): string {
  return shortReasons[reason] ?? reason;
}
