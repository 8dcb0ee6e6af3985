// What an operator's program calls the operations with: TypeScript sees what is wrong with it, but a module
// may run without a look at its types, and the database then says what no caller has asked.
import { assertOptions, wrongArgument } from "../contract/known-keys.ts";
import { kindOf } from "../contract/reading.ts";
import type { RedriveFilter } from "./api.ts";

/** Characters of a reason: it is read by people, in a list. */
const reasonCharactersMax = 2_000;

/** Throws `Q_ARGUMENT_INVALID` where a list's limit is no number of rows. */
export function assertLimit(name: string, limit: unknown): void {
  if (typeof limit === "number" && Number.isSafeInteger(limit) && limit >= 0) return;
  throw wrongArgument(`${name}: its limit is a whole number from 0, not ${kindOf(limit)}`);
}

/** Throws `Q_ARGUMENT_INVALID` where a parked message is not named by a text. */
export function assertId(name: string, id: unknown): void {
  if (typeof id === "string") return;
  throw wrongArgument(`${name}: the id of a parked message is a text, not ${kindOf(id)}`);
}

const filterNames = {
  participant: true,
  reason: true,
  trigger: true,
  code: true,
  callAgain: true,
} satisfies Record<keyof RedriveFilter, true>;

/** Throws `Q_ARGUMENT_INVALID` where a filter has a key that would select nothing. */
export function assertFilter(name: string, filter: unknown): void {
  assertOptions(name, filter, Object.keys(filterNames));
}

/** Throws `Q_ARGUMENT_INVALID` where no reason is given, or one that is too long to be read. */
export function assertReason(name: string, reason: unknown): void {
  if (typeof reason === "string" && reason.trim() !== "" && reason.length <= reasonCharactersMax) return;
  const given = typeof reason === "string" && reason !== "" ? `one of ${reason.length}` : kindOf(reason);
  throw wrongArgument(
    `${name}: its reason is a text of 1 to ${reasonCharactersMax} characters, not ${given}`,
  );
}
