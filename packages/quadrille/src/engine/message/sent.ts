// The arguments of `send`: a command without a schema carries no data, so its options follow at once.
import type { CommandType } from "../../contract/trigger.ts";
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

/** The data and the options. Throws `Q_PAYLOAD_INVALID` where data come with a command that carries none. */
export function sentOf(
  { name, schema }: CommandType,
  rest: readonly unknown[],
): { readonly data: unknown; readonly options: SendOptions } {
  const [data, options = {}] = schema === undefined && rest.length < 2 ? [undefined, ...rest] : rest;
  const stranger = Object.keys(options ?? {}).find((key) => !Object.hasOwn(optionNames, key));
  if (stranger === undefined && typeof options === "object") return { data, options: options ?? {} };
  throw new QuadrilleError(
    "Q_PAYLOAD_INVALID",
    `${name} is sent with ${stranger ?? String(options)}, which is no option. A command without a schema carries no data: give it one where it is declared.`,
  );
}
