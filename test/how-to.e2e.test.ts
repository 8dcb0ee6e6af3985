// Every command of the guide and of the how-to pages runs as it stands there, and prints what stands under
// it.
import { execFile } from "node:child_process";
import { globSync, mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { orderLife } from "../apps/pizza-place/src/choreography.ts";
import { toJson } from "../packages/quadrille/src/contract/json/to-json.ts";
import { initialisedFolder } from "./pglite-template.ts";
import { freshDatabase } from "./postgres.ts";
import { missingIn, plain } from "./printed-lines.ts";

const root = join(import.meta.dirname, "..");
const docs = join(root, "docs");
const pages = globSync(["how-to/*.md", "guide/*.md"], { cwd: docs }).toSorted();

/** Commands, and the lines under them. */
interface Block {
  readonly commands: string;
  readonly prints: readonly string[];
}

let database: Awaited<ReturnType<typeof freshDatabase>>;
let data = "";

beforeAll(async () => {
  database = await freshDatabase();
  data = mkdtempSync(join(inject("runFolder"), "how-to-"));
  for (const folder of ["changing", "supper"]) await initialisedFolder(join(data, folder));
});
afterAll(async () => {
  await database.drop();
});

it("finds the pages", () => {
  expect(pages).toContain("how-to/dead-letters.md");
  expect(pages).toContain("guide/getting-started.md");
});

it("a line of code on a page stands in an example that runs", () => {
  const examples = globSync("examples/**/*.ts", { cwd: docs }).map((file) =>
    readFileSync(join(docs, file), "utf8"),
  );
  const lines = new Set(examples.flatMap((text) => text.split("\n").map(plain)));
  for (const page of pages) {
    const text = readFileSync(join(docs, page), "utf8");
    const code = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].flatMap(([, block = ""]) => block.split("\n"));
    expect(
      code.map(plain).filter((line) => !lines.has(line)),
      page,
    ).toEqual([]);
  }
});

describe.concurrent.each(pages.filter((one) => !one.endsWith("README.md")))("%s", (page) => {
  // One test for each page: what a command does, the next one builds on.
  it("says what happens", async () => {
    const text = readFileSync(join(docs, page), "utf8");
    const env = text.includes("export QUADRILLE_DATABASE=") ? { QUADRILLE_DATABASE: database.url } : {};
    for (const { commands, prints } of blocksOf(text)) {
      const { code, out } = await run(commands, env);
      expect({ code, out: code === 0 ? "" : out }, commands).toEqual({ code: 0, out: "" });
      expect(missingIn(out, prints), `${commands}\nprinted\n${out}`).toEqual([]);
    }
  });
});

it("the ends that the pages compose are those of the pizza place", () => {
  const { participants: _, ...rest } = toJson(orderLife);
  const { participants, ...ends } = JSON.parse(
    readFileSync(join(root, "docs/examples/order-life-ends.json"), "utf8"),
  ) as Record<string, unknown>;
  expect(participants).toEqual({});
  expect(rest).toMatchObject(ends);
  expect(Object.keys(ends).toSorted()).toEqual(["commands", "ends", "forbidden", "name", "publicEvents"]);
});

function blocksOf(text: string): readonly Block[] {
  return [...text.matchAll(/```sh\n([\s\S]*?)```(?:\n\n```text\n([\s\S]*?)```)?/g)].map(
    ([, commands = "", prints = ""]) => ({
      commands,
      prints: prints.split("\n").filter((line) => line !== ""),
    }),
  );
}

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/**
 * A shell's `npm` and `npx` that start a script of this repository, or Node, as npm does, without the half
 * second that npm takes for it.
 */
const npm = `npx() {
  if [ "$1" != node ]; then echo "npx has no program $1" >&2; return 1; fi
  shift; "${process.execPath}" --liftoff-only "$@"
}
npm() {
  local script="\${1:-}"; shift
  if [ "$script" = run ]; then
    if [ "$1" = -s ]; then shift; fi
    script="$1"; shift
  fi
  if [ "\${1:-}" = -- ]; then shift; fi
  case "$script" in
${Object.entries(scripts)
  .filter(([, line]) => line.startsWith("node "))
  .map(([name, line]) => `    ${name}) "${process.execPath}" --liftoff-only ${line.slice(5)} "$@" ;;`)
  .join("\n")}
    *) echo "npm has no script $script" >&2; return 1 ;;
  esac
}`;

/** Runs commands of a page in a shell, on the test's own database and data. */
function run(
  commands: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly out: string }> {
  const script = commands.replaceAll(".quadrille/", `${data}/`).replace(/^export .*$/m, "");
  return new Promise((resolve) => {
    execFile(
      "bash",
      ["-euo", "pipefail", "-c", `exec 2>&1\n${npm}\n${script}`],
      { cwd: root, env: { ...process.env, NODE_OPTIONS: "", ...env } },
      (error, out) => resolve({ code: error === null ? 0 : Number(error.code ?? -1), out }),
    );
  });
}
