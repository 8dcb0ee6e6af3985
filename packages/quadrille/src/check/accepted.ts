// Findings that a project accepts, each with its reason: the report shows them, and they do not fail the
// check. An entry that matches no finding any more is reported too.
import type { Report } from "./check.ts";
import type { FindingCode, Finding } from "./model/finding.ts";

/** A finding that a project accepts. */
export interface Acceptance {
  readonly code: FindingCode;
  /** The place in the contract, as the report has it: a JSON pointer, `/` for the whole choreography. */
  readonly place: string;
  readonly reason: string;
  /** The choreography's name, where a project has several. */
  readonly choreography?: string;
}

/** A finding with the reason for which it is accepted. */
export interface AcceptedFinding {
  readonly finding: Finding;
  readonly reason: string;
}

/** A report with its accepted findings listed separately. */
export interface ReportWithAccepted extends Report {
  readonly accepted: readonly AcceptedFinding[];
  /** Accepted entries that match no finding. */
  readonly stale: readonly Acceptance[];
}

/** Splits the findings of a report into accepted ones and the rest. */
export function setAccepted(report: Report, acceptances: readonly Acceptance[]): ReportWithAccepted {
  const own = acceptances.filter(
    ({ choreography }) => choreography === undefined || choreography === report.name,
  );
  const reasonFor = ({ code, at }: Finding): Acceptance | undefined =>
    own.find((one) => one.code === code && (one.place === at || (at === "" && one.place === "/")));
  return {
    ...report,
    findings: report.findings.filter((finding) => reasonFor(finding) === undefined),
    accepted: report.findings.flatMap((finding) => {
      const found = reasonFor(finding);
      return found === undefined ? [] : [{ finding, reason: found.reason }];
    }),
    stale: own.filter((one) => !report.findings.some((finding) => reasonFor(finding) === one)),
  };
}
