// What the command prints about the findings of one code, without colours: for pages.
import picocolors from "picocolors";
import type { Report } from "quadrille/check";
import { renderReport } from "../src/print/render-report.ts";

/** The findings of `code` with their paths, as `quadrille check --verbose` prints them. */
export function plainFindings(report: Report, code: string): string {
  const findings = report.findings.filter((one) => one.code === code);
  const style = {
    colors: picocolors.createColors(false),
    files: [],
    durationMs: 0,
    verbose: true,
    locate: () => ({ file: "", line: undefined }),
  };
  const [, , ...parts] = renderReport({ ...report, findings }, style).split("\n\n");
  // A page does not refer to itself.
  return parts
    .filter((part) => !part.startsWith("quadrille explain "))
    .join("\n\n")
    .trimEnd();
}
