// `quadrille check --watch` checks again for changes of the contract, and not for what it writes itself.
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { answers, asks } from "../../quadrille/test/small-choreography.ts";

const main = join(import.meta.dirname, "main.ts");
const index = JSON.stringify(join(import.meta.dirname, "../../quadrille/src/index.ts"));
const contract = JSON.stringify(asks(answers));
const broken = JSON.stringify(asks({ initial: "s", states: { s: { on: { Asked: "never" } } } }));
const quietMs = 700;

it.each([
  { what: "of a JSON file", name: "one.json", text: contract, options: [] },
  {
    what: "of a module",
    name: "one.ts",
    text: `import { fromJson } from ${index};\nexport const one = fromJson(${broken});\n`,
    options: ["--write-tests", "tests"],
  },
])("its own output beside the contract is no change: $what", async ({ name, text, options }) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quadrille-watch-"));
  await writeFile(join(folder.path, "package.json"), "{}");
  await writeFile(join(folder.path, name), text);
  const output = openSync(join(folder.path, "log.txt"), "w");
  const child = spawn(
    process.execPath,
    ["--conditions=quadrille-source", main, "check", "--watch", ...options, name],
    {
      cwd: folder.path,
      stdio: ["ignore", output, "pipe"],
    },
  );
  let checks = 0;
  let look = (): void => undefined;
  child.stderr?.on("data", (data: Buffer) => {
    checks += data.toString().split("Watching").length - 1;
    look();
  });
  const until = (count: number): Promise<void> =>
    new Promise((done) => {
      look = () => (checks >= count ? done() : undefined);
      look();
    });
  try {
    await until(1);
    await new Promise((done) => setTimeout(done, quietMs));
    expect(checks).toBe(1);
    writeFileSync(join(folder.path, name), `${text}\n`);
    await until(2);
    expect(readFileSync(join(folder.path, "log.txt"), "utf8").split("Checked within").length).toBeGreaterThan(
      2,
    );
  } finally {
    child.kill();
    closeSync(output);
  }
});
