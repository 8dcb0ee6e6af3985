// Sets of messages when a handler never ends, and when the store or the process fails at any request.
import { describe, expect, it } from "vitest";
import { World } from "../../../test/engine-world.ts";
import { type Fault, faultyDatabase, processOf } from "../../../test/faulty-database.ts";
import { ownTableDatabase } from "../../../test/own-table-database.ts";
import { add, type Asked, order, shelf, shelfServices } from "../../../test/shelf-choreography.ts";
import { QuadrilleError } from "../../errors.ts";
import type { Engine } from "../message/api.ts";

const sagas = ["a", "b", "c", "d", "e"];

interface ShelfWorld {
  readonly here: World;
  readonly asked: Asked[];
  readonly taken: () => ReadonlyMap<string, number>;
}

function shelfWorld(): ShelfWorld {
  const { database, taken } = ownTableDatabase();
  const asked: Asked[] = [];
  const services = shelfServices(asked, (_, hows) =>
    hows.includes("never") ? new Promise(() => undefined) : undefined,
  );
  return { here: new World({ choreography: shelf, services, database }), asked, taken };
}

/** Five orders of one, two, … pieces, and one piece more for each; every command has an idempotency key. */
async function shop(
  engine: Engine,
  { here }: ShelfWorld,
  hows: Readonly<Record<string, string>> = {},
): Promise<void> {
  const send = (command: typeof order, quantity: number, sagaId: string): Promise<unknown> =>
    engine
      .send(
        command,
        { quantity, how: hows[sagaId] ?? "fine" },
        { sagaId, idempotencyKey: `${command.name} ${sagaId}` },
      )
      .catch(() => undefined);
  for (const [index, sagaId] of sagas.entries()) void send(order, index + 1, sagaId);
  await here.pass(5_000);
  for (const sagaId of sagas)
    void engine
      .send(add, { quantity: 1, how: "fine" }, { sagaId, idempotencyKey: `add ${sagaId}` })
      .catch(() => undefined);
  await here.pass(5_000);
}

const all = new Map(sagas.map((sagaId, index) => [sagaId, index + 2]));

async function expectDone({ here, taken }: ShelfWorld): Promise<void> {
  expect(new Map(taken())).toEqual(all);
  const entities = await (await here.store("Stock")).load(sagas);
  for (const [sagaId, pieces] of all) expect(entities.get(sagaId)?.data).toEqual({ pieces });
  expect(await here.audit()).toEqual([]);
}

async function requests(): Promise<number> {
  const world = shelfWorld();
  await using here = world.here;
  let count = 0;
  const database = faultyDatabase(here.database, async () => void (count += 1));
  await shop(await here.start({ database }), world);
  await expectDone(world);
  return count;
}

describe("a set of messages", () => {
  it("of which one never ends is halved until that one is alone, each half within the time limit", async () => {
    const world = shelfWorld();
    await using here = world.here;
    const engine = await here.start({ limits: { transactMsMax: 1_000, attemptsMax: 1 } });
    await shop(engine, world, { d: "never" });
    const parked = await here.parked("Stock");
    expect(parked.map(({ key, error }) => [key, error?.code])).toEqual([["d", "Q_HANDLER_TIMED_OUT"]]);
    expect([...world.taken().keys()].toSorted()).toEqual(["a", "b", "c", "e"]);
  });

  it("loses nothing and takes nothing twice when the store fails once, at any request, before it or after", async () => {
    const count = await requests();
    for (let nth = 1; nth <= count; nth += 1) {
      const world = shelfWorld();
      await using here = world.here;
      let asked = 0;
      const fault: Fault = async ({ method, phase }) => {
        asked += 1;
        if (asked === nth)
          throw new QuadrilleError("Q_STORE_UNREACHABLE", `lost ${phase} ${method}`, { retryable: true });
      };
      const engine = await here.start({ database: faultyDatabase(here.database, fault) });
      await shop(engine, world);
      await shop(engine, world);
      await expectDone(world);
    }
  });

  it("leaves everything to the next process where its own ends, at any request, before it or after", async () => {
    const count = await requests();
    for (let nth = 1; nth <= count; nth += 1) {
      const world = shelfWorld();
      await using here = world.here;
      let asked = 0;
      const victim = processOf(async () => {
        asked += 1;
        if (asked === nth) victim.crash();
      });
      const started = here.start({ database: faultyDatabase(here.database, victim.fault) });
      await here.calm();
      if (!victim.crashed()) await shop(await started, world);
      here.abandon();
      await shop(await here.start(), world);
      await expectDone(world);
    }
  });

  it("goes the same way twice", async () => {
    const journals = await Promise.all(
      [1, 2].map(async () => {
        const world = shelfWorld();
        await using here = world.here;
        await shop(await here.start(), world, { b: "error" });
        const store = await here.store("Stock");
        return [
          world.asked,
          (await store.read(0, 0, 1_000)).map(({ position, key, emitted }) => ({ position, key, emitted })),
        ];
      }),
    );
    expect(journals[1]).toEqual(journals[0]);
  });
});
