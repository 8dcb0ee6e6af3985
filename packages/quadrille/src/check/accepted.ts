// Findings that a project accepts, each with its reason: the report shows them, and they do not fail the
// check. An entry that matches no finding any more is reported too.
import type { WellFormedFinding } from "../contract/rules/well-formed.ts";
import type { WellFormedCode } from "../contract/rules/well-formed-rules.ts";
import type { Report } from "./check.ts";
import type { FindingCode, Finding } from "./model/finding.ts";

/** A finding that a project accepts, or a warning about the contract itself. */
export interface Acceptance {
  readonly code: FindingCode | WellFormedCode;
  /** The place in the contract, as the report has it: a JSON pointer, `/` for the whole choreography. */
  readonly place: string;
  readonly reason: string;
  /** The choreography's name, where a project has several. */
  readonly choreography?: string;
}

/** A finding with the reason for which it is accepted. */
export interface AcceptedFinding<F = Finding | WellFormedFinding> {
  readonly finding: F;
  readonly reason: string;
}

/** Findings of which some are accepted. */
export interface SplitFindings<F> {
  /** Those that are not accepted. */
  readonly left: readonly F[];
  readonly accepted: readonly AcceptedFinding<F>[];
  /** Accepted entries that match no finding. */
  readonly stale: readonly Acceptance[];
}

/** A report with its accepted findings listed separately. */
export interface ReportWithAccepted extends Report {
  /** Warnings about the contract itself that are not accepted. */
  readonly warnings: readonly WellFormedFinding[];
  readonly accepted: readonly AcceptedFinding[];
  /** Accepted entries that match no finding. */
  readonly stale: readonly Acceptance[];
}

/** What an entry is compared with; a choreography's name where findings of several are compared. */
interface PlacedFinding {
  readonly code: string;
  readonly at: string;
  readonly choreography?: string;
}

/** Splits findings into accepted ones and the rest. */
export function splitAccepted<F extends PlacedFinding>(
  findings: readonly F[],
  acceptances: readonly Acceptance[],
): SplitFindings<F> {
  const matching = findings.map((finding) => ({
    finding,
    entry: acceptances.find((one) => matches(one, finding)),
  }));
  return {
    left: matching.flatMap(({ finding, entry }) => (entry === undefined ? [finding] : [])),
    accepted: matching.flatMap(({ finding, entry }) =>
      entry === undefined ? [] : [{ finding, reason: entry.reason }],
    ),
    stale: acceptances.filter((one) => !matching.some(({ entry }) => entry === one)),
  };
}

function matches({ code, place, choreography }: Acceptance, found: PlacedFinding): boolean {
  const isHere =
    [choreography, found.choreography].includes(undefined) || choreography === found.choreography;
  return isHere && code === found.code && (place === found.at || (found.at === "" && place === "/"));
}

/** Splits the findings of a report, and the warnings about its contract, into accepted ones and the rest. */
export function setAccepted(
  report: Report,
  acceptances: readonly Acceptance[],
  warnings: readonly WellFormedFinding[] = [],
): ReportWithAccepted {
  const own = acceptances.filter(
    ({ choreography }) => choreography === undefined || choreography === report.name,
  );
  const { left, accepted, stale } = splitAccepted<Finding | WellFormedFinding>(
    [...report.findings, ...warnings],
    own,
  );
  const rest = new Set(left);
  return {
    ...report,
    findings: report.findings.filter((one) => rest.has(one)),
    warnings: warnings.filter((one) => rest.has(one)),
    accepted,
    stale,
  };
}
