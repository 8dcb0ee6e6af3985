// Two names of which one may be the other, misspelled.

/** A name of fewer letters than this for each change is another name: `A` and `B` are two events. */
const lettersPerChange = 3;

/** At most this many letters are added, left out or replaced. */
const changesMax = 2;

/** The name most like another one; undefined where none is like it. */
export function similarName(name: string, others: readonly string[]): string | undefined {
  const most = Math.min(changesMax, Math.floor(name.length / lettersPerChange));
  const near = others.map((other) => ({ other, changes: changesBetween(name, other) }));
  return near.filter(({ changes }) => changes <= most).toSorted((a, b) => a.changes - b.changes)[0]?.other;
}

/** The Levenshtein distance: the fewest letters to add, leave out or replace, one row for each letter. */
function changesBetween(one: string, other: string): number {
  const first = Array.from({ length: other.length + 1 }, (_, index) => index);
  const last = one.split("").reduce((above, letter, line) => {
    const row = [line + 1];
    for (let index = 1; index <= other.length; index++) {
      const replaced = (above[index - 1] ?? 0) + (other[index - 1] === letter ? 0 : 1);
      row.push(Math.min(replaced, (above[index] ?? 0) + 1, (row[index - 1] ?? 0) + 1));
    }
    return row;
  }, first);
  return last[other.length] ?? 0;
}
