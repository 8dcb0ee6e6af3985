// Amounts of money: whole cents of one currency, so that sums agree to the cent.
import { z } from "zod";

/** An amount in US cents, zero or more. */
export const Cents = z.int().min(0).max(100_000_000);
