// The guide's first page as a reader follows it: the files that its blocks of code make, and its commands
// with what they print.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const page = readFileSync(join(import.meta.dirname, "../docs/guide/getting-started.md"), "utf8");

/** Each file by its name: the blocks that come after a sentence with its name, one under the other. */
export function typedFiles(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  let above = "";
  for (const part of page.split(/^(```(?:ts|json)\n[\s\S]*?```)$/m)) {
    const code = /^```(?:ts|json)\n([\s\S]*?)```$/.exec(part)?.[1];
    if (code === undefined) above += part;
    else {
      const name = [...above.matchAll(/`([a-z]+\.(?:ts|json))`/g)].at(-1)?.[1] ?? "";
      const before = files.get(name);
      files.set(name, before === undefined ? code : `${before}\n${code}`);
    }
  }
  return files;
}

/** A command in the reader's folder, and lines that it prints; `…` stands for what differs. */
export interface TypedCommand {
  readonly command: string;
  readonly prints: readonly string[];
}

/** The commands under which stands what they print. */
export function typedCommands(): readonly TypedCommand[] {
  return [...page.matchAll(/```console\n(.*)\n```\n\n```text\n([\s\S]*?)```/g)].map(
    ([, command = "", prints = ""]) => ({ command, prints: prints.trim().split("\n") }),
  );
}

/** A mistake that the page has its reader make, and what the command above it says then. */
export interface TypedMistake {
  readonly command: string;
  readonly from: string;
  readonly to: string;
  readonly prints: readonly string[];
}

/** The mistakes, in the order of the page. */
export function typedMistakes(): readonly TypedMistake[] {
  const described = /Write `([^`]+)` instead of `([^`]+)`[\s\S]*?```text\n([\s\S]*?)```/g;
  return [...page.matchAll(described)].map(({ 1: to = "", 2: from = "", 3: prints = "", index }) => {
    const above = [...page.slice(0, index).matchAll(/```console\n(.*)\n```/g)];
    return { command: above.at(-1)?.[1] ?? "", from, to, prints: prints.trim().split("\n") };
  });
}
