// PostgreSQL and PGlite keep every promise of a store, and the direct transport over them every promise of a
// transport.
import { afterAll, beforeAll, describe, it } from "vitest";
import { type SharedTables, sharedTables } from "../../../test/shared-tables.ts";
import { storeConformance, storeSubject } from "../../testing/store-conformance.ts";
import { transportConformance, type TransportSubject } from "../../testing/transport-conformance.ts";
import { directTransport } from "../../transport/direct.ts";
import { flushOne } from "../../testing/store-samples.ts";
import type { Database } from "../database.ts";
import type { Flush } from "../store.ts";

const participant = "kitchen";

describe.each(["PostgreSQL", "PGlite"] as const)("the store on %s", (kind) => {
  let shared: SharedTables;

  beforeAll(async () => {
    shared = await sharedTables(kind);
  });
  afterAll(() => shared[Symbol.asyncDispose]());

  for (const { name, run } of storeConformance)
    it(name, () => run(storeSubject({ database: shared.own(), participant, sql: true })));
  for (const { name, run } of transportConformance)
    it(name, async () => run(await transportSubject(shared.own())));
});

async function transportSubject(database: Database): Promise<TransportSubject> {
  const store = await database.open({ name: participant, lanes: 2 });
  const transport = directTransport(new Map([[participant, store]]));
  const committed = (): void => transport.announce(participant);
  const flush = (one: Flush) => flushOne({ database, participant }, one);
  return {
    transport,
    source: participant,
    store,
    flush,
    committed,
    pause: () => Promise.resolve(),
    wakes: true,
  };
}
