// How the provider behaves: which cards it declines, and which keys it answers too late the first time.
import { roll } from "../shared/seed.ts";

/** A card as the provider knows it. */
export interface ProviderCard {
  readonly token: string;
  readonly declines: boolean;
}

/**
 * One key in 200: often enough to be seen in every replay, rare enough to leave the 99th percentile to the
 * rest.
 */
const lateShare = 0.005;

/** Whether the first call with this key gets its answer too late, although the ledger took it. */
export function answersLate(seed: number, key: string): boolean {
  return roll(seed, `late ${key}`) < lateShare;
}
