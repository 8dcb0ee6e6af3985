// A command as its caller sends it: checked, and made a message.
import type { Ambient } from "../../ambient/ambient.ts";
import { triggerKey, type Table } from "../../contract/table.ts";
import { QuadrilleError } from "../../errors.ts";
import type { SendOptions } from "./api.ts";
import type { Waiting } from "./commands.ts";
import { keyIn } from "./incoming.ts";
import { isKeyText } from "./key-text.ts";
import { type PayloadChecker, writtenBy } from "./payload.ts";
import { copyPlain } from "./plain.ts";
import { digestOf } from "./request-digest.ts";

/** What a caller sends. */
export interface SentCommand {
  readonly name: string;
  readonly data: unknown;
  readonly options: SendOptions;
}

/** A command whose payload is as its schema made it. */
export interface CheckedCommand extends SentCommand {
  /** The payload as the caller sent it. */
  readonly sent: unknown;
  /** About the characters of the payload as JSON. */
  readonly weight: number;
}

/** The command, checked. Throws `Q_PAYLOAD_INVALID`, also for options that cannot be stored. */
export function checkCommand(
  table: Table,
  payloads: PayloadChecker,
  { name, data, options }: SentCommand,
): CheckedCommand {
  const schema = table.schemas.get(triggerKey("command", name));
  const sent = copyPlain(data);
  const entered = payloads.enter(schema, { what: name, data: sent });
  checkText("an idempotency key", options.idempotencyKey);
  checkText("a saga id", options.sagaId);
  checkText("a trace", options.trace);
  return { name, options, sent, ...entered };
}

/** The message of a command that was checked. */
export function commandOfCaller(
  table: Table,
  ambient: Ambient,
  command: CheckedCommand & { readonly sagaId: string; readonly lane: number },
): Omit<Waiting, "resolve" | "reject"> {
  const { name, data, options, sent, weight, sagaId, lane } = command;
  const { idempotencyKey, idempotencyFingerprint: fingerprint, trace } = options;
  const request = { command: name, sagaId: options.sagaId, fingerprint, sent, parsed: data };
  return {
    message: {
      id: `command/${ambient.id()}`,
      kind: "command",
      trigger: name,
      sagaId,
      key: keyIn(table, { kind: "command", trigger: name, data }) ?? sagaId,
      data,
      cause: { source: "command", lane, position: commandNumber(ambient) },
      notBefore: options.at,
      trace,
      isChecked: true,
      ...writtenBy(table.schemas.get(triggerKey("command", name))),
    },
    weight,
    idempotencyKey,
    ...(idempotencyKey === undefined ? { digest: undefined } : digestOf(request)),
  };
}

/** The number that identifies a command, also in the journal: 53 random bits. */
function commandNumber(ambient: Ambient): number {
  return Math.floor(ambient.random() * 2 ** 53);
}

function checkText(what: string, text: string | undefined): void {
  if (text === undefined || isKeyText(text)) return;
  const message = `${what} has 1 to 200 characters, none of them a NUL or half a surrogate pair.`;
  throw new QuadrilleError("Q_PAYLOAD_INVALID", message);
}
