// Builds what is published: the compiled modules of a program. No code imports their types, so there are no
// declarations, `package:check` leaves the entry `main` out, and the library's need not be built first:
// `npm run typecheck` has read the types from its sources. `node build.ts [folder]` writes to `dist`, or to
// the folder given.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";

const root = import.meta.dirname;
const target = resolve(process.argv[2] ?? join(root, "dist"));
const tsc = join(root, "../../node_modules/.bin/tsc");

rmSync(target, { recursive: true, force: true });
execFileSync(tsc, ["-p", join(root, "tsconfig.build.json"), "--outDir", target], { stdio: ["ignore", 2, 2] });
