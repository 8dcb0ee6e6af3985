// Logs what a participant could not take: the first failure of its handlers, and every dead letter, which
// blocks its key until it is redriven or discarded.
import type { Ambient } from "../../ambient/ambient.ts";
import type { ErrorCode } from "../../errors.ts";
import type { ParkedRecord } from "../../store/records.ts";

/** How long further failures of a handler are not logged: in an outage every message has one. */
const quietMs = 60_000;

/** Errors of handlers that are tried again. Calls that fail in a row are logged as an outage. */
const ofHandlers: ReadonlySet<string> = new Set<ErrorCode>(["Q_HANDLER_THREW", "Q_HANDLER_TIMED_OUT"]);

/** The log of one participant's parked messages, shared by its lanes. */
export class ParkedLog {
  readonly #participant: string;
  readonly #ambient: Pick<Ambient, "clock" | "log">;
  /** When a failure was logged last, by trigger. */
  readonly #failedAt = new Map<string, number>();

  constructor(participant: string, ambient: Pick<Ambient, "clock" | "log">) {
    this.#participant = participant;
    this.#ambient = ambient;
  }

  /** Logs those of a committed flush's parked messages of which an operator should know. */
  committed(parked: readonly ParkedRecord[]): void {
    for (const one of parked) {
      if (one.reason === "dead") this.#dead(one);
      else if (one.reason === "retrying" && one.attempts === 1) this.#failed(one);
    }
  }

  #failed({ trigger, key, error }: ParkedRecord): void {
    if (error === undefined || !ofHandlers.has(error.code)) return;
    const now = this.#ambient.clock.steady();
    const last = this.#failedAt.get(trigger);
    if (last !== undefined && now - last < quietMs) return;
    this.#failedAt.set(trigger, now);
    this.#log("warn", error.code, `${trigger} for ${key} failed and is tried again: ${reasonOf(error)}.`);
  }

  #dead({ trigger, key, id, attempts, error }: ParkedRecord): void {
    const times = attempts === 1 ? "" : ` after ${attempts} attempts`;
    const what = `${trigger} for ${key} is a dead letter${times}: ${reasonOf(error)}`;
    const redrive = `quadrille redrive ${shellWord(this.#participant)} ${shellWord(id)}`;
    const message = `${what}. Fix the cause, then: ${redrive} (or discard it, with a reason).`;
    this.#log("error", error?.code ?? "Q_HANDLER_THREW", message);
  }

  #log(level: "warn" | "error", code: string, message: string): void {
    this.#ambient.log({ level, code, message: printable(message), participant: this.#participant });
  }
}

function reasonOf(error: ParkedRecord["error"]): string {
  return error?.message.replace(/\.$/, "") ?? "no reason is known";
}

/** A text as one word of a shell's command. */
function shellWord(text: string): string {
  return /^[\w./:@+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Keys and errors may contain any character, and a log is read on terminals. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, "\uFFFD");
}
