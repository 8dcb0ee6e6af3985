// Logs dead letters: each one blocks its key until it is redriven or discarded.
import type { Ambient } from "../../ambient/ambient.ts";
import type { ParkedRecord } from "../../store/records.ts";

/** Logs those of a committed flush's parked messages that are dead. */
export function logDeadLetters(
  ambient: Pick<Ambient, "log">,
  participant: string,
  parked: readonly ParkedRecord[],
): void {
  for (const { reason, trigger, key, id, attempts, error } of parked) {
    if (reason !== "dead") continue;
    const times = attempts === 1 ? "" : ` after ${attempts} attempts`;
    const why = error?.message.replace(/\.$/, "") ?? "no reason is known";
    const what = `${trigger} for ${key} is a dead letter${times}: ${why}`;
    const message = `${what}. Fix the cause, then redrive or discard ${id}.`;
    const code = error?.code ?? "Q_HANDLER_THREW";
    ambient.log({ level: "error", code, message: printable(message), participant });
  }
}

/** Keys and errors may contain any character, and a log is read on terminals. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, "\uFFFD");
}
