// Which lane a saga belongs to: everything of one saga stays in one lane, so its messages keep their order.

/** The lane of a saga, from 0 to `lanes - 1` (FNV-1a, 32 bits, over UTF-16 code units). */
export function laneOf(sagaId: string, lanes: number): number {
  if (lanes === 1) return 0;
  let hash = 0x811c9dc5;
  for (let index = 0; index < sagaId.length; index += 1) {
    hash = Math.imul(hash ^ sagaId.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % lanes;
}
