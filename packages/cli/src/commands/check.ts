// `quadrille check`: explores every interleaving within a bound and reports what is found.
import type { Choreography } from "quadrille";
import { systemAmbient } from "quadrille/tooling";
import {
  check,
  type PublishedTooOften,
  publishedTooOften,
  type Report,
  type ReportWithAccepted,
  sequenceDiagram,
  setAccepted,
  splitAccepted,
  type SplitFindings,
  story,
  type SystemFinding,
  wellFormedSystem,
} from "quadrille/check";
import { findConfig } from "../read/config.ts";
import { type CheckInput, checkInputs, refuseParts } from "../read/check-input.ts";
import { warningsBesideCheck, warningsText } from "./contract-warnings.ts";
import { type BoundOptions, checkOptions } from "../read/check-options.ts";
import { type Locate, locator } from "../read/places.ts";
import { acceptedLines, renderReport, type ReportStyle } from "../print/render-report.ts";
import { toSarif } from "../print/sarif.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type ExitCode, exitCodes, UserError } from "../terminal/user-error.ts";
import { followCheck } from "./check-progress.ts";
import { visible, visibleIn } from "../terminal/visible.ts";

/** Of `quadrille check`. */
export interface CheckCommandOptions extends BoundOptions {
  readonly json?: true;
  readonly sarif?: true;
  readonly mermaid?: true;
  readonly verbose?: true;
  readonly strict?: true;
  readonly assumptions?: true;
  readonly allowUnexhausted?: true;
  readonly writeTests?: string;
}

/** Checks once: each choreography, and how they meet. */
export async function checkCommand(
  paths: readonly string[],
  options: CheckCommandOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  // Before any module is loaded, because a module may end the process at any await.
  const { accepted } = await findConfig(terminal.cwd);
  const inputs = await checkInputs(paths, terminal);
  refuseParts(inputs);
  const system = inputs.map(({ value, choreography }) => value ?? choreography);
  const wellFormedTogether = wellFormedSystem(system);
  refuseMeeting(wellFormedTogether, inputs);
  const checked: Checked[] = [];
  for (const input of inputs) {
    const own = accepted.filter(({ code }) => !meetingCodes.has(code));
    const one = await checkOne(input, options, { accepted: own, terminal });
    checked.push(one);
    if (options.json !== true && options.sarif !== true) terminal.out(one.drawn);
  }
  const meetings = splitAccepted<MeetingFinding>(
    [...wellFormedTogether, ...compareBudgets(system, options, terminal)],
    accepted.filter(({ code }) => inputs.length > 1 && meetingCodes.has(code)),
  );
  if (options.json === true) terminal.out(asJson(jsonOf(checked, meetings)));
  else if (options.sarif === true) terminal.out(asJson(sarifOf(checked)));
  else if (options.mermaid !== true) terminal.out(meetingText(meetings, terminal));
  const warned = [...checked.flatMap(({ report }) => report.warnings), ...meetings.left].length > 0;
  if (options.strict === true && warned) return exitCodes.findings;
  const verdicts = checked.map(({ report }) => verdict(report, options));
  return verdicts.find((code) => code !== exitCodes.ok) ?? exitCodes.ok;
}

/** Warnings that are about several choreographies, found once all of them were checked. */
const meetingCodes: ReadonlySet<string> = new Set(["W27", "W30", "W33"]);

/** One choreography, checked. */
interface Checked {
  readonly report: ReportWithAccepted;
  readonly durationMs: number;
  readonly locate: Locate;
  readonly drawn: string;
}

interface Checking {
  readonly accepted: Parameters<typeof setAccepted>[1];
  readonly terminal: Terminal;
}

async function checkOne(
  input: CheckInput,
  options: CheckCommandOptions,
  { accepted, terminal }: Checking,
): Promise<Checked> {
  const bound = checkOptions(options, input);
  const { clock } = systemAmbient();
  const begun = clock.steady();
  const followed = followCheck({ clock, terminal, seconds: options.bound?.seconds });
  const { shouldStop } = followed;
  const found = check(input.json, { ...bound, shouldStop, assumptions: options.assumptions === true });
  followed.done();
  const report = setAccepted(found, accepted, warningsBesideCheck(input.choreography));
  const durationMs = clock.steady() - begun;
  const locate = await locator(input.files, terminal.cwd);
  const style = { files: input.files, locate, durationMs, terminal };
  if (options.writeTests !== undefined) {
    const { writeTests } = await import("./write-tests.ts");
    await writeTests(report, { folder: options.writeTests, input, terminal });
  }
  return { report, durationMs, locate, drawn: drawn(report, options, style) };
}

