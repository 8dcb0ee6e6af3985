// Builds `dist` for publishing: the compiled modules with their declarations, and the files beside them that are read as text.
import { execFileSync } from "node:child_process";
import { cpSync, globSync, rmSync } from "node:fs";
import { join } from "node:path";

const root = import.meta.dirname;
rmSync(join(root, "dist"), { recursive: true, force: true });
execFileSync("tsc", ["-p", join(root, "tsconfig.build.json")], { stdio: "inherit" });
for (const file of globSync("**/*.sql", { cwd: join(root, "src") })) {
  cpSync(join(root, "src", file), join(root, "dist", file));
}
