// A command takes effect once on PostgreSQL behind a network that cuts connections: the flush whose answer is
// lost arrives later than the connection that asks for it.
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../test/postgres.ts";
import { tcpProxy, through } from "../../../../test/tcp-proxy.ts";
import { add, counting, countingServices, transactingTill } from "../../test/counter-choreography.ts";
import type { Service } from "../contract/handler.ts";
import { mulberry32 } from "../ambient/virtual.ts";
import { systemAmbient } from "../ambient/system.ts";
import { schemaNameOf } from "../store/schema-name-of.ts";
import { postgresDatabase } from "../store/postgres/postgres-database.ts";
import type { Engine } from "./message/api.ts";
import { startEngine } from "./engine.ts";

const random = mulberry32(11);

/**
 * Counts the flushes that were cut off: each reaches the server while the engine looks for it, or before, or
 * after.
 */
function cuts(): {
  readonly lastBytes: (bytes: number) => number | undefined;
  count: number;
  begun: boolean;
} {
  const found = {
    count: 0,
    /** Not before the engines have started. */
    begun: false,
    lastBytes: (bytes: number) => {
      // Nothing else of an engine at work is so large.
      if (!found.begun || bytes < 1_000 || random() > 0.1) return undefined;
      found.count += 1;
      return random() * 60;
    },
  };
  return found;
}

/** What the counter's journal has: commands that took effect, and those that did so more than once. */
interface Counted {
  readonly effects: number;
  readonly twice: number;
}

async function counted(url: string, prefix: string): Promise<Counted> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    `select count(*)::int as effects, (count(*) - count(distinct emitted->0->'data'->>'amount'))::int as twice
     from "${schemaNameOf("till", prefix)}".journal where trigger = 'add'`,
  );
  await client.end();
  return rows[0] as Counted;
}

/**
 * Sends at least a number of commands, each once, `inFlight` at a time over ten sagas, and goes on until
 * enough connections were cut: how many flushes the commands make depends on the machine. Gives how many were
 * sent, and what was not accepted.
 */
async function sendAll(
  engines: readonly Engine[],
  { count, inFlight }: { readonly count: number; readonly inFlight: number },
  hasEnoughCuts: () => boolean,
): Promise<{ readonly sent: number; readonly wrong: readonly unknown[] }> {
  const wrong: unknown[] = [];
  let sent = 0;
  const caller = async (index: number): Promise<void> => {
    const engine = engines[index % engines.length] as Engine;
    while (sent < count || (!hasEnoughCuts() && sent < 20 * count)) {
      const amount = (sent += 1);
      const answer = await engine
        .send(add, { amount }, { sagaId: `saga ${index % 10}` })
        .catch((error: unknown) => error);
      if ((answer as { status?: string }).status !== "accepted") wrong.push(answer);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, index) => caller(index)));
  return { sent, wrong };
}

describe("a command takes effect once on PostgreSQL behind a network that cuts", () => {
  let fresh: FreshDatabase;
  let runs = 0;
  beforeAll(async () => {
    fresh = await freshDatabase();
  });
  afterAll(() => fresh.drop());

  /** Runs engines over the proxy, each with a database of its own, and counts. */
  async function run(how: {
    readonly engines: number;
    readonly services: readonly Service[];
    readonly count: number;
    readonly inFlight: number;
    /** At least this number of connections is to be cut. */
    readonly cutsMin: number;
    readonly lanes?: number;
  }): Promise<Counted & { readonly sent: number; readonly wrong: readonly unknown[] }> {
    const schemaPrefix = `r${(runs += 1)}_`;
    const cut = cuts();
    await using proxy = await tcpProxy(Number(new URL(fresh.url).port), cut.lastBytes);
    await using stack = new AsyncDisposableStack();
    const engines: Engine[] = [];
    for (let nth = 0; nth < how.engines; nth += 1) {
      const database = stack.use(
        await postgresDatabase({ url: through(fresh.url, proxy), connectionsMax: 4, schemaPrefix }),
      );
      engines.push(
        stack.use(
          await startEngine({
            choreography: counting,
            services: how.services,
            database,
            lanes: how.lanes ?? 1,
            ambient: systemAmbient(() => undefined),
            limits: { backoffMs: 1, pauseMsMax: 20 },
          }),
        ),
      );
    }
    cut.begun = true;
    const done = await sendAll(engines, how, () => cut.count >= how.cutsMin);
    expect(cut.count).toBeGreaterThanOrEqual(how.cutsMin);
    return { ...(await counted(fresh.url, schemaPrefix)), ...done };
  }

  it("10,000 in rounds, several a saga in flight: none twice, none refused", {
    timeout: 60_000,
  }, async () => {
    const found = await run({
      engines: 1,
      services: countingServices(),
      count: 10_000,
      inFlight: 60,
      cutsMin: 10,
    });
    expect(found).toEqual({ sent: found.sent, effects: found.sent, twice: 0, wrong: [] });
  });

  it("sent to two engines on one participant: none twice, none refused", { timeout: 60_000 }, async () => {
    const services = countingServices().slice(0, 1);
    const found = await run({ engines: 2, services, count: 1_000, inFlight: 20, cutsMin: 4 });
    expect(found).toEqual({ sent: found.sent, effects: found.sent, twice: 0, wrong: [] });
  });

  it.each([
    ["one engine", 1, 3_000],
    ["two engines", 2, 1_000],
  ])("in seven lanes, of %s: none twice, none refused", { timeout: 60_000 }, async (_, engines, count) => {
    const services = countingServices().slice(0, engines === 1 ? 2 : 1);
    const found = await run({ engines, services, count, inFlight: 30, cutsMin: 4, lanes: 7 });
    expect(found).toEqual({ sent: found.sent, effects: found.sent, twice: 0, wrong: [] });
  });

  it("whose handler uses the transaction: none twice, none refused", { timeout: 60_000 }, async () => {
    const services = [transactingTill()];
    const found = await run({ engines: 1, services, count: 1_000, inFlight: 20, cutsMin: 4 });
    expect(found).toEqual({ sent: found.sent, effects: found.sent, twice: 0, wrong: [] });
  });
});
