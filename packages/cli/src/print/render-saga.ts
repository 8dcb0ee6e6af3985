// One saga as text: its states, what happened, what is expected next and from which participant.
import type { Causation, Expected, SagaReport, TimelineEntry } from "quadrille/operations";
import { columns, span, timeText } from "../terminal/table.ts";
import type { Colors } from "../terminal/terminal.ts";
import { timeLines } from "./time-lines.ts";

/** The whole report as text. */
export function renderSaga(
  saga: SagaReport,
  { colors, machineNow }: { readonly colors: Colors; readonly machineNow: number },
): string {
  const [first] = saga.timeline;
  const begun = first === undefined ? "" : `, begun ${timeText(first.time)}`;
  const end = saga.end === undefined ? colors.yellow("under way") : colors.green(saga.end);
  const states = Object.entries(saga.states).map(([name, state]) => `${name} ${state}`);
  return [
    `${colors.bold(`Saga ${saga.sagaId}`)}: ${end}${begun}`,
    `  ${states.join(" · ")}`,
    ...causationLines(saga),
    ...timeLines(saga.time).map((line) => `  ${line}`),
    "",
    ...timelineLines(saga.timeline),
    "",
    ...expectedLines(saga, machineNow),
    "",
  ].join("\n");
}

/** One line for each saga at the other end, whichever participant takes the event. */
function causationLines({ causedBy, caused }: SagaReport): readonly string[] {
  const lines = (what: string, links: readonly Causation[]): readonly string[] => [
    ...new Set(
      links.map(({ choreography, sagaId, event }) => `  ${what} ${event} of ${choreography} ${sagaId}`),
    ),
  ];
  const after = caused.map(
    ({ choreography, sagaId, event }) => `  caused ${choreography} ${sagaId} by ${event}`,
  );
  return [...lines("caused by", causedBy), ...new Set(after)];
}

function timelineLines(timeline: readonly TimelineEntry[]): readonly string[] {
  const start = timeline[0]?.time ?? 0;
  const rows = timeline.map((entry) => [
    `  ${offsetText(entry.time - start)}`,
    entry.participant,
    triggerText(entry),
    changeText(entry),
    entry.emitted.map(({ event }) => event).join(", "),
  ]);
  return columns([["  when", "who", "took", "change", "published"], ...rows]);
}

/** Milliseconds of a machine; hours, minutes and seconds of people. */
function offsetText(ms: number): string {
  if (ms < 10_000) return `+${ms} ms`;
  const seconds = Math.floor(ms / 1_000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `+${hours}:${[minutes, rest].map((part) => String(part).padStart(2, "0")).join(":")}`;
}

function triggerText({ kind, trigger, cause }: TimelineEntry): string {
  switch (kind) {
    case "event":
      return `${trigger} from ${cause.source}`;
    case "command":
      return `${trigger} (command)`;
    case "activity":
      return `${trigger} (answer)`;
    case "deadline":
      return `${trigger} (time)`;
  }
}

function changeText({ from, to, outcome }: TimelineEntry): string {
  const change = from === to ? `stays ${to}` : `${from} → ${to}`;
  return outcome === "" ? change : `${change} (${outcome})`;
}

function expectedLines({ expected, end, time }: SagaReport, machineNow: number): readonly string[] {
  // What is parked waits by the machine's time.
  const text = (one: Expected): string =>
    expectedText(one, one.kind === "parked" ? machineNow : Math.max(time.now, one.since));
  if (expected.length > 0) return ["Expected next:", ...expected.map((one) => `  ${text(one)}`)];
  return [
    end === undefined
      ? "Nothing is expected: no message, call or deadline is left, and no lock waits."
      : "Nothing is expected.",
  ];
}

/** What is expected: by which participant, since when, and where it is. */
export function expectedText(one: Expected, now: number): string {
  const waited = span(now - one.since);
  const ago = `${waited} ago`;
  const what = one.what.join(" or ");
  const where = one.where === undefined ? "" : ` [${one.where}]`;
  switch (one.kind) {
    case "event":
      return `${one.to} has yet to take ${what}, which ${one.from.join(", ")} published ${ago}${where}`;
    case "parked":
      return `${one.to} has parked ${what} ${ago}${due(one, now)}${where}`;
    case "activity":
      return `${one.to} waits for the answer of ${what}, asked ${ago}`;
    case "deadline":
      return `${one.to} acts on ${what}${due(one, now)}, unless something comes before`;
    case "answer":
      return one.what.length === 0
        ? `${one.to} has waited for ${waited}, and no participant can answer it${where}`
        : `${one.to} has waited ${waited} for ${what} from ${one.from.join(" or ")}${where}`;
  }
}

function due({ dueAt }: Expected, now: number): string {
  if (dueAt === undefined) return "";
  return dueAt >= now ? `, due in ${span(dueAt - now)}` : `, due since ${span(now - dueAt)}`;
}
