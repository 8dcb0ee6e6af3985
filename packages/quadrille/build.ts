// Builds what is published: the compiled modules with their declarations, and the SQL files beside them that
// are read as text. `node build.ts [folder]` writes to `dist`, or to the folder given.
import { execFileSync } from "node:child_process";
import { cpSync, globSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

const root = import.meta.dirname;
const source = join(root, "src");
const target = resolve(process.argv[2] ?? join(root, "dist"));
const tsc = join(root, "../../node_modules/.bin/tsc");

rmSync(target, { recursive: true, force: true });
execFileSync(tsc, ["-p", join(root, "tsconfig.build.json"), "--outDir", target], { stdio: ["ignore", 2, 2] });
for (const file of globSync("**/*.sql", { cwd: source })) {
  cpSync(join(source, file), join(target, file));
}
