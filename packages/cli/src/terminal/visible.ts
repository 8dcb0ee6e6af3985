// Invisible characters are written by their numbers: names come from other people's files, and a terminal
// obeys some characters and hides others.

// Control, format, private and unassigned signs, and the separators of lines and paragraphs; the spaces that
// look like none are harmless.
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/**
 * The text with every sign that cannot be seen, line breaks too, as `\u…` of JSON (RFC 8259), so that JSON
 * stays JSON.
 */
export function visible(text: string): string {
  return text.replaceAll(unseen, escaped);
}

/** Any plain value with all its texts and keys made {@link visible}. */
export function visibleIn<T>(value: T): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same shape with other texts
  return made(value) as T;
}

function made(value: unknown): unknown {
  if (typeof value === "string") return visible(value);
  if (Array.isArray(value)) return value.map(made);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [visible(key), made(one)]));
}

/** The colours that this command uses itself. */
const colours = String.raw`\u001B\[(?:0|1|2|22|31|32|33|34|35|36|39)m`;
const keptOrUnseen = new RegExp(String.raw`${colours}|\n|${unseen.source}`, "gu");

/**
 * Output without invisible characters, except the command's own line breaks and colours: the last safeguard
 * before printing.
 */
export function visibleOutput(text: string): string {
  return text.replaceAll(keptOrUnseen, (found) =>
    found === "\n" || found.length > 2 ? found : escaped(found),
  );
}

function escaped(sign: string): string {
  return [...Array(sign.length).keys()]
    .map((at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, "0")}`)
    .join("");
}
