// The arguments of `send`: a command without a schema carries no data, so its options follow at once.
import type { CommandType } from "../../contract/trigger.ts";
import { wrongArgument } from "../../contract/known-keys.ts";
import { isRecord, kindOf } from "../../contract/reading.ts";
import { QuadrilleError } from "../../errors.ts";
import type { SendOptions } from "./api.ts";

const optionNames = {
  sagaId: true,
  idempotencyKey: true,
  idempotencyFingerprint: true,
  at: true,
  trace: true,
  signal: true,
} satisfies Record<keyof SendOptions, true>;

const texts = ["sagaId", "idempotencyKey", "idempotencyFingerprint", "trace"] as const;

/**
 * The data and the options. Throws `Q_PAYLOAD_INVALID` where data come with a command that carries none, and
 * `Q_ARGUMENT_INVALID` for what is no command, or an option of another kind.
 */
export function sentOf(
  command: CommandType,
  rest: readonly unknown[],
): { readonly data: unknown; readonly options: SendOptions } {
  const sent: unknown = command;
  if (!isRecord(sent) || sent["kind"] !== "command")
    throw wrongArgument(`send takes what command("…") returns, not ${kindOf(sent)}`);
  const { name, schema } = command;
  const [data, options = {}] = schema === undefined && rest.length < 2 ? [undefined, ...rest] : rest;
  const stranger = Object.keys(options ?? {}).find((key) => !Object.hasOwn(optionNames, key));
  if (stranger === undefined && typeof options === "object") return { data, options: checked(options ?? {}) };
  throw new QuadrilleError(
    "Q_PAYLOAD_INVALID",
    `${name} is sent with ${stranger ?? String(options)}, which is no option. A command without a schema carries no data: give it one where it is declared.`,
  );
}

function checked(options: SendOptions): SendOptions {
  for (const name of texts) {
    const given: unknown = options[name];
    if (given !== undefined && typeof given !== "string")
      throw wrongArgument(`send: ${name} is a text, not ${kindOf(given)}`);
  }
  const signal: unknown = options.signal;
  if (signal === undefined || signal instanceof AbortSignal) return options;
  throw wrongArgument(`send: signal is an AbortSignal, not ${kindOf(signal)}`);
}
