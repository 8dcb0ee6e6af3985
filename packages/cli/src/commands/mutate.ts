// `quadrille mutate`: shows which slips in a contract its properties, ends and forbidden combinations do not
// catch.
import { counted, type Finding, mutate, type MutationReport } from "quadrille/check";
import { orderTexts } from "../print/render-report.ts";
import { checkInput, refuseParts } from "../read/check-input.ts";
import { type BoundOptions, checkOptions } from "../read/check-options.ts";
import type { Colors, Terminal } from "../terminal/terminal.ts";
import { type ExitCode, exitCodes } from "../terminal/user-error.ts";
import { visibleIn } from "../terminal/visible.ts";

/** Options of the command. */
export interface MutateOptions extends BoundOptions {
  readonly json?: true;
  /** The percentage that must be caught. */
  readonly atLeast?: number;
}

/** Checks every single-point mutant. */
export async function mutateCommand(
  paths: readonly string[],
  options: MutateOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const input = await checkInput(paths, terminal);
  refuseParts([input]);
  const { json, files } = input;
  const report = mutate(json, checkOptions(options, input));
  terminal.out(options.json === true ? asJson(report) : asText(readable(report), files, terminal.colors));
  // With errors in the contract itself, the share of caught slips means nothing.
  if (report.errors.length > 0) return exitCodes.findings;
  const caught = report.mutants === 0 ? 100 : (100 * report.caught) / report.mutants;
  return options.atLeast !== undefined && caught < options.atLeast ? exitCodes.findings : exitCodes.ok;
}

function readable(report: MutationReport): MutationReport {
  const survivors = report.survivors.map((one) => ({
    ...one,
    ...visibleIn({ description: one.description, at: one.at }),
  }));
  return { ...report, survivors };
}

/** Without the mutants themselves, which are large. */
function asJson({ channel, errors, mutants, caught, survivors, results }: MutationReport): string {
  const plain = results.map(({ mutant: { kind, description, at }, caughtBy }) => ({
    kind,
    description,
    at,
    caughtBy,
  }));
  const left = survivors.map(({ kind, description, at }) => ({ kind, description, at }));
  return `${JSON.stringify({ channel, errors, mutants, caught, survivors: left, results: plain }, undefined, 2)}\n`;
}

function asText(
  { channel, errors, mutants, caught, survivors, results }: MutationReport,
  files: readonly string[],
  colors: Colors,
): string {
  const share = mutants === 0 ? "" : ` (${((100 * caught) / mutants).toFixed(1)} %)`;
  const byCode = new Map<string, number>();
  for (const { caughtBy } of results)
    for (const code of caughtBy) byCode.set(code, (byCode.get(code) ?? 0) + 1);
  const codes = [...byCode].toSorted((a, b) => b[1] - a[1]).map(([code, count]) => `${code} ${count}`);
  const left = survivors.map(
    ({ kind, description, at }) => `  ${colors.yellow(kind)}: ${description}\n    at ${at}`,
  );
  return [
    `Checked with ${orderTexts[channel]}.`,
    ...errorsLines(errors, { files, colors }),
    `${colors.bold(files.join(" + "))}: ${caught} of ${counted(mutants, "mutant")} caught${share}.`,
    `By code: ${codes.join(", ")}.`,
    ...(left.length === 0
      ? []
      : [
          "",
          "These survive. Sharpen an end or a forbidden combination, or see that the change makes no difference:",
          ...left,
        ]),
    "",
  ].join("\n");
}

function errorsLines(
  errors: readonly Finding[],
  { files, colors }: { readonly files: readonly string[]; readonly colors: Colors },
): readonly string[] {
  if (errors.length === 0) return [];
  const codes = [...new Set(errors.map(({ code }) => code))];
  const [count, them] = [counted(errors.length, "error"), errors.length === 1 ? "it" : "them"];
  return [
    `${files.join(" + ")} has ${colors.red(count)} itself (${codes.join(", ")}): fix ${them} first, see quadrille check; until then the mutation score is not meaningful.`,
    "",
  ];
}
