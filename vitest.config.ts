// The test tiers, distinguished by file name: unit (no I/O, seconds), sweep (no I/O, many cases), sim
// (seeds), int (PostgreSQL), e2e (processes, browser).
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";
import { isSweep } from "./test/sweep.ts";

const roots = "{packages,apps,bench,test}";
const conditions = ["quadrille-source", ...defaultServerConditions];
const slowTiers = ["sweep", "int", "sim", "e2e"];

/** The tier's project: its files, its time limits, and the database server when the tier needs one. */
function tier(name: string, options: { readonly testTimeout: number; readonly database: boolean }) {
  const unit = name === "unit";
  return {
    extends: true as const,
    test: {
      name,
      include: [unit ? `${roots}/**/*.test.ts` : `${roots}/**/*.${name}.test.ts`],
      exclude: [
        "**/node_modules/**",
        "**/dist/**",
        ...(unit ? slowTiers.map((slow) => `**/*.${slow}.test.ts`) : []),
      ],
      testTimeout: options.testTimeout,
      // The limit finds what never comes; Vitest's own, a second, is short on a machine that does much else.
      expect: { poll: { timeout: options.testTimeout / 2 } },
      // Processes that tests start find the modules as the last ones have compiled them.
      env: { NODE_COMPILE_CACHE: join(import.meta.dirname, "node_modules/.cache/node") },
      // PGlite's code is compiled once and quickly: no test works long enough to gain from compiling it well,
      // but those of a sweep.
      execArgv: isSweep ? [] : ["--liftoff-only"],
      // What starts no process leaves nothing behind in its own: the files share one, and what it has loaded.
      isolate: name === "e2e",
      hookTimeout: options.testTimeout,
      globalSetup: options.database ? ["test/postgres-setup.ts"] : [],
    },
  };
}

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ["quadrille-source"] } },
  test: {
    // One more than there are cores: tests that wait leave theirs to others.
    maxWorkers: availableParallelism() + 1,
    projects: [
      tier("unit", { testTimeout: 60_000, database: false }),
      tier("sweep", { testTimeout: 300_000, database: false }),
      tier("int", { testTimeout: 300_000, database: true }),
      tier("sim", { testTimeout: 300_000, database: false }),
      tier("e2e", { testTimeout: 300_000, database: true }),
    ],
  },
});
