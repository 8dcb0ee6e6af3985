// Lists of sagas and of parked messages, as text.
import type { OperationsTime, ParkedEntry, SagaSummary } from "quadrille/operations";
import { columns, span } from "../terminal/table.ts";
import type { Colors } from "../terminal/terminal.ts";
import { timeLines } from "./time-lines.ts";
import { visibleIn } from "../terminal/visible.ts";

/** Sagas, newest first, one to a line. */
export function renderSagas(
  sagas: readonly SagaSummary[],
  { colors, time }: { readonly colors: Colors; readonly time: OperationsTime },
): string {
  if (sagas.length === 0) return "No sagas.\n";
  if (new Set(sagas.map(({ choreography }) => choreography)).size > 1)
    return renderMixed(sagas, { colors, time });
  const participants = Object.keys(sagas[0]?.states ?? {});
  const rows = sagas.map(({ sagaId, end, states, enteredAt }) => [
    sagaId,
    end ?? "under way",
    changedText(enteredAt, time),
    ...participants.map((name) => states[name] ?? ""),
  ]);
  const [head = "", ...lines] = columns([["saga", "end", "changed", ...participants], ...rows]);
  const drawn = lines.map((line, index) => (sagas[index]?.end === undefined ? colors.yellow(line) : line));
  return [...timeLines(time), colors.bold(head), ...drawn, ""].join("\n");
}

/** Sagas of several choreographies: each has participants of its own. */
function renderMixed(
  sagas: readonly SagaSummary[],
  { colors, time }: { readonly colors: Colors; readonly time: OperationsTime },
): string {
  const rows = sagas.map(({ sagaId, choreography, end, states, enteredAt }) => [
    sagaId,
    choreography,
    end ?? "under way",
    changedText(enteredAt, time),
    Object.entries(states)
      .map(([name, state]) => `${name} ${state}`)
      .join(" · "),
  ]);
  const [head = "", ...lines] = columns([["saga", "choreography", "end", "changed", "states"], ...rows]);
  const drawn = lines.map((line, index) => (sagas[index]?.end === undefined ? colors.yellow(line) : line));
  return [...timeLines(time), colors.bold(head), ...drawn, ""].join("\n");
}

/** Where orders of one day run together, a saga may be ahead of the clock. */
function changedText(enteredAt: number, { now }: OperationsTime): string {
  return enteredAt === 0 ? "" : `${span(Math.max(0, now - enteredAt))} ago`;
}

/** Parked messages, oldest first, with the commands that fix them. */
export function renderParked(
  entries: readonly ParkedEntry[],
  { colors, now }: { readonly colors: Colors; readonly now: number },
): string {
  const open = entries.filter(({ reason }) => reason !== "discarded");
  const discarded = entries.filter(({ reason }) => reason === "discarded");
  const waiting = open.length === 0 ? "Nothing is parked.\n" : parkedTable(open, { colors, now });
  if (discarded.length === 0) return waiting;
  const title = `Discarded for good, kept with ${discarded.length === 1 ? "its reason" : "their reasons"}:`;
  return `${waiting}\n${title}\n${parkedTable(discarded, { colors, now })}`;
}

function parkedTable(
  entries: readonly ParkedEntry[],
  { colors, now }: { readonly colors: Colors; readonly now: number },
): string {
  const parked = entries.map((one) => visibleIn({ ...one, data: undefined, error: firstLine(one.error) }));
  const rows = parked.map((one) => [
    one.reason,
    one.participant,
    one.id,
    one.trigger,
    one.key,
    `${span(now - one.parkedAt)} ago`,
    attempts(one),
  ]);
  const [head = "", ...lines] = columns([
    ["why", "participant", "id", "message", "key", "since", "attempts"],
    ...rows,
  ]);
  const drawn = parked.flatMap((one, index) => [
    one.reason === "dead" ? colors.red(lines[index] ?? "") : (lines[index] ?? ""),
    ...(one.error === undefined ? [] : [`  ${one.error.code}: ${one.error.message}`]),
    ...(one.note === undefined ? [] : [`  discarded: ${one.note}`]),
  ]);
  const dead = parked.find(({ reason }) => reason === "dead");
  const advice =
    dead === undefined
      ? []
      : ["", `Offer a dead one again with: quadrille redrive ${dead.participant} ${dead.id}`];
  return [colors.bold(head), ...drawn, ...advice, ""].join("\n");
}

function firstLine(error: ParkedEntry["error"]): ParkedEntry["error"] {
  return error === undefined ? undefined : { ...error, message: error.message.split("\n")[0] ?? "" };
}

function attempts({ attempts: count, reason }: Pick<ParkedEntry, "attempts" | "reason">): string {
  return reason === "deferred" || reason === "waiting" ? "" : String(count);
}
