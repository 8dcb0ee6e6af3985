// On every store and on every way to a handler, a payload has been parsed once: the cases that run on each of
// them.
import { expect } from "vitest";
import { soon, within } from "../../../test/soon.ts";
import type { Service } from "../src/contract/handler.ts";
import type { Engine } from "../src/engine/message/api.ts";
import { startEngine } from "../src/engine/engine.ts";
import type { Database } from "../src/store/database.ts";
import { gate } from "./engine-world.ts";
import { buy, pricing, pricingServices, releaseTill, type Seen } from "./pricing-choreography.ts";

/** One way for payloads to come to their handlers. */
export interface PayloadWay {
  readonly name: string;
  /** Runs the saga to its end. */
  readonly run: (database: Database, saga: { readonly sagaId: string }) => Promise<void>;
}

/** What each handler must see: 100 times what was given, and not 10,000 times. */
const once: Seen = { command: [900], result: [200], data: [300], charged: [500], shipped: [500, 700] };

const engineOn = (database: Database, services: readonly Service[]): Promise<Engine> =>
  startEngine({ choreography: pricing, services, database, limits: { backoffMs: 5, pollMs: 20 } });

const settled = async (engine: Engine, { sagaId }: { readonly sagaId: string }): Promise<void> => {
  const end = await engine.saga(sagaId).ended({ signal: soon() });
  expect(end?.end).toBe("sold");
};

/** All ways. */
export const payloadWays: readonly PayloadWay[] = [
  {
    name: "in one process, handed over in memory and deferred",
    run: async (database, saga) => {
      const { services, seen } = pricingServices();
      await using engine = await engineOn(database, services);
      await engine.send(buy, { amount: 9 }, saga);
      await engine.send(releaseTill, saga);
      await settled(engine, saga);
      expect(seen).toEqual(once);
    },
  },
  {
    name: "after every handler has thrown once",
    run: async (database, saga) => {
      const { services, seen } = pricingServices(new Set(["Shop", "Till", "Depot"]));
      await using engine = await engineOn(database, services);
      await engine.send(releaseTill, saga);
      await engine.send(buy, { amount: 9 }, saga);
      await settled(engine, saga);
      expect(seen).toEqual(once);
    },
  },
  {
    name: "read from the journal by a process of its own",
    run: async (database, saga) => {
      const { services, seen } = pricingServices();
      await using shop = await engineOn(database, [services[0]]);
      await using till = await engineOn(database, [services[1]]);
      await using depot = await engineOn(database, [services[2]]);
      await till.send(releaseTill, saga);
      await shop.send(buy, { amount: 9 }, saga);
      await settled(depot, saga);
      expect(seen).toEqual(once);
    },
  },
  {
    name: "from a call that came back after its engine had stopped",
    run: async (database, saga) => {
      const slow = gate();
      const before = pricingServices(new Set(), () => slow.opened);
      {
        await using engine = await engineOn(database, before.services);
        await engine.send(buy, { amount: 9 }, saga);
        await engine.send(releaseTill, saga);
      }
      slow.open();
      const store = await database.inspect({ name: "Shop" });
      await expect.poll(() => store.parked({ limit: 1 }), within).toHaveLength(1);
      const never = gate();
      const { services, seen } = pricingServices(new Set(), () => never.opened);
      await using engine = await engineOn(database, services);
      await settled(engine, saga);
      expect({ ...seen, command: before.seen.command }).toEqual(once);
    },
  },
  {
    name: "with a restart after each step",
    run: async (database, saga) => {
      const { services, seen } = pricingServices();
      {
        await using shop = await engineOn(database, [services[0]]);
        await shop.send(buy, { amount: 9 }, saga);
        await shop.idle({ signal: soon() });
      }
      {
        await using others = await engineOn(database, [services[1], services[2]]);
        await others.idle({ signal: soon() });
      }
      await using till = await engineOn(database, [services[1]]);
      await till.send(releaseTill, saga);
      await settled(till, saga);
      expect(seen).toEqual(once);
    },
  },
];
