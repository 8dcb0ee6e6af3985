// All generated pages, by their place under docs.
import { findingCatalog, findingCodes } from "../../packages/quadrille/src/check/model/finding.ts";
import { judgedHow } from "../../packages/quadrille/src/check/properties/registry.ts";
import { wellFormedRules } from "../../packages/quadrille/src/contract/rules/well-formed-rules.ts";
import { dinner } from "../../packages/quadrille/test/well-formed-dinner.ts";
import { apiPages } from "./api-pages.ts";
import { contractText } from "./contract-text.ts";
import { dataPage } from "./data-page.ts";
import { errorsPage } from "./errors-page.ts";
import { findingPages } from "./finding-pages.ts";
import { fence, page, table } from "./markdown.ts";
import { moduleText, wellFormedPages } from "./well-formed-pages.ts";

/** The folder in which every page is generated. */
export const findingsFolder = "reference/findings";

/** Makes all pages in memory. Throws if the code lacks a text that a page needs. */
export function allPages(): ReadonlyMap<string, string> {
  const codes = [...findingPages(), ...wellFormedPages()];
  return new Map([
    ["data.md", dataPage()],
    ["reference/errors.md", errorsPage()],
    [`${findingsFolder}/README.md`, findingsIndex()],
    ...apiPages(),
    ...codes.map(([code, text]) => [`${findingsFolder}/${code}.md`, text] as const),
  ]);
}

function findingsIndex(): string {
  const properties = findingCodes.map((code) => {
    const { name, severity, holds } = findingCatalog[code];
    const { judged, reduced } = judgedHow(code);
    return [link(code), severity, name, holds, judged, reduced];
  });
  const rules = Object.entries(wellFormedRules).map(([code, { severity, title }]) => [
    link(code),
    severity,
    title,
  ]);
  return page(
    "Findings",
    `What Quadrille finds in contracts, by code. Codes never change their meaning. Each has a page with a contract that
shows it, what is printed about that contract, a clean twin, and how to fix it. \`quadrille explain CODE\` says it in
short.`,
    "## Of the checker",
    "`quadrille check` explores every interleaving within a bound; each of these has the shortest path to it, where it has one. The checker reads the JSON form: it knows states, messages, outcomes and tallies, and neither payloads nor code.",
    table(
      ["code", "severity", "property", "holds where nothing is found", "judged of", "by stubborn sets"],
      properties,
    ),
    "Runs with faults, without timeouts, from states in flight and of patched contracts are judged like every other run. See [ADR 5](../../adr/0005-stubborn-sets.md) on stubborn sets.",
    "## Of well-formedness",
    "These are seen in the contract itself, without exploring it, and also in what the JSON form leaves out: schemas, functions, names of tables. Errors keep an engine from starting.",
    table(["code", "severity", "what is wrong"], rules),
    "## The dinner",
    "Nothing is found in this contract. The examples of well-formedness change one thing about it.",
    fence("ts", moduleText(contractText(dinner))),
  );
}

function link(code: string): string {
  return `[${code}](${code}.md)`;
}
