// Seeded choice: the same seed and name give the same number on every machine, so that every replay sees the
// same year.

/** A number in [0, 1) that depends on nothing but the seed and the name. */
export function roll(seed: number, name: string): number {
  return scramble(fnv1a(`${seed}/${name}`)) / 2 ** 32;
}

/** `count` of `names`, chosen by the seed; exactly that many, so that shares hold for every seed. */
export function choose(seed: number, names: readonly string[], count: number): ReadonlySet<string> {
  const ranked = names.map((name) => ({ name, rank: roll(seed, name) }));
  return new Set(
    ranked
      .toSorted((a, b) => a.rank - b.rank)
      .slice(0, count)
      .map(({ name }) => name),
  );
}

/** The hash FNV-1a, 32 bits. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}

/** The last step of MurmurHash3: names that differ in one digit end far apart. */
function scramble(hash: number): number {
  const first = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return (second ^ (second >>> 16)) >>> 0;
}
