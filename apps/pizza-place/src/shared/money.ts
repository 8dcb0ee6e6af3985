// Amounts of money: whole cents of one currency, so that sums agree to the cent.
import { z } from "zod";

/** An amount in US cents, zero or more. */
export const Cents = z.int().min(0).max(100_000_000);

/** An amount as people write it: `$1,234.50`. */
export function dollars(cents: number): string {
  return `$${(cents / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}
