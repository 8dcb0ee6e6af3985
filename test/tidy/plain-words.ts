// Plain English, as data: words that this project does not use, and what to write instead. Words in names
// count too: `isDoorOpen` is read as "is Door Open". A word right behind a quote or a backtick is a name of
// another program's, such as the user `nobody`, and is let be.
import type { Source } from "./source.ts";

/** A word that is not used. */
export interface PlainWord {
  /** A regular expression that matches whole words, in whatever case. */
  readonly word: string;
  /** What to write instead. */
  readonly use: string;
  /** Text in which it is found. */
  readonly bad: readonly string[];
  /** Text close to it that is allowed. */
  readonly good?: readonly string[];
  /** Paths where the word has a meaning of its own. */
  readonly except?: RegExp;
}

/** In the order of the alphabet. */
export const plainWords: readonly PlainWord[] = [
  { word: "anew", use: "again, start over", bad: ["the lane is read anew"], good: ["a new lane"] },
  { word: "as known(?! (as|from))", use: "as expected", bad: ["not as known."], good: ["as known from SQL"] },
  { word: "at hand", use: "pending, available", bad: ["what is at hand"], good: ["what handlers saw"] },
  { word: "at most so many", use: "up to a number, at most `name`", bad: ["rows, at most so many"] },
  { word: "be it", use: "whether, also", bad: ["an end, be it the implied one"], good: ["to be its own"] },
  { word: "believes? to", use: "believes that", bad: ["believes to own it"], good: ["believes that"] },
  { word: "(comes?|came) to nothing", use: "is rolled back", bad: ["it came to nothing"] },
  { word: "doors?", use: "route, access", bad: ["addSagaDoors", "the only door to it"], good: ["outdoors"] },
  { word: "(any|no|some)thing else than", use: "other than", bad: ["something else than the saga"] },
  { word: "(go|goes|going) round", use: "repeat", bad: ["goesRound"], good: ["a round"] },
  { word: "ha(s|ve) got", use: "has", bad: ["has got another name"], good: ["it got another name"] },
  { word: "(un)?heed(ed|ing|s)?", use: "obey, stop at", bad: ["does not heed its signal"], good: ["needed"] },
  { word: "in a ring", use: "deadlock", bad: ["wait for each other in a ring"] },
  { word: "in place of", use: "instead of", bad: ["a key in place of a name"], good: ["sorted in place"] },
  { word: "lacks? a right|missing right", use: "privilege", bad: ["The user lacks a right."] },
  {
    word: "(leave (it|`\\w+`)|left) away",
    use: "leave out",
    bad: ["leave `otherwise` away"],
    good: ["left"],
  },
  {
    word: "lets? (it|something) lie",
    use: "never answers",
    bad: ["a person may let it lie"],
    good: ["let it go"],
  },
  { word: "mend(ed|ing|s)?", use: "fix, repair", bad: ["addMending", "mends it"], good: ["an amendment"] },
  { word: "no matter of", use: "does not depend on", bad: ["no matter of the load"], good: ["no matter"] },
  {
    word: "(?<!there )(are|emits? it|is|listens?|was|were) no more(?! of| than)",
    use: "no longer",
    bad: ["codes that are no more", "until it listens no more"],
    good: ["until there are no more", "are no more than the limit"],
  },
  {
    word: "nobody",
    use: "the subject: no process, no caller",
    bad: ["nobody runs"],
    good: ["the user `nobody`"],
  },
  {
    word: "nothing comes of",
    use: "has no effect",
    bad: ["one that nothing comes of"],
    good: ["it has no effect"],
  },
  { word: "somebody|whoever", use: "the subject: a process, a caller", bad: ["whoever waits"] },
  {
    word: "tell(s|ing)?|told|untold",
    use: "report, notify, say, distinguish",
    bad: ["tells of each order", "isToldAlready", "unless told otherwise"],
    good: ["stellar", "\\told"],
    except: /^(docs|packages)\/desk\//,
  },
  { word: "the like", use: "an equal one", bad: ["has written the like"], good: ["the likely one"] },
  { word: "there and back", use: "round trip", bad: ["one way there and back"] },
  {
    word: "unless (it is )?said(?! otherwise)",
    use: "by default",
    bad: ["once, unless said"],
    good: ["the item's unit unless said otherwise"],
  },
];

/** The words of the list that a text has, each with its line and what to write instead. */
export function plainWordProblems({ path, text }: Pick<Source, "path" | "text">): readonly string[] {
  if (isFixed(path)) return [];
  const words = patterns.filter(({ except }) => except?.test(path) !== true);
  return text.split("\n").flatMap((line, index) => {
    const spaced = line.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2");
    return words
      .filter(({ pattern }) => pattern.test(spaced))
      .map(({ pattern, use }) => {
        return `${path}:${index + 1} says "${pattern.exec(spaced)?.[0] ?? ""}": write ${use}`;
      });
  });
}

const patterns = plainWords.map(({ word, use, except }) => {
  return { use, except, pattern: new RegExp(`(?<![\\w\`"'\\\\])(${word})(?!\\w)`, "i") };
});

/** The list itself, SQL that databases have run and that may not change, and the page that quotes it. */
function isFixed(path: string): boolean {
  return path === "test/tidy/plain-words.ts" || path === "docs/data.md" || path.includes("/sql/");
}
