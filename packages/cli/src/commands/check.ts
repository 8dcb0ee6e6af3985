// `quadrille check`: explores every interleaving within a bound and reports what is found.
import { systemAmbient } from "quadrille/tooling";
import {
  check,
  type Report,
  type ReportWithAccepted,
  sequenceDiagram,
  setAccepted,
  type WellFormedFinding,
} from "quadrille/check";
import { findConfig } from "../read/config.ts";
import { checkInput } from "../read/check-input.ts";
import { contractWarnings, warningsText } from "./contract-warnings.ts";
import { type BoundOptions, checkOptions } from "../read/check-options.ts";
import { type Locate, locator } from "../read/places.ts";
import { renderReport, type ReportStyle } from "../print/render-report.ts";
import { toSarif } from "../print/sarif.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type ExitCode, exitCodes } from "../terminal/user-error.ts";
import { followCheck } from "./check-progress.ts";
import { visibleIn } from "../terminal/visible.ts";

/** Options of the command. */
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

/** Checks once. */
export async function checkCommand(
  paths: readonly string[],
  options: CheckCommandOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  // Before any module is loaded: it may end the process whenever something is waited for.
  const { accepted } = await findConfig(terminal.cwd);
  const input = await checkInput(paths, terminal);
  const bound = checkOptions(options, input);
  const { clock } = systemAmbient();
  const begun = clock.steady();
  const followed = followCheck({ clock, terminal, seconds: options.bound?.seconds });
  const { shouldStop } = followed;
  const found = check(input.json, { ...bound, shouldStop, assumptions: options.assumptions === true });
  followed.done();
  const report = setAccepted(found, accepted);
  const durationMs = clock.steady() - begun;
  const locate = await locator(input.files, terminal.cwd);
  const warnings = contractWarnings(input.choreography);
  terminal.out(drawn(report, options, { files: input.files, locate, durationMs, terminal, warnings }));
  if (options.writeTests !== undefined) {
    const { writeTests } = await import("./write-tests.ts");
    await writeTests(report, { folder: options.writeTests, input, terminal });
  }
  return options.strict === true && warnings.length > 0 ? exitCodes.findings : verdict(report, options);
}

type Drawing = Pick<ReportStyle, "files" | "durationMs"> & {
  readonly locate: Locate;
  readonly terminal: Terminal;
  /** What is odd in the contract itself. */
  readonly warnings: readonly WellFormedFinding[];
};

function drawn(
  report: ReportWithAccepted,
  options: CheckCommandOptions,
  { files, locate, durationMs, terminal, warnings }: Drawing,
): string {
  if (options.json === true) return `${JSON.stringify({ ...report, warnings, durationMs }, undefined, 2)}\n`;
  if (options.sarif === true) return `${JSON.stringify(toSarif(report, locate), undefined, 2)}\n`;
  if (options.mermaid === true) return diagrams(visibleIn(report));
  const { colors } = terminal;
  const verbose = options.verbose === true;
  const text = renderReport(report, { colors, files, locate, durationMs, verbose });
  return `${text}${warningsText(warnings, { colors, locate, all: verbose })}`;
}

/** A sequence diagram for each finding that has a path. */
function diagrams({ findings }: Report): string {
  const told = findings.filter(({ path }) => path.length > 0);
  if (told.length === 0) return "%% nothing found that has a path\n";
  return told.map((one) => `%% ${one.code}: ${one.message}\n${sequenceDiagram(one.path)}`).join("\n");
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
