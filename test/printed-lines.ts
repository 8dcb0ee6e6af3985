// Compares what a page says that a program prints with what it prints.

/** Columns are as wide as what stands in them, so white space is one blank. */
export function plain(line: string): string {
  return line.replaceAll(/\s+/g, " ").trim();
}

/** The lines of a page that were not printed; `…` stands for what differs from run to run. */
export function missingIn(out: string, lines: readonly string[]): readonly string[] {
  const printed = out.split("\n").map(plain);
  return lines.filter((line) => !printed.some((one) => pattern(line).test(one)));
}

function pattern(line: string): RegExp {
  const parts = plain(line)
    .split(/ ?… ?/)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}
