// Starts the one PostgreSQL of a test run, shared by all tiers that need a database, and stops it after the
// last of them. Makes the run's folder for data of PGlite, and removes it then.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { type PostgresServer, startPostgres, unsynced } from "./embedded-postgres.ts";
import { quickFolder } from "./quick-folder.ts";

/**
 * Each tier loads this file in its own module graph, so the count of users and the server live on the
 * process.
 */
interface Shared {
  users: number;
  server: Promise<PostgresServer> | undefined;
  folder: string;
}
const key = Symbol.for("quadrille.test.postgres");

function shared(): Shared {
  const holder = process as unknown as { [key]?: Shared };
  holder[key] ??= { users: 0, server: undefined, folder: "" };
  return holder[key];
}

/** Vitest's global setup: provides `postgresUrl` and `pgliteFolder` to the tier's tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const state = shared();
  if (state.users === 0) state.folder = mkdtempSync(join(quickFolder(), "quadrille-run-"));
  state.users += 1;
  state.server ??= startPostgres({ settings: unsynced, parentDirectory: quickFolder() });
  project.provide("postgresUrl", (await state.server).url);
  project.provide("pgliteFolder", state.folder);
  return async () => {
    state.users -= 1;
    if (state.users > 0) return;
    rmSync(state.folder, { recursive: true, force: true });
    const server = await state.server;
    state.server = undefined;
    await server?.stop();
  };
}
