// A check's report as text: the bound, the size, the ends, and each finding with its story.
import {
  explorationLimits,
  counted,
  type Finding,
  type FindingGroup,
  groupFindings,
  listedMax,
  listedBriefly,
  type Report,
  type ReportWithAccepted,
  type Severity,
} from "quadrille/check";
import { asCode, asJsonPatch, type WriteOperation } from "./patch-as-code.ts";
import { patchesOf, patchLines, patchSummaryLines, togetherMin } from "./patch-lines.ts";
import { storyWriter, type WriteStory } from "./story-lines.ts";
import type { Locate } from "../read/places.ts";
import type { Colors } from "../terminal/terminal.ts";
import { visibleIn } from "../terminal/visible.ts";

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
export function renderReport(found: Report & Partial<ReportWithAccepted>, style: ReportStyle): string {
  const { colors, files } = style;
  const report = visibleIn(found);
  return [
    `${colors.bold(report.name)} (${files.join(" + ")})`,
    boundText(report),
    countsText(report, style.durationMs),
    ...(report.alone === true
      ? [`The ${report.bound.sagas} sagas share nothing, so none disturbs another: one of them was explored.`]
      : []),
    ...(report.interchangeable ?? []).map(exchangeText),
    ...(report.paced ?? []).map(pacedText),
    ...(report.reduced ? [reducedText(report)] : []),
    endsText(report),
    "",
    colors.bold(summary(report)),
    ...findingsLines(report.findings, style),
    ...patchSummaryLines(report.patches),
    ...adviceLines(report.findings, style),
    ...acceptedLines(report, style).flatMap((line, index) => (index === 0 ? ["", line] : [line])),
    "",
  ].join("\n");
}

/** A long list is read by its causes first; in a short one, only what has many findings stands together. */
function findingsLines(findings: readonly Finding[], style: ReportStyle): readonly string[] {
  const listed = findings.filter(({ severity }) => severity !== "report").length;
  const together = listed > listedMax ? 2 : togetherMin;
  const writing = { ...style, write: storyWriter() };
  return groupFindings(findings).flatMap((group) =>
    !style.verbose && group.findings.length >= together
      ? ["", ...groupLines(group, writing)]
      : group.findings.flatMap((one) => ["", ...findingLines(one, writing)]),
  );
}

/** Where what to do is said of each code that was found. */
function adviceLines(findings: readonly Finding[], { colors }: ReportStyle): readonly string[] {
  const serious = findings.filter(({ severity }) => severity !== "report");
  const [first, ...others] = new Set(serious.map(({ code }) => code));
  if (first === undefined) return [];
  const also = others.length === 0 ? "" : ` (or ${listedBriefly(others, "or")})`;
  return ["", colors.dim(`quadrille explain ${first}${also} says what it means and what to do.`)];
}

interface WrittenReport extends ReportStyle {
  readonly write: WriteStory;
}

/** Accepted findings are shown each time, and so are accepted entries that no longer occur. */
export function acceptedLines(
  { accepted = [], stale = [] }: Partial<Pick<ReportWithAccepted, "accepted" | "stale">>,
  { colors, locate }: Pick<ReportStyle, "colors" | "locate">,
): readonly string[] {
  const found = accepted.flatMap(({ finding: { code, severity, message, at }, reason }) => [
    `${colors.dim(`accepted ${severity} ${code}`)} ${message}`,
    colors.dim(`  at ${placeText(at, locate)}; because ${reason}`),
  ]);
  const gone = stale.map(
    ({ code, place }) =>
      `${colors.yellow(`accepted ${code}`)} at ${place} no longer occurs: take it off the list`,
  );
  return [...found, ...gone];
}

