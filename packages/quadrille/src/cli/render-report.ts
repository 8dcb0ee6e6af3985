// A check's report for people: within which bound, how much, which ends, and each finding with its story.
import type { Report } from "../check/check.ts";
import { counted, type Finding, type Severity } from "../check/finding.ts";
import { story } from "../check/story.ts";
import type { Locate } from "./places.ts";
import type { Colors } from "./terminal.ts";
import { visibleIn } from "./visible.ts";

/** What a report is drawn with. */
export interface ReportStyle {
  readonly colors: Colors;
  readonly files: readonly string[];
  readonly durationMs: number;
  /** Finds the file and line of a place; places are not followed unless given. */
  readonly locate?: Locate;
  /** Whether reports get their paths, too. */
  readonly verbose: boolean;
}

/** The whole report. */
export function renderReport(found: Report, style: ReportStyle): string {
  const { colors, files } = style;
  const report = visibleIn(found);
  const findings = report.findings.flatMap((one) => ["", ...findingLines(one, style)]);
  return [
    `${colors.bold(report.name)} (${files.join(" + ")})`,
    boundText(report),
    countsText(report, style.durationMs),
    ...(report.reduced ? [reducedText(report)] : []),
    endsText(report),
    "",
    colors.bold(summary(report)),
    ...findings,
    "",
  ].join("\n");
}

/** The bound, in words: what "checked" means. */
function boundText({ bound }: Report): string {
  const commands = Object.entries(bound.commands).map(([name, budget]) =>
    budget === "unbounded" ? `${name} any number of times` : `${name} ${budget}×`,
  );
  const faults = Object.entries(bound.faults).flatMap(([name, count]) =>
    count > 0 ? [`${name} ${count}×`] : [],
  );
  const parts = [
    `${counted(bound.sagas, "saga")}${bound.sagas > 1 && bound.shared.length > 0 ? ` that share ${bound.shared.join(", ")}` : ""}`,
    commands.length === 0 ? "no commands" : commands.join(", "),
    bound.channel === "bag"
      ? "messages in any order"
      : `${bound.channel} channels, deferred ones ${bound.defer === "stash" ? "set aside" : "blocking"}`,
    faults.length === 0 ? "no faults" : `faults ${faults.join(", ")}`,
    ...(bound.timers ? [] : ["without timers"]),
    `at most ${counted(bound.states, "state")}, ${counted(bound.cap, "message")} in a channel`,
  ];
  return `Checked within this bound: ${parts.join("; ")}.`;
}

function countsText({ states, transitions, exhausted, limit }: Report, durationMs: number): string {
  const why = {
    states: "the bound of states was hit",
    bytes: "the bound of memory was hit",
    cap: "a channel or a tally grew past what is explored",
    rest: "the bound of states was hit without stubborn sets, and with them not everything is judged before P3c is mended",
  };
  const how = exhausted
    ? "all of them explored"
    : `not exhausted: ${limit === undefined ? "it was stopped" : why[limit]}`;
  return `${counted(states, "state")}, ${counted(transitions, "transition")}, ${how}, in ${Math.max(1, Math.round(durationMs))} ms.`;
}

/** What it means that a report is reduced; see ADR 5. */
function reducedText({ exhausted }: Report): string {
  const how = "Explored by stubborn sets, which leave out orders that lead to the same";
  return exhausted
    ? `${how}: all states of rest are there, and the verdict is that of all orders; races between ends (P10) are not judged, and paths may not be the shortest.`
    : `${how}: what was found is real, and more may be wrong than was found.`;
}

function endsText({ ends }: Report): string {
  if (ends.length === 0) return "No ends are declared.";
  return `Ends: ${ends.map(({ name, states }) => `${name} in ${counted(states, "way")}`).join(", ")}.`;
}

/** The verdict on errors comes first, also when there are none; of what was not explored it says nothing. */
function summary({ findings, exhausted }: Report): string {
  const count = (severity: Severity): number => findings.filter((one) => one.severity === severity).length;
  const sound = exhausted ? "No errors" : "No errors in what was explored";
  const errors = count("error") === 0 ? sound : counted(count("error"), "error");
  const others = (["warning", "report"] as const)
    .filter((severity) => count(severity) > 0)
    .map((severity) => counted(count(severity), severity));
  return `${[errors, ...others].join(", ")}.`;
}

function findingLines(one: Finding, { colors, verbose, locate }: ReportStyle): readonly string[] {
  const paint = { error: colors.red, warning: colors.yellow, report: colors.cyan }[one.severity];
  const told = one.path.length > 0 && (verbose || one.severity !== "report");
  return [
    `${paint(`${one.severity} ${one.code}`)} ${one.message}`,
    colors.dim(`  at ${placeText(one.at, locate)}`),
    ...(told ? indented(story(one.path), "    ") : []),
    ...(one.patch === undefined ? [] : patchLines(one.patch)),
  ];
}

const nowhere: Locate = () => ({ file: "", line: undefined });

function placeText(at: string, locate: Locate = nowhere): string {
  if (at === "") return "the whole choreography";
  const { file, line } = locate(at);
  return line === undefined ? at : `${at} (${file}:${line})`;
}

function patchLines({ why, operations }: NonNullable<Finding["patch"]>): readonly string[] {
  return [
    `  try this: ${why}`,
    ...operations.map(({ op, path, value }) => `    ${op} ${path} ${shortened(JSON.stringify(value))}`),
  ];
}

/** More of a value than this is nothing to read. */
const valueCharsMax = 400;

function shortened(text: string): string {
  return text.length <= valueCharsMax ? text : `${text.slice(0, valueCharsMax)}… (the whole with --json)`;
}

function indented(text: string, by: string): readonly string[] {
  return text.split("\n").map((line) => by + line);
}
