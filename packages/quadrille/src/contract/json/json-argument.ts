// Whether a function that takes the JSON form of a choreography is given one.
import { wrongArgument } from "../known-keys.ts";
import { isRecord, kindOf } from "../reading.ts";

/** Throws `Q_ARGUMENT_INVALID` where a choreography is given as the value that its constructor made. */
export function assertJsonForm(what: string, given: unknown): void {
  if (isRecord(given) && given["kind"] !== "choreography") return;
  const name = isRecord(given) ? String(given["name"]) : kindOf(given);
  throw wrongArgument(
    `${what} takes the JSON form, ${what}(toJson(…)), not ${isRecord(given) ? "the value " : ""}${name}`,
  );
}
