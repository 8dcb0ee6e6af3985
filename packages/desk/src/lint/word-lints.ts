// Lints over words: blame, promises without substance, jargon. Any document can have them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { parseAs, parseJson } from "../documents/parse.ts";
import type { Lints, Passage, Problem } from "./lint.ts";

/** The texts of a document, and what is known about its readers and people. */
export interface Words {
  readonly passages: readonly Passage[];
  /** Names of people, none of whom may be given as a cause. */
  readonly people: readonly string[];
  /** Whether the readers do not know the technical words. */
  readonly plain: boolean;
}

const wordList = z.record(z.string(), z.string()).readonly();
const readWords = (name: string): Readonly<Record<string, string>> => {
  const file = join(import.meta.dirname, `${name}.json`);
  return parseAs(wordList, parseJson(readFileSync(file, "utf8"), file), file);
};
const [blame, vague, jargon] = [readWords("blame"), readWords("vague"), readWords("jargon")];

/** The lints over words. */
export const wordLints = {
  blame: {
    level: "error",
    says: "No person is blamed: the condition that made a mistake likely is named instead.",
    find: ({ passages }) => wordProblems(passages, blame, (word, advice) => `“${word}” blames; ${advice}`),
  },
  "person-as-cause": {
    level: "error",
    says: "No person is given as a cause.",
    find: personProblems,
  },
  vague: {
    level: "error",
    says: "No word that promises or belittles without a fact: “should be fixed”, “minor”, “soon”.",
    find: ({ passages }) => wordProblems(passages, vague, (word, advice) => `“${word}” is vague; ${advice}`),
  },
  jargon: {
    level: "error",
    says: "Readers who are not technical get plain words.",
    find: ({ passages, plain }) =>
      plain
        ? wordProblems(
            passages,
            jargon,
            (word, advice) => `“${word}” is jargon for these readers; say “${advice}”`,
          )
        : [],
  },
} as const satisfies Lints<Words>;

function wordProblems(
  passages: readonly Passage[],
  words: Readonly<Record<string, string>>,
  say: (word: string, advice: string) => string,
): readonly Problem[] {
  return passages.flatMap(({ place, text }) =>
    Object.entries(words).flatMap(([word, advice]) => {
      const found = wordPattern(word).exec(text);
      return found === null ? [] : [[place, `${say(found[0], advice)}.`] as const];
    }),
  );
}

const patterns = new Map<string, RegExp>();

/** A word or words, whole, in any case; `*` at the end stands for any ending. */
function wordPattern(word: string): RegExp {
  const made =
    patterns.get(word) ??
    new RegExp(
      `(?<![\\p{L}\\d])${word.replaceAll(" ", "\\s+").replace(/\*$/, "\\p{L}*")}(?![\\p{L}\\d])`,
      "iu",
    );
  patterns.set(word, made);
  return made;
}

const causing =
  "caused|broke|forgot|failed to|did not|deleted|ignored|misconfigured|made a mistake|was careless";

function personProblems({ passages, people }: Words): readonly Problem[] {
  return passages.flatMap(({ place, text }) => {
    const lower = text.toLowerCase();
    // Most names are in no text: only for the others a pattern is made.
    return people
      .filter((name) => lower.includes(name.toLowerCase()) && isCause(name, text))
      .map(
        (name): Problem => [
          place,
          `“${name}” is given as a cause; say what in the system or the situation made it possible.`,
        ],
      );
  });
}

function isCause(name: string, text: string): boolean {
  const who = name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const before = new RegExp(`(?<!\\p{L})${who}\\s+(${causing})(?!\\p{L})`, "iu");
  const after = new RegExp(`(caused by|because of|due to|the fault of)\\s+(the\\s+)?${who}(?!\\p{L})`, "iu");
  return before.test(text) || after.test(text);
}
