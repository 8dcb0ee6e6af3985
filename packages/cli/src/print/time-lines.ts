// Which time a report goes by, where it is not the machine's.
import type { OperationsTime } from "quadrille/operations";
import { timeText } from "../terminal/table.ts";

/** A line that says so; none where it is the machine's time. */
export function timeLines({ now, kind }: OperationsTime): readonly string[] {
  if (kind === "machine") return [];
  const how = kind === "stepped" ? "moved step by step" : "a time lapse";
  return [`Times are business time, ${how}: it is ${timeText(now)}.`];
}
