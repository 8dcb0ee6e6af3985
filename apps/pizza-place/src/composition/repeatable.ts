// Ids and random numbers of a run in stepped time: computed, so that two runs write the same rows. One
// process owns the embedded database, so no other computes the same ids.
import { createHash } from "node:crypto";
import type { Ambient, Database } from "quadrille";

/**
 * The ambient with ids and random numbers that follow from the seed and from how far the journals have come.
 * A run that goes on after another one, or after a crash, finds them further, so that no id comes twice.
 */
export async function repeatable(
  ambient: Ambient,
  database: Pick<Database, "look">,
  seed: number,
): Promise<Ambient> {
  const marks = [...(await database.look())].map(([name, lanes]) => [
    name,
    [...lanes].map(([lane, { turn, head }]) => [lane, turn, head]),
  ]);
  const from = [seed, ...marks.map((mark) => JSON.stringify(mark)).toSorted(byText)].join(" ");
  let ids = 0;
  let numbers = 0;
  return {
    ...ambient,
    id: () => uuidOf(digest(`${from} id ${(ids += 1)}`)),
    random: () => Number.parseInt(digest(`${from} number ${(numbers += 1)}`).slice(0, 13), 16) / 2 ** 52,
  };
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}

/** A UUID of version 8 (RFC 9562). */
function uuidOf(hash: string): string {
  const variant = (0x8 | (Number.parseInt(hash.slice(12, 13), 16) & 0x3)).toString(16);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `${variant}${hash.slice(16, 19)}`,
    hash.slice(19, 31),
  ].join("-");
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
