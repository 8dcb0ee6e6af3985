// The subset of TLA+ in which choreographies are exported (Lamport, Specifying Systems, 2002, chapter 15), as
// trees; and its words.

/** An expression. `old` is `@`; `choose` is CASE; `each` is a function constructor. */
export type Expression =
  | { readonly is: "name" | "primed" | "enabled"; readonly name: string }
  | { readonly is: "text"; readonly value: string }
  | { readonly is: "number"; readonly value: number }
  | { readonly is: "old" }
  | { readonly is: "set" | "and" | "or"; readonly parts: readonly Expression[] }
  | { readonly is: "unchanged"; readonly names: readonly string[] }
  | { readonly is: "not" | "domain"; readonly of: Expression }
  | { readonly is: "apply"; readonly of: Expression; readonly key: Expression }
  | {
      readonly is: "each" | "forAll";
      readonly name: string;
      readonly over: Expression;
      readonly of: Expression;
    }
  | { readonly is: "except"; readonly of: Expression; readonly changes: readonly Change[] }
  | { readonly is: "choose"; readonly arms: readonly Change[] }
  | {
      readonly is: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly is: "always"; readonly action: string; readonly variables: string };

/** A key and its value of an EXCEPT; a condition and its value of a CASE. */
export interface Change {
  readonly when: Expression;
  readonly value: Expression;
}

/** A module: its definitions in their order. */
export interface Module {
  readonly name: string;
  readonly extends: readonly string[];
  readonly variables: readonly string[];
  readonly definitions: ReadonlyMap<string, Expression>;
}

/** A word of the language. */
export interface Word {
  readonly kind: "text" | "number" | "name" | "sign" | "end";
  readonly text: string;
  readonly at: number;
}

const wordPattern =
  /\s+|\\\*[^\n]*|(?<text>"(?:[^"\\]|\\.)*")|(?<number>\d+)|(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<sign>-{4,}|={4,}|==|=>|<=|>=|<<|>>|\|->|->|\/\\|\\\/|\\in|\\A|\[\]|[-+=#<>~()[\]{},:!'@])/y;

/** Cuts a module into words; comments and space are gone. Throws at what is not of the subset. */
export function words(source: string): Word[] {
  const found: Word[] = [];
  wordPattern.lastIndex = 0;
  while (wordPattern.lastIndex < source.length) {
    const at = wordPattern.lastIndex;
    const groups = wordPattern.exec(source)?.groups;
    if (groups === undefined) throw new SyntaxError(`not TLA+: ${source.slice(at, at + 40)}`);
    for (const kind of ["text", "number", "name", "sign"] as const) {
      const text = groups[kind];
      if (text !== undefined) found.push({ kind, text, at });
    }
  }
  return [...found, { kind: "end", text: "", at: source.length }];
}
