// Whatever stops, and wherever: nothing is lost, nothing happens twice. Every place is tried, one at a time.
import { describe, expect, it } from "vitest";
import { World } from "../../test/engine-world.ts";
import { type Fault, faultyDatabase, processOf } from "../../test/faulty-database.ts";
import { reference } from "../../test/reference-choreographies.ts";
import type { Failpoint } from "../ambient/ambient.ts";
import { fromJson } from "../contract/from-json.ts";
import { command } from "../contract/trigger.ts";
import { QuadrilleError } from "../errors.ts";
import { scriptedServices } from "../testing/scripted.ts";
import type { Answer, Engine } from "./api.ts";

const createOrder = fromJson(reference("create-order"));
const create = command("createOrder");
const sagas = ["one", "two", "three"];

/** Saga three is rejected by the kitchen, two's card is declined. `charged` is the payment provider's ledger. */
function world(): { readonly here: World; readonly charged: Map<string, number> } {
  const charged = new Map<string, number>();
  const services = scriptedServices(createOrder, {
    choose: ({ sagaId, participant, outcomes }) => {
      const refused =
        (sagaId === "three" && participant === "Kitchen") ||
        (sagaId === "two" && participant === "Accounting");
      return outcomes[refused ? 1 : 0] ?? "";
    },
    call: async ({ id }) => {
      charged.set(id, (charged.get(id) ?? 0) + 1);
    },
  });
  // Poll seldom: time passes in few steps.
  const limits = { pollMs: 1_000, laneReloadMs: 1_000 };
  return { here: new World({ choreography: createOrder, services, limits }), charged };
}

/** Sends every order until it is answered, by whichever engine lives. */
async function place(here: World, engine: () => Engine): Promise<ReadonlyMap<string, Answer>> {
  const answers = new Map<string, Answer>();
  const send = async (sagaId: string): Promise<void> => {
    try {
      const options = { sagaId, idempotencyKey: `order ${sagaId}` };
      answers.set(sagaId, await engine().send(create, undefined, options));
    } catch {
      // Asked again below.
    }
  };
  for (const sagaId of sagas) void send(sagaId);
  await here.pass(1_000);
  for (const sagaId of sagas) if (!answers.has(sagaId)) void send(sagaId);
  await here.until(() => answers.size === sagas.length);
  return answers;
}

async function expectDone(here: World, charged: ReadonlyMap<string, number>): Promise<void> {
  await here.until(async () => {
    const states = await Promise.all(sagas.map((sagaId) => here.states(sagaId)));
    const [one, two, three] = states;
    return (
      one?.["Kitchen"] === "AWAITING_ACCEPTANCE" &&
      two?.["Kitchen"] === "REJECTED" &&
      three?.["Accounting"] === "FAILED" &&
      states.every(({ Order }) => Order === "APPROVED" || Order === "REJECTED")
    );
  });
  await here.pass(1_000);
  expect(await here.audit()).toEqual([]);
  expect(new Set(charged.keys()).size).toBe(2);
  for (const name of ["Order", "Consumer", "Kitchen", "Accounting"])
    expect(await here.parked(name)).toEqual([]);
}

describe("a failure that passes", () => {
  const failpoints: readonly Failpoint[] = [
    "batch-decided",
    "flush-committed",
    "activity-started",
    "activity-returned",
  ];
  const cases = failpoints.flatMap((name) => [1, 2, 3, 4, 5, 6].map((nth) => ({ name, nth })));

  it.each(cases)("at $name, time $nth, loses nothing and doubles nothing", async ({ name, nth }) => {
    const { here, charged } = world();
    await using _ = here;
    let seen = 0;
    here.ambient.onFailpoint((at) => {
      if (at !== name) return undefined;
      seen += 1;
      return seen === nth ? Promise.reject(new Error("struck")) : undefined;
    });
    const engine = await here.start();
    const answers = await place(here, () => engine);
    expect([...answers.values()].map(({ status }) => status)).toEqual(["accepted", "accepted", "accepted"]);
    expect([...answers.values()].some((answer) => answer.status === "accepted" && answer.repeated)).toBe(
      false,
    );
    await expectDone(here, charged);
  });
});

