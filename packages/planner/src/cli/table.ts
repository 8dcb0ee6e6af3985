// Tables for a terminal: columns as wide as their widest cell, numbers to the right.

const gap = "  ";

/** A table with a head. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const right = head.map((_, column) => rows.length > 0 && rows.every((row) => isNumber(row[column] ?? "")));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return right[column] === true ? cell.padStart(width) : cell.padEnd(width);
      })
      .join(gap)
      .trimEnd();
  return `${[head, ...rows].map(line).join("\n")}\n`;
}

function isNumber(cell: string): boolean {
  return /^-?[\d,.]*\d( ?%)?$/.test(cell) || cell === "";
}
