// A check's findings as SARIF 2.1.0 (OASIS), the form that code hosts show beside the code.
import {
  findingCatalog,
  type Finding,
  numberMessages,
  type ReportWithAccepted,
  type WellFormedFinding,
  wellFormedRules,
} from "quadrille/check";
import type { Locate } from "../read/places.ts";

const levels = { error: "error", warning: "warning", report: "note" } as const;

/** The parts of a log that its readers use. */
export interface SarifLog {
  readonly runs: readonly unknown[];
  readonly [part: string]: unknown;
}

/** The findings about one contract. */
export type SarifInput = Pick<ReportWithAccepted, "findings" | "accepted" | "warnings">;

function hasPath(finding: Finding | WellFormedFinding): finding is Finding {
  return "path" in finding;
}

/** The log with one run. */
export function toSarif(report: SarifInput, locate: Locate): SarifLog {
  const reasons = new Map(report.accepted.map(({ finding, reason }) => [finding, reason]));
  const findings = [...report.findings, ...[...reasons.keys()].filter(hasPath)];
  const warnings = [...report.warnings, ...[...reasons.keys()].flatMap((one) => (hasPath(one) ? [] : [one]))];
  const codes = [...new Set(findings.map(({ code }) => code))];
  const oddities = [...new Set(warnings.map(({ code }) => code))];
  const rules = [
    ...codes.map((code) => ({
      id: code,
      name: findingCatalog[code].name,
      shortDescription: { text: findingCatalog[code].name },
      fullDescription: { text: findingCatalog[code].holds },
      defaultConfiguration: { level: levels[findingCatalog[code].severity] },
    })),
    ...oddities.map((code) => ({
      id: code,
      name: wellFormedRules[code].title,
      shortDescription: { text: wellFormedRules[code].title },
      fullDescription: { text: wellFormedRules[code].fix },
      defaultConfiguration: { level: levels[wellFormedRules[code].severity] },
    })),
  ];
  const results = findings.map((one) => ({
    ruleId: one.code,
    ruleIndex: codes.indexOf(one.code),
    level: levels[one.severity],
    message: { text: one.message },
    locations: [location(locate, one.at)],
    ...suppressed(reasons.get(one)),
    partialFingerprints: { place: `${one.code} ${one.at}` },
    ...(one.path.length === 0 ? {} : { codeFlows: [{ threadFlows: [{ locations: flow(one, locate) }] }] }),
  }));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: "quadrille", informationUri: "https://www.npmjs.com/package/quadrille", rules },
        },
        results: [
          ...results,
          ...warnings.map((one) => ({
            ...oddity(one, codes.length + oddities.indexOf(one.code), locate),
            ...suppressed(reasons.get(one)),
          })),
        ],
      },
    ],
  };
}

/** How SARIF has what is accepted. */
function suppressed(reason: string | undefined): Readonly<Record<string, unknown>> {
  return reason === undefined ? {} : { suppressions: [{ kind: "external", justification: reason }] };
}

function oddity(
  { code, severity, message, at }: WellFormedFinding,
  ruleIndex: number,
  locate: Locate,
): Readonly<Record<string, unknown>> {
  return {
    ruleId: code,
    ruleIndex,
    level: levels[severity],
    message: { text: message },
    locations: [location(locate, at)],
    partialFingerprints: { place: `${code} ${at}` },
  };
}

function flow({ path }: Finding, locate: Locate): readonly unknown[] {
  return numberMessages(path).map(({ step }, index) => ({
    executionOrder: index + 1,
    location: {
      ...location(locate, step.at),
      message: { text: `${step.entity}: ${step.trigger}, ${step.from} → ${step.to}` },
    },
  }));
}

function location(locate: Locate, at: string): Readonly<Record<string, unknown>> {
  const { file, line = 1 } = locate(at);
  const uri = file.split("/").map(encodeURIComponent).join("/");
  return {
    physicalLocation: { artifactLocation: { uri }, region: { startLine: line } },
    logicalLocations: [{ fullyQualifiedName: at === "" ? "/" : at, kind: "member" }],
  };
}
