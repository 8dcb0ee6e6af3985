// Two choreographies, and whatever stops wherever: each public event starts one saga. Every request is tried,
// one at a time.
import { describe, expect, it } from "vitest";
import { World } from "../../test/engine-world.ts";
import { type Fault, faultyDatabase, processOf } from "../../test/faulty-database.ts";
import { buy, loyalty, loyaltyServices, sale, saleServices } from "../../test/points-system.ts";
import { QuadrilleError } from "../errors.ts";
import type { Engine } from "./message/api.ts";

const buyers = ["ada", "bob", "cleo"];
const requestsMax = 120;

function system(): World {
  const limits = { pollMs: 1_000, renewMs: 1_000 };
  return new World({
    choreographies: [sale, loyalty],
    services: [...saleServices(), ...loyaltyServices()],
    limits,
  });
}

/** Each buys once, however often it is sent. */
async function sell(here: World, engine: () => Engine): Promise<void> {
  const sold = new Set<string>();
  await here.until(async () => {
    for (const sagaId of buyers.filter((one) => !sold.has(one))) {
      const options = { sagaId, idempotencyKey: sagaId };
      void engine()
        .send(buy, { customer: sagaId, cents: 500 }, options)
        .then(() => sold.add(sagaId))
        .catch(() => undefined);
    }
    await here.pass(1_000);
    return sold.size === buyers.length;
  });
}

/** One saga of points for each purchase, and each remembers its own. */
async function expectOneEach(here: World): Promise<void> {
  const points = await here.store("Points");
  const letters = await here.store("Letters");
  await here.until(async () => (await letters.census()).get("SENT") === buyers.length);
  await here.pass(1_000);
  expect(await here.audit()).toEqual([]);
  const sagas = (await points.entities({ limit: 100 })).map(({ sagaId }) => sagaId);
  expect(sagas).toHaveLength(buyers.length);
  const causes = await Promise.all(sagas.map((sagaId) => points.origins({ sagaId })));
  expect(causes.flat().map(({ causedBy }) => causedBy.sagaId)).toEqual(expect.arrayContaining(buyers));
  expect(causes.every((list) => list.length === 1)).toBe(true);
  for (const name of ["Shop", "Till", "Points", "Letters"]) expect(await here.parked(name)).toEqual([]);
}

async function requests(): Promise<number> {
  await using here = system();
  let asked = 0;
  const engine = await here.start({ database: faultyDatabase(here.database, async () => void (asked += 1)) });
  await sell(here, () => engine);
  await expectOneEach(here);
  return asked;
}

describe("a public event starts one saga", () => {
  it("whichever request of the store fails, before it or after", async () => {
    const all = Math.min(await requests(), requestsMax);
    for (let nth = 1; nth <= all; nth += 1) {
      await using here = system();
      let asked = 0;
      const fault: Fault = async ({ method, phase }) => {
        if ((asked += 1) !== nth) return;
        throw new QuadrilleError("Q_STORE_UNREACHABLE", `lost ${phase} ${method}`, { retryable: true });
      };
      const engine = await here.start({ database: faultyDatabase(here.database, fault) });
      await sell(here, () => engine);
      await expectOneEach(here);
    }
  });

  it("wherever its process ends, with another one that goes on, or takes over", async () => {
    const all = Math.min(await requests(), requestsMax);
    for (let nth = 1; nth <= all; nth += 1) {
      const here = system();
      await using _ = here;
      let asked = 0;
      const victim = processOf(async () => {
        if ((asked += 1) === nth) victim.crash();
      });
      const started = here.start({ database: faultyDatabase(here.database, victim.fault) });
      await here.calm();
      let engine = victim.crashed() ? await here.start() : await started;
      for (const sagaId of buyers) {
        void engine
          .send(buy, { customer: sagaId, cents: 500 }, { sagaId, idempotencyKey: sagaId })
          .catch(() => undefined);
      }
      await here.pass(1_000);
      engine = await here.start();
      const living = engine;
      await sell(here, () => living);
      await expectOneEach(here);
      here.abandon();
    }
  });

  it.each([1, 2, 3, 4])(
    "with two processes of all of it that overtake each other (seed %i)",
    async (seed) => {
      await using here = system();
      const dither: Fault = async () => {
        for (let ticks = Math.floor(here.ambient.random() * seed * 4); ticks > 0; ticks -= 1)
          await Promise.resolve();
      };
      const database = faultyDatabase(here.database, dither);
      const engines = [await here.start({ database }), await here.start({ database })];
      let next = 0;
      await sell(here, () => engines[(next += 1) % 2] as Engine);
      await expectOneEach(here);
    },
  );
});
