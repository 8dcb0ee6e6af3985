// A function for tests: returns if a choreography holds within a bound, or throws an error that shows what
// was found and how it happens.
import { assertJsonForm } from "../contract/json/json-argument.ts";
import type { ChoreographyJson } from "../contract/json-form.ts";
import { assertOptions } from "../contract/known-keys.ts";
import type { CheckOptions } from "./model/bound.ts";
import { check, type Report } from "./check.ts";
import { explorationLimits } from "./explore/explore.ts";
import type { Finding } from "./model/finding.ts";
import { story } from "./findings/story.ts";

/** Which findings make {@link assertHolds} throw. */
export interface Tolerance {
  /** Warnings pass; default `false`. */
  readonly warnings?: boolean;
  /** An exploration that a bound cut short passes; default `false`. */
  readonly unexhausted?: boolean;
}

/**
 * Checks the choreography. Throws an error whose message is the report if something is found; otherwise
 * returns the report.
 */
export function assertHolds(
  choreography: ChoreographyJson,
  options: CheckOptions = {},
  tolerance: Tolerance = {},
): Report {
  assertJsonForm("assertHolds", choreography);
  assertOptions("assertHolds: the third argument", tolerance, ["warnings", "unexhausted"]);
  const report = check(choreography, options);
  const found = report.findings.filter(
    ({ severity }) => severity === "error" || (severity === "warning" && tolerance.warnings !== true),
  );
  const isCut = !report.exhausted && tolerance.unexhausted !== true;
  if (found.length === 0 && !isCut) return report;
  const cut = isCut
    ? [
        `not everything was explored: ${explorationLimits[report.limit ?? "states"]} at ${report.states} states`,
      ]
    : [];
  throw new Error(
    [`${choreography.name} does not hold within its bound`, ...cut, ...found.map(findingText)].join("\n\n"),
  );
}

/** A finding as text: code, sentence, place, story and suggested patch. */
export function findingText({ code, severity, message, at, path, patch }: Finding): string {
  const lines = [`${code} ${severity}: ${message}`, `  at ${at === "" ? "/" : at}`];
  if (path.length > 0)
    lines.push(
      ...story(path)
        .split("\n")
        .map((line) => `  ${line}`),
    );
  if (patch !== undefined) lines.push(`  to fix it, ${patch.why}`);
  return lines.join("\n");
}
