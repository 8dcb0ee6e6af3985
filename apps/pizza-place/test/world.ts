// For tests: a pizza place on a database of its own, served on a free port, with a provider whose answers can
// be held back.
import { type Database, systemAmbient } from "quadrille";
import { freshPglite } from "../../../test/pglite.ts";
import { postgresDatabase } from "quadrille/postgres";
import { freshDatabase } from "../../../test/postgres.ts";
import { makeApi } from "../src/http/api.ts";
import { listenHttp } from "../src/http/server.ts";
import type { PaymentProvider } from "../src/payment-provider/provider.ts";
import { startSystem, type System } from "../src/composition/system.ts";

/** The databases that everything must run on. */
export const databases = ["PGlite", "PostgreSQL"] as const;
export type DatabaseKind = (typeof databases)[number];

/** An empty database, and what removes it. */
export async function emptyDatabase(
  kind: DatabaseKind,
): Promise<{ readonly database: Database; readonly drop: () => Promise<void> }> {
  if (kind === "PGlite") return { database: await freshPglite(), drop: async () => {} };
  const { url, drop } = await freshDatabase();
  return { database: await postgresDatabase({ url }), drop };
}

/** A served pizza place. */
export interface TestWorld extends AsyncDisposable {
  readonly system: System;
  readonly url: string;
  /** Makes the provider wait before it takes anything, until the returned function is called. */
  holdProvider(): () => void;
}

/** Starts a place with the default seed on an empty database. */
export async function startWorld(kind: DatabaseKind): Promise<TestWorld> {
  const { database, drop } = await emptyDatabase(kind);
  const ambient = systemAmbient();
  let held: Promise<void> | undefined;
  const aroundProvider = (provider: PaymentProvider): PaymentProvider => ({
    authorize: async (request, signal) => {
      await held;
      return await provider.authorize(request, signal);
    },
  });
  const system = await startSystem({ database, seed: 1, ambient, aroundProvider });
  const stopping = new AbortController();
  const api = makeApi(system.place, { clock: ambient.clock, stopping: stopping.signal, log: console.error });
  const server = await listenHttp({ port: 0, clock: ambient.clock });
  server.serve(api);
  return {
    system,
    url: server.url,
    holdProvider: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return () => {
        held = undefined;
        resolve();
      };
    },
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await server.close();
      await system.engine.drain();
      await database[Symbol.asyncDispose]();
      await drop();
    },
  };
}
