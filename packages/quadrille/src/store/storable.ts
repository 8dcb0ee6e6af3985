// Which texts a store can hold.

/** PostgreSQL has no text with a NUL or with half a surrogate pair, so nothing is stored under such a one. */
export function isStorable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}
