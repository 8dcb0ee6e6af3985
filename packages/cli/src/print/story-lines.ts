// The stories of a report: each is written once, and findings that show on the same path refer to it.
import { type FindingCode, type PathStep, story } from "quadrille/check";

/** Writes the path of a finding, as indented lines. */
export type WriteStory = (code: FindingCode, path: readonly PathStep[]) => readonly string[];

/** Shorter stories are repeated: a reference would not be shorter. */
const linesMin = 2;

/** A writer for one report, who remembers each story, and the code under which it stands. */
export function storyWriter(): WriteStory {
  const written = new Map<string, FindingCode>();
  return (code, path) => {
    const text = story(path);
    const lines = text.split("\n");
    const before = written.get(text);
    if (before !== undefined && lines.length >= linesMin)
      return [`    the steps are those of ${before} above`];
    written.set(text, code);
    return lines.map((line) => `    ${line}`);
  };
}
