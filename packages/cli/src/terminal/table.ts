// Text in columns.

/** Rows in columns as wide as their widest cell; no spaces at the ends of lines. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** How long ago, or how far ahead, in one unit. */
export function span(ms: number): string {
  const all = Math.abs(ms);
  if (all < 1_000) return `${Math.round(all)} ms`;
  if (all < 120_000) return `${Math.round(all / 1_000)} s`;
  if (all < 7_200_000) return `${Math.round(all / 60_000)} min`;
  return all < 172_800_000 ? `${Math.round(all / 3_600_000)} h` : `${Math.round(all / 86_400_000)} days`;
}

/** A time as people and programs read it: `2026-11-23 18:30:00.123Z`. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString().replace("T", " ");
}
