// `quadrille can-deploy`: a new version of a participant beside the running versions of the others.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import {
  canDeploy,
  type DeployReport,
  type InFlight,
  type JsonProblem,
  parseChoreography,
  parseInFlight,
  readForm,
  replaceParts,
  story,
  type WellFormedFinding,
} from "quadrille/check";
import { type ChoreographyJson, fromJson } from "quadrille";
import { composed } from "../read/check-input.ts";
import { freshWarnings } from "./contract-warnings.ts";
import { type PayloadChange, payloadChanges } from "./payload-changes.ts";
import { lineNumbers, lineOf, parseUniqueJson } from "../read/json-text.ts";
import type { Locate } from "../read/places.ts";
import { find, problemText } from "../read/load.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type ExitCode, exitCodes, UserError } from "../terminal/user-error.ts";
import { visibleIn } from "../terminal/visible.ts";

/** Options of the command. */
export interface CanDeployOptions {
  readonly with: readonly string[];
  readonly inFlight?: string;
  readonly json?: true;
}

/** Explores the new version with the running others, from the beginning and from states in flight. */
export async function canDeployCommand(
  path: string,
  options: CanDeployOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { json: running, values } = await composed(options.with, terminal.cwd);
  const next = await nextVersion(path, running, terminal.cwd);
  const inFlight =
    options.inFlight === undefined ? undefined : await readInFlight(options.inFlight, running, terminal.cwd);
  const { value } = await find(path, terminal.cwd);
  const payloads = payloadChanges(values, value);
  const report = {
    ...withPayloads(canDeploy({ running, next, ...(inFlight === undefined ? {} : { inFlight }) }), payloads),
    warnings: freshWarnings(fromJson(next), fromJson(running)),
  };
  terminal.out(
    options.json === true
      ? `${JSON.stringify(report, undefined, 2)}\n`
      : asText(visibleIn(report), path, terminal),
  );
  return report.verdict === "safe" ? exitCodes.ok : exitCodes.findings;
}

/** A report with the effect on stored payloads. */
type WithPayloads = DeployReport & { readonly payloads: readonly PayloadChange[] };

/** Adds warnings of the new version that the running one does not have. */
type WholeReport = WithPayloads & { readonly warnings: readonly WellFormedFinding[] };

/** A payload that is stored and does not fit is a reason to wait, or to give its schema an upcaster. */
function withPayloads(report: DeployReport, payloads: readonly PayloadChange[]): WithPayloads {
  const broken = payloads.find(({ fits }) => fits === "no");
  if (report.verdict !== "safe" || broken === undefined) return { ...report, payloads };
  const message = `${broken.what} does not fit what is stored: ${broken.reason}; give its schema an upcaster with versioned(…)`;
  return { ...report, verdict: "drain first", message, payloads };
}

async function nextVersion(path: string, running: ChoreographyJson, cwd: string): Promise<ChoreographyJson> {
  const { file, form } = await find(path, cwd);
  const problems: JsonProblem[] = [];
  const parts = readForm({ value: form, path: "", problems });
  if (problems.length > 0) throw new UserError(problemText(problems, { files: [file] }));
  const parsed = parseChoreography(replaceParts(running, parts));
  if (!parsed.ok)
    throw new UserError(
      `With ${file} in its place, ${problemText(parsed.problems, { files: ["the choreography"] })}`,
    );
  return parsed.choreography;
}

async function readInFlight(
  path: string,
  running: ChoreographyJson,
  cwd: string,
): Promise<readonly InFlight[]> {
  const text = await readFile(resolve(cwd, path), "utf8").catch(() => {
    throw new UserError(`${path} cannot be read.`);
  });
  const parsed = parseInFlight(parseUniqueJson(text, path), running);
  if (parsed.ok) return parsed.states;
  // Their places begin with the index of a state, which is no number of a file.
  const problems = parsed.problems.map((one) => ({ ...one, path: `/0${one.path}` }));
  throw new UserError(problemText(problems, { files: [path], locate: inLinesOf(text, path) }));
}

/** The lines of one text. */
function inLinesOf(text: string, file: string): Locate {
  const lines = lineNumbers(text);
  return (pointer) => ({ file, line: lineOf(lines, pointer) });
}

function asText(
  { verdict, message, findings, from, misfit, payloads, warnings }: WholeReport,
  path: string,
  { colors }: Terminal,
): string {
  const paint = { safe: colors.green, "drain first": colors.yellow, no: colors.red }[verdict];
  const state = from ?? misfit?.state;
  const stories = findings.flatMap((one) => [
    "",
    `${colors.red(one.code)} ${one.message}`,
    ...story(one.path)
      .split("\n")
      .map((line) => `    ${line}`),
  ]);
  return [
    `${paint(verdict)} for ${path}: ${message}.`,
    ...(state === undefined ? [] : [`  the saga in flight: ${JSON.stringify(state)}`]),
    ...payloads
      .filter(({ fits }) => fits !== "yes")
      .map(({ what, fits, reason }) => `  ${fits === "no" ? "payload" : "unknown"}: ${what}: ${reason}`),
    ...warnings.map(({ code, message: odd, at }) => `  ${colors.yellow(`warning ${code}`)} ${odd}; at ${at}`),
    ...stories,
    "",
  ].join("\n");
}
