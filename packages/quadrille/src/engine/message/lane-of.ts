// Which lane a saga belongs to: everything of one saga stays in one lane, so its messages keep their order.

/** The lane of a saga, from 0 to `lanes - 1` (FNV-1a, 32 bits, over UTF-16 code units). */
export function laneOf(sagaId: string, lanes: number): number {
  return lanes === 1 ? 0 : (hashed(sagaId) >>> 0) % lanes;
}

/** The lanes of ids that begin alike, by how they end. */
export function lanesAfter(head: string, lanes: number): (end: string) => number {
  const before = hashed(head);
  return (end) => (hashed(end, before) >>> 0) % lanes;
}

/** The hash of a text, or of one that goes on with it after what has the hash `before`. */
function hashed(text: string, before = 0x811c9dc5): number {
  let hash = before;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}
