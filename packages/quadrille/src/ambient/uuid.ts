// Ids that rise with time, so that the newest rows of an index lie together: UUID version 7 (RFC 9562,
// section 5.7).

/** The bytes as two digits each: with `padStart` for each byte, an id took three times as long. */
const hex: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/**
 * Makes a source of UUIDs. Within one millisecond a 12-bit counter keeps them rising (section 6.2, method 1);
 * when it is used up, or the clock goes back, the last millisecond is kept and raised by one.
 */
export function uuidV7(
  now: () => number,
  fill: (bytes: Uint8Array) => unknown,
): (isFit?: (id: string) => boolean) => string {
  // Filled for many ids at once: asking for eight bytes at a time was 3 % of the engine's time.
  const pool = new Uint8Array(2_048);
  let used = pool.length;
  let lastMs = 0;
  let counter = 0;
  return (isFit) => {
    const nowMs = now();
    if (nowMs > lastMs) {
      lastMs = nowMs;
      counter = 0;
    } else if (++counter > 0xfff) {
      lastMs += 1;
      counter = 0;
    }
    if (used === pool.length) {
      fill(pool);
      used = 0;
    }
    const next = (): string => hex[pool[used++] ?? 0] ?? "";
    const variant = hex[0x80 | ((pool[used++] ?? 0) & 0x3f)] ?? "";
    const time = lastMs.toString(16).padStart(12, "0");
    const count = counter.toString(16).padStart(3, "0");
    const head = `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${variant}${next()}-${next()}${next()}${next()}${next()}${next()}`;
    const last = pool[used++] ?? 0;
    let id = `${head}${hex[last]}`;
    if (isFit === undefined) return id;
    // Another last byte makes another id of the same moment, for a tenth of the time.
    for (let step = 1; step < hex.length && !isFit(id); step += 1) id = `${head}${hex[(last + step) & 0xff]}`;
    return id;
  };
}
