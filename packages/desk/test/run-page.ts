// Runs the commands of a page in this process, as a reader would in a shell: `desk …` lines, exports, and
// files written by `>`.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DeskBench } from "./run-desk.ts";

/** Commands of a page, and what stands under them. */
export interface Block {
  readonly commands: readonly string[];
  /** Undefined where nothing is shown. */
  readonly prints: string | undefined;
}

/** The blocks of a page, in order. */
export function blocksOf(page: string): readonly Block[] {
  return [...page.matchAll(/```sh\n([\s\S]*?)```(?:\n\n```text\n([\s\S]*?)```)?/g)].map(
    ([, commands = "", prints]) => ({
      commands: commands
        .replaceAll("\\\n", " ")
        .split("\n")
        .filter((line) => line !== ""),
      prints,
    }),
  );
}

/**
 * What runs the blocks, one after another: the exported variables stay. `data` takes the place of
 * `.quadrille/`.
 */
export class PageRunner {
  readonly #bench: DeskBench;
  readonly #root: string;
  readonly #env: Record<string, string> = {};

  /** `root` is where the page's commands run. */
  constructor(bench: DeskBench, root: string) {
    this.#bench = bench;
    this.#root = root;
  }

  /**
   * Runs a block; gives what it prints, with the page's own folder names. Throws when an exit code is not the
   * one that is said.
   */
  async run({ commands }: Block): Promise<string> {
    let printed = "";
    for (const command of commands) printed += await this.#command(command);
    return printed.replaceAll(this.#bench.cwd, ".quadrille").replaceAll(`${this.#root}/`, "");
  }

  async #command(line: string): Promise<string> {
    const [command = "", comment = ""] = line.split(/\s+# /);
    const exported = /^export (\w+)=(\S+)$/.exec(command);
    if (exported !== null) {
      this.#env[exported[1] ?? ""] = this.#placed(exported[2] ?? "");
      return "";
    }
    if (command.startsWith("alias ")) return "";
    const [typed = "", file] = command.split(" > ");
    const [program, ...args] = wordsOf(typed);
    if (program !== "desk") throw new Error(`The page runs ${program}, which this test does not know.`);
    const { code, out, err } = await this.#bench.run(
      args.map((arg) => this.#placed(arg)),
      { env: this.#env, cwd: this.#root },
    );
    const wanted = Number(/exit code (\d)/.exec(comment)?.[1] ?? 0);
    if (code !== wanted) throw new Error(`${line}\nended with ${code} instead of ${wanted}: ${out}${err}`);
    if (file === undefined) return err + out;
    writeFileSync(this.#placed(file), out);
    return err;
  }

  #placed(path: string): string {
    return path.startsWith(".quadrille/") ? join(this.#bench.cwd, path.slice(".quadrille/".length)) : path;
  }
}

/** The words of a command line: quotes hold them together. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
}
