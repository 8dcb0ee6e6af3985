// Warnings of well-formedness about a contract, shown besides a check's findings.
import { counted, wellFormed, type WellFormedFinding, wellFormedRules } from "quadrille/check";
import type { Choreography } from "quadrille";
import { leftToFindings } from "../read/config.ts";
import type { Locate } from "../read/places.ts";
import type { Colors } from "../terminal/terminal.ts";
import { visible } from "../terminal/visible.ts";

/** Warnings shown unless the user asks for all. */
const shownMax = 10;

/**
 * The warnings about a contract; with an error among them it is not checked at all. Omissions (W03) are left
 * to P1, which knows those that can be reached.
 */
function contractWarnings(choreography: Choreography): readonly WellFormedFinding[] {
  return wellFormed(choreography).filter(({ severity, code }) => severity === "warning" && code !== "W03");
}

/** Those that a check does not find itself: an event without publisher or subscriber is P7 there. */
export function warningsBesideCheck(choreography: Choreography): readonly WellFormedFinding[] {
  return contractWarnings(choreography).filter(({ code }) => !leftToFindings.has(code));
}

/** Warnings of a new version that the running one does not have. */
export function freshWarnings(next: Choreography, running: Choreography): readonly WellFormedFinding[] {
  const known = new Set(contractWarnings(running).map(({ code, message }) => `${code} ${message}`));
  return contractWarnings(next).filter(({ code, message }) => !known.has(`${code} ${message}`));
}

/** The warnings as text, for a terminal; empty where there are none. */
export function warningsText(
  warnings: readonly WellFormedFinding[],
  { colors, locate, all }: { readonly colors: Colors; readonly locate: Locate; readonly all: boolean },
): string {
  if (warnings.length === 0) return "";
  const shown = all ? warnings : warnings.slice(0, shownMax);
  const more = warnings.length - shown.length;
  return [
    colors.bold(`The contract itself: ${counted(warnings.length, "warning")}.`),
    ...shown.flatMap(({ code, message, at }) => {
      const { file, line } = locate(at);
      const place = line === undefined ? at : `${at} (${file}:${line})`;
      return [
        "",
        `${colors.yellow(`warning ${code}`)} ${visible(message)}`,
        colors.dim(visible(`  at ${place}`)),
        `  ${wellFormedRules[code].fix}`,
      ];
    }),
    ...(more > 0 ? ["", `… and ${more} more: --verbose lists all.`] : []),
    "",
    "",
  ].join("\n");
}
