// Where in a JSON text a place is that a JSON pointer names, so that findings can be shown beside the file.

/** The line of every place in a JSON text that parses, by JSON pointer (RFC 6901); lines count from 1. */
export function jsonLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  new Scanner(text, lines).value("");
  return lines;
}

/** The line of a place, or of the nearest place around it that is there: a finding may be about what is missing. */
export function lineOf(lines: ReadonlyMap<string, number>, pointer: string): number {
  for (let at = pointer; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const line = lines.get(at);
    if (line !== undefined) return line;
  }
  return 1;
}

/** Walks a text that is known to be JSON. */
class Scanner {
  readonly #text: string;
  readonly #lines: Map<string, number>;
  #at = 0;
  #line = 1;

  constructor(text: string, lines: Map<string, number>) {
    this.#text = text;
    this.#lines = lines;
  }

  value(pointer: string): void {
    this.#space();
    this.#lines.set(pointer, this.#lines.get(pointer) ?? this.#line);
    const first = this.#text[this.#at];
    if (first === "{") this.#members(pointer);
    else if (first === "[") this.#items(pointer);
    else if (first === '"') this.#string();
    else while (/[^\s,\]}]/.test(this.#text[this.#at] ?? " ")) this.#at += 1;
  }

  #members(pointer: string): void {
    this.#at += 1;
    for (this.#space(); this.#text[this.#at] === '"'; this.#space()) {
      const line = this.#line;
      const key = this.#string().replaceAll("~", "~0").replaceAll("/", "~1");
      // A member is where its name is.
      this.#lines.set(`${pointer}/${key}`, line);
      this.#space();
      this.#at += 1;
      this.value(`${pointer}/${key}`);
      this.#space();
      if (this.#text[this.#at] === ",") this.#at += 1;
    }
    this.#at += 1;
  }

  #items(pointer: string): void {
    this.#at += 1;
    this.#space();
    for (let index = 0; this.#at < this.#text.length && this.#text[this.#at] !== "]"; index += 1) {
      this.value(`${pointer}/${index}`);
      this.#space();
      if (this.#text[this.#at] === ",") this.#at += 1;
      this.#space();
    }
    this.#at += 1;
  }

  #string(): string {
    const start = this.#at;
    for (this.#at += 1; this.#text[this.#at] !== '"' && this.#at < this.#text.length; this.#at += 1) {
      if (this.#text[this.#at] === "\\") this.#at += 1;
    }
    this.#at += 1;
    return String(JSON.parse(this.#text.slice(start, this.#at)));
  }

  #space(): void {
    for (; /\s/.test(this.#text[this.#at] ?? ""); this.#at += 1)
      if (this.#text[this.#at] === "\n") this.#line += 1;
  }
}
