// docs/reference/findings/P….md: a page for each code of the checker, with a contract that shows it, what the
// checker prints about it, and a clean twin.
import { check, type Report } from "../../packages/quadrille/src/check/check.ts";
import { findingCatalog, type Entry } from "../../packages/quadrille/src/check/model/finding.ts";
import { type FindingExample, findingExamples } from "../../packages/quadrille/test/finding-examples.ts";
import { plainFindings } from "../../packages/cli/test/plain-report.ts";
import { compactJson, fence, listed, page } from "./markdown.ts";

/** The pages by code. Throws where a code has no example, or its example does not show it. */
export function findingPages(): ReadonlyMap<string, string> {
  const examples = new Map(Object.entries(findingExamples));
  return new Map(
    Object.entries(findingCatalog).map(([code, entry]) => {
      const example = examples.get(code);
      if (example === undefined) throw new Error(`${code} has no example in finding-examples.ts.`);
      return [code, findingPage(code, entry, example)];
    }),
  );
}

const severities = {
  error: "An **error**: `quadrille check` exits with 1.",
  warning: "A **warning**: `quadrille check` exits with 0, with `--strict` with 1.",
  report: "A **report**, for information: it changes no exit code.",
} as const;

function findingPage(code: string, { name, severity, holds, fix }: Entry, example: FindingExample): string {
  const { shows, clean, options = {} } = example;
  const found = check(shows, options);
  const shown = plainFindings(found, code);
  if (!shown.includes(example.message)) throw new Error(`The example of ${code} does not show it.`);
  const command = `quadrille check ${code.toLowerCase()}.json --verbose${options.assumptions === true ? " --assumptions" : ""}`;
  return page(
    `${code}: ${name}`,
    `${severities[severity]} Where it is not found, this holds: ${holds}.`,
    "## A contract that shows it",
    fence("json", compactJson(shows)),
    `\`${command}\` says, besides the bound and what else it finds:`,
    fence("text", shown),
    others(found, code),
    "## A clean twin",
    fence("json", compactJson(clean)),
    twinText(check(clean, options), code),
    "## How to fix it",
    fix,
    "[All codes](README.md)",
  );
}

/** The other codes of a report, since one mistake is often seen from several sides. */
function others({ findings }: Report, code: string): string {
  const codes = [...new Set(findings.map((one) => one.code))].filter((one) => one !== code);
  return codes.length === 0 ? "" : `The same contract also shows ${listed(codes.map(link))}.`;
}

function twinText(report: Report, code: string): string {
  const shown = plainFindings(report, code);
  const rest = others(report, code);
  if (shown === "")
    return rest === ""
      ? "Nothing is found."
      : `It does not show ${code}. ${rest.replace("The same contract also", "It")}`;
  return `${fence("text", shown)}${rest === "" ? "" : `\n\n${rest}`}`;
}

function link(code: string): string {
  return `[${code}](${code}.md)`;
}