/** A system, if the choreographies can run together; each one alone was judged when it was read. */
function refuseMeeting(meetings: readonly SystemFinding[], inputs: readonly CheckInput[]): void {
  const broken = meetings.find(({ severity }) => severity === "error");
  if (broken === undefined) return;
  const files = new Set(inputs.flatMap((input) => input.files));
  const { choreography, at, message, code } = broken;
  throw new UserError(visible(`${[...files].join(" + ")}, ${choreography} at ${at}: ${message} (${code}).`));
}

/** Whether events that join sagas are published no more often than their budgets say. */
function compareBudgets(
  system: readonly Choreography[],
  { bound }: CheckCommandOptions,
  terminal: Terminal,
): readonly PublishedTooOften[] {
  const { clock } = systemAmbient();
  const { shouldStop, done } = followCheck({ clock, terminal, seconds: bound?.seconds });
  const found = publishedTooOften(system, { shouldStop });
  done();
  return found;
}

/** Of how choreographies meet; some show a path. */
type MeetingFinding = SystemFinding & Partial<Pick<PublishedTooOften, "path">>;

/** Warnings about how they meet, as text; empty if there are none. */
function meetingText({ left, ...apart }: SplitFindings<MeetingFinding>, { colors }: Terminal): string {
  const lines = acceptedLines(visibleIn(apart), { colors });
  const warnings = visibleIn(left)
    .map(({ code, message, choreography, at, path = [] }) => {
      const steps = path.length === 0 ? "" : `${story(path).replaceAll(/^/gm, "    ")}\n`;
      return `${colors.yellow(`warning ${code}`)} ${message}\n  in ${choreography} at ${at}\n${steps}`;
    })
    .join("\n");
  return `${warnings}${lines.map((line) => `${line}\n`).join("")}`;
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** The report of one choreography, or those of several with how they meet. */
function jsonOf(
  checked: readonly Checked[],
  { left, accepted, stale }: SplitFindings<MeetingFinding>,
): unknown {
  const reports = checked.map(({ report, durationMs }) => ({ ...report, durationMs }));
  return reports.length === 1 ? reports[0] : { choreographies: reports, meetings: left, accepted, stale };
}

/** One document with a run for each. */
function sarifOf(checked: readonly Checked[]): unknown {
  const logs = checked.map(({ report, locate }) => toSarif(report, locate));
  const [first, ...others] = logs;
  return { ...first, runs: [...(first?.runs ?? []), ...others.flatMap(({ runs }) => runs)] };
}

type Drawing = Pick<ReportStyle, "files" | "durationMs"> & {
  readonly locate: Locate;
  readonly terminal: Terminal;
};

function drawn(
  report: ReportWithAccepted,
  options: CheckCommandOptions,
  { files, locate, durationMs, terminal }: Drawing,
): string {
  if (options.mermaid === true) return diagrams(visibleIn(report));
  const { colors } = terminal;
  const verbose = options.verbose === true;
  const text = renderReport(report, { colors, files, locate, durationMs, verbose });
  return `${text}${warningsText(report.warnings, { colors, locate, all: verbose })}`;
}

/** A sequence diagram for each finding that has a path. */
function diagrams({ findings }: Report): string {
  const withPath = findings.filter(({ path }) => path.length > 0);
  if (withPath.length === 0) return "%% nothing found that has a path\n";
  return withPath.map((one) => `%% ${one.code}: ${one.message}\n${sequenceDiagram(one.path)}`).join("\n");
}

function verdict(
  { findings, exhausted }: Report,
  { strict, allowUnexhausted }: CheckCommandOptions,
): ExitCode {
  const bad = findings.some(
    ({ severity }) => severity === "error" || (strict === true && severity === "warning"),
  );
  return bad || (!exhausted && allowUnexhausted !== true) ? exitCodes.findings : exitCodes.ok;
}
