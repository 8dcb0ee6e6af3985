// Findings about a contract in code have a file and a line, where its text shows them.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCli, spawnCli } from "../test/run-cli.ts";

const index = JSON.stringify(join(import.meta.dirname, "../../quadrille/src/index.ts"));
const builders = `import { choreography, command, event, ignore, lock, on, participant, to } from ${index};`;
let folder = "";

/** A choreography of two modules in a folder of its own: a loaded module is not loaded again. */
async function written(name: string, none: string): Promise<string> {
  const cwd = join(folder, name);
  await mkdir(cwd);
  await writeFile(
    join(cwd, "shop.ts"),
    `${builders}
export const Asked = event("Asked");
export const shop = participant("Shop", { entity: "Shop", initial: "none", states: {
  none: [${none}],
  OPEN: [on(Asked, to("OPEN"))],
} });
`,
  );
  await writeFile(
    join(cwd, "choreography.ts"),
    `${builders}
import { Asked, shop } from "./shop.ts";
const ask = command("ask");
const guest = participant("Guest", {
  entity: "Guest",
  initial: "none",
  states: {
    none: [on(ask, to("WAITS").emits(Asked))],
    WAITS: lock([]),
  },
});
export const visit = choreography("Visit", { participants: [guest, shop], ends: { open: { Shop: "OPEN" } } });
`,
  );
  return cwd;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quadrille-lines-"));
});
afterAll(() => rm(folder, { recursive: true }));

it("in the module that is checked, and in the one that it imports", async () => {
  const { out: stuck } = await runCli(["check", "choreography.ts"], { cwd: await written("stuck", "") });
  expect(stuck).toContain("at /participants/Shop/states/none/on/Asked (shop.ts:4)");
  const cwd = await written("waits", "ignore(Asked)");
  const { out } = await runCli(["check", "choreography.ts"], { cwd });
  expect(out).toContain("at /participants/Shop/states/OPEN (shop.ts:5)");
  expect(out).toContain("at /participants/Guest/states/WAITS (choreography.ts:9)");
  expect(out).toContain("  at /ends\n");
});

it("in SARIF, too", async () => {
  const { out } = await runCli(["check", "--sarif", "choreography.ts"], { cwd: await written("sarif", "") });
  expect(out).toMatch(/"uri": "shop\.ts"\s*\},\s*"region": \{\s*"startLine": 4/);
});

it.each([
  ["syntax.ts", "const a = 1;\nconst b = = 2;\n", /^syntax\.ts cannot be loaded: .+ \(syntax\.ts:2\)\.\n$/],
  [
    "colours.ts",
    'throw new Error("\\u001B[31mNo errors.\\u001B[0m");\n',
    /^colours\.ts cannot be loaded: \\u001b\[31mNo errors\.\\u001b\[0m \(colours\.ts:1\)\.\n$/,
  ],
  ["throws.ts", "\n\nnull.states;\n", /^throws\.ts cannot be loaded: .+ \(throws\.ts:3\)\.\n$/],
  [
    "duration.ts",
    `import { after, to } from ${index};\n\nexport const late = after("15min", to("LATE"));\n`,
    /^duration\.ts cannot be loaded: "15min" is not a duration; .+ \(duration\.ts:3\)\.\n$/,
  ],
  ["imports.ts", 'export * from "./syntax.ts";\n', /^imports\.ts cannot be loaded: .+ \(syntax\.ts:2\)\.\n$/],
])("of what does not load, wherever that is: %s", async (name, code, sentence) => {
  const cwd = join(folder, `load-${name}`);
  await mkdir(cwd);
  await writeFile(join(cwd, "syntax.ts"), "const a = 1;\nconst b = = 2;\n");
  await writeFile(join(cwd, name), code);
  const { code: exit, err } = await spawnCli(["check", name], { cwd });
  expect(exit).toBe(2);
  expect(err).toMatch(sentence);
});

it("of what a rule refuses, in code and in JSON", async () => {
  const cwd = join(folder, "refused");
  await mkdir(cwd);
  await writeFile(
    join(cwd, "gone.ts"),
    `${builders}
const ask = command("ask");
const shop = participant("Shop", { entity: "Shop", initial: "none", states: {
  none: [on(ask, to("GONE"))],
} });
export const visit = choreography("Visit", { participants: [shop], ends: {} });
`,
  );
  const states = { none: { commands: { ask: { to: "GONE" } } } };
  await writeFile(
    join(cwd, "gone.json"),
    JSON.stringify(
      { name: "Visit", participants: { Shop: { initial: "none", states } }, ends: [] },
      undefined,
      1,
    ),
  );
  const [inCode, inJson] = await Promise.all([
    runCli(["check", "gone.ts"], { cwd }),
    runCli(["check", "gone.json"], { cwd }),
  ]);
  expect(inCode?.err).toContain("gone.ts at /participants/Shop/states/none/commands/ask (gone.ts:4): ");
  expect(inJson?.err).toMatch(
    /^gone\.json at \/participants\/Shop\/states\/none\/commands\/ask \(gone\.json:9\): /,
  );
});