/** How often the store is asked while three orders run to their ends without faults. */
async function requests(): Promise<number> {
  const { here, charged } = world();
  await using _ = here;
  let asked = 0;
  const count: Fault = async () => void (asked += 1);
  const engine = await here.start({ database: faultyDatabase(here.database, count) });
  await place(here, () => engine);
  await expectDone(here, charged);
  return asked;
}

describe("a store", () => {
  it("that fails once, at any request, before it or after, loses nothing and doubles nothing", async () => {
    const all = await requests();
    for (let nth = 1; nth <= Math.min(all, 120); nth += 1) {
      const { here, charged } = world();
      await using _ = here;
      let asked = 0;
      // Opening and reading the tables must work once for the engine to start; from then on anything may fail.
      const fault: Fault = async ({ method, phase }) => {
        asked += 1;
        if (asked !== nth) return;
        throw new QuadrilleError("Q_STORE_UNREACHABLE", `lost ${phase} ${method}`, { retryable: true });
      };
      const engine = await here.start({ database: faultyDatabase(here.database, fault) });
      const answers = await place(here, () => engine);
      expect([...answers.values()].map((one) => one.status === "accepted" && one.repeated)).toEqual([
        false,
        false,
        false,
      ]);
      await expectDone(here, charged);
    }
  });

  it("whose answer to a flush is lost, and whose next answers too, leaves no doubt in the end", async () => {
    for (let lost = 1; lost <= 6; lost += 1) {
      const { here, charged } = world();
      await using _ = here;
      let left = 0;
      let flushes = 0;
      const fault: Fault = async ({ method, phase }) => {
        if (method === "flush" && phase === "after" && (flushes += 1) === lost) left = 4;
        if (left <= 0) return;
        left -= 1;
        throw new QuadrilleError("Q_STORE_UNREACHABLE", `lost ${phase} ${method}`, { retryable: true });
      };
      const engine = await here.start({ database: faultyDatabase(here.database, fault) });
      const answers = await place(here, () => engine);
      expect([...answers.values()].map((one) => one.status === "accepted" && one.repeated)).toEqual([
        false,
        false,
        false,
      ]);
      await expectDone(here, charged);
    }
  });
});

describe("a process", () => {
  it("that ends at any request, before it or after, leaves everything to the next one", async () => {
    const all = await requests();
    for (let nth = 1; nth <= Math.min(all, 120); nth += 1) {
      const { here, charged } = world();
      await using _ = here;
      let asked = 0;
      const victim = processOf(async () => {
        asked += 1;
        if (asked === nth) victim.crash();
      });
      // An engine that starts on a process which ends meanwhile never comes to be.
      const started = here.start({ database: faultyDatabase(here.database, victim.fault) });
      await here.calm();
      const heir = (): Promise<Engine> => here.start();
      let engine = victim.crashed() ? await heir() : await started;
      for (const sagaId of sagas)
        void engine
          .send(create, undefined, { sagaId, idempotencyKey: `order ${sagaId}` })
          .catch(() => undefined);
      await here.pass(1_000);
      engine = await heir();
      const living = engine;
      await place(here, () => living);
      await expectDone(here, charged);
      here.abandon();
    }
  });
});

describe("two processes on one database: two processes own the same work and disagree (dbos-transact-ts #1205)", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "overtake each other and lose or double nothing (seed %i)",
    async (seed) => {
      const { here, charged } = world();
      await using _ = here;
      const random = (): number => here.ambient.random();
      const dither: Fault = async () => {
        for (let ticks = Math.floor(random() * seed * 4); ticks > 0; ticks -= 1) await Promise.resolve();
      };
      const database = faultyDatabase(here.database, dither);
      const engines = [await here.start({ database }), await here.start({ database })];
      let next = 0;
      await place(here, () => engines[(next += 1) % 2] as Engine);
      await expectDone(here, charged);
    },
  );

  it("and one that goes on when the other has ended finds what it left behind", async () => {
    const { here, charged } = world();
    await using _ = here;
    const victim = processOf();
    const first = await here.start({ database: faultyDatabase(here.database, victim.fault) });
    await here.start();
    for (const sagaId of sagas) void first.send(create, undefined, { sagaId });
    here.ambient.onFailpoint((name) => {
      if (name === "activity-started") victim.crash();
      return undefined;
    });
    await here.pass(10_000);
    await expectDone(here, charged);
    here.abandon();
  });
});
