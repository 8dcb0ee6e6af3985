// Starts the one PostgreSQL of a test run, shared by all tiers that need a database, and stops it after the
// last of them. Data of PGlite are in its folder, so that they go with it, also where the run is killed.
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
}
const key = Symbol.for("quadrille.test.postgres");

function shared(): Shared {
  const holder = process as unknown as { [key]?: Shared };
  holder[key] ??= { users: 0, server: undefined };
  return holder[key];
}

/** Vitest's global setup: provides `postgresUrl` and `runFolder` to the tier's tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const state = shared();
  state.users += 1;
  state.server ??= startPostgres({ settings: unsynced, parentDirectory: quickFolder() });
  const { url, folder } = await state.server;
  project.provide("postgresUrl", url);
  project.provide("runFolder", folder);
  return async () => {
    state.users -= 1;
    if (state.users > 0) return;
    const server = await state.server;
    state.server = undefined;
    await server?.stop();
  };
}
