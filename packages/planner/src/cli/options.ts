// Readers of option values that several commands share.
import { InvalidArgumentError } from "commander";

/** A whole number of 1 or more. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError("Give a whole number of 1 or more.");
  return value;
}

/** A number of 0 or more. */
export function amount(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value < Infinity)) throw new InvalidArgumentError("Give a number of 0 or more.");
  return value;
}
