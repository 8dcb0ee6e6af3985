// Makes ids from titles: readable in file names, commands and differences.

const lengthMax = 48;

/**
 * The id for a title: lower-case words joined by hyphens, cut at a word; with `-2`, `-3`… when `taken` says
 * so.
 */
export function slug(title: string, taken: (id: string) => boolean): string {
  const words = title
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  let base = "";
  for (const word of words) {
    if (base !== "" && base.length + 1 + word.length > lengthMax) break;
    base = base === "" ? word.slice(0, lengthMax) : `${base}-${word}`;
  }
  if (base === "") base = "untitled";
  let candidate = base;
  for (let count = 2; taken(candidate); count += 1) candidate = `${base}-${count}`;
  return candidate;
}