/** Findings of one cause: one sentence, their names, the shortest story, and a patch for each. */
function groupLines(group: FindingGroup, style: WrittenReport): readonly string[] {
  const { colors, locate, verbose, write } = style;
  const shortest = group.findings.reduce((one, other) => (other.path.length < one.path.length ? other : one));
  const hasStory = shortest.path.length > 0 && (verbose || group.severity !== "report");
  return [
    `${painted(group, colors)} ${group.message}`,
    ...group.details.map((line) => `  ${line}`),
    colors.dim(`  ${hasStory ? "for example " : ""}at ${placeText(shortest.at, locate)}`),
    ...(hasStory ? write(group.code, shortest.path) : []),
    ...patchesOf(group, operationsIn(style)),
  ];
}

function painted({ severity, code }: Pick<Finding, "severity" | "code">, colors: Colors): string {
  const paint = { error: colors.red, warning: colors.yellow, report: colors.cyan }[severity];
  return paint(`${severity} ${code}`);
}

/** What a channel mode is, in words. */
export const orderTexts: Readonly<Record<Report["bound"]["channel"], string>> = {
  fifo: "each producer's messages in order, as on the engine",
  bag: "messages in any order, also such as the engine rules out (--channel bag)",
  partition: "all messages in one order, which the engine does not promise (--channel partition)",
};

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
    `${orderTexts[bound.channel]}${bound.channel !== "bag" && bound.defer === "block" ? ", deferred ones blocking" : ""}`,
    faults.length === 0 ? "no faults" : `faults ${faults.join(", ")}`,
    ...(bound.timers ? [] : ["without timers"]),
    `at most ${counted(bound.states, "state")}, ${counted(bound.cap, "message")} in a channel`,
  ];
  return `Checked within this bound: ${parts.join("; ")}.`;
}

function countsText({ states, transitions, exhausted, limit }: Report, durationMs: number): string {
  const how = exhausted
    ? "all of them explored"
    : `not exhausted: ${limit === undefined ? "it was stopped" : explorationLimits[limit]}`;
  return `${counted(states, "state")}, ${counted(transitions, "transition")}, ${how}, in ${Math.max(1, Math.round(durationMs))} ms.`;
}

/** What it means that only time fills a channel; see ADR 10. */
function pacedText({ channel, messages }: NonNullable<Report["paced"]>[number]): string {
  return `Deadlines fill ${channel} again and again: time passes between, so it was explored with at most ${messages} messages.`;
}

/** What it means that participants can be exchanged; see ADR 5. */
function exchangeText(names: readonly string[]): string {
  return `${listedBriefly(names)} differ in nothing but their names: of states in which they are exchanged one was explored, and stands for all.`;
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

/** The verdict on errors comes first, even if there are none. It covers only what was explored. */
function summary({ findings, exhausted }: Report): string {
  const count = (severity: Severity): number => findings.filter((one) => one.severity === severity).length;
  const sound = exhausted ? "No errors" : "No errors in what was explored";
  const errors = count("error") === 0 ? sound : counted(count("error"), "error");
  const others = (["warning", "report"] as const)
    .filter((severity) => count(severity) > 0)
    .map((severity) => counted(count(severity), severity));
  return `${[errors, ...others].join(", ")}.`;
}

function findingLines(one: Finding, style: WrittenReport): readonly string[] {
  const { colors, verbose, locate, write } = style;
  const hasStory = one.path.length > 0 && (verbose || one.severity !== "report");
  return [
    `${painted(one, colors)} ${one.message}`,
    colors.dim(`  at ${placeText(one.at, locate)}`),
    ...(hasStory ? write(one.code, one.path) : []),
    ...(one.patch === undefined ? [] : patchLines(one.patch, operationsIn(style))),
  ];
}

/** Who wrote a module reads a patch as code. */
function operationsIn({ files }: ReportStyle): WriteOperation {
  return files.some((file) => file !== "" && !file.endsWith(".json")) ? asCode : asJsonPatch;
}

const nowhere: Locate = () => ({ file: "", line: undefined });

function placeText(at: string, locate: Locate = nowhere): string {
  if (at === "") return "the whole choreography";
  const { file, line } = locate(at);
  return line === undefined ? at : `${at} (${file}:${line})`;
}
