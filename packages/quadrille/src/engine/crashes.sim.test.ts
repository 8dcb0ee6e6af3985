// Whatever stops, and wherever: nothing is lost, nothing happens twice. Every request is tried, one at a
// time.
import { describe, expect, it } from "vitest";
import { type Fault, faultyDatabase, processOf } from "../../test/faulty-database.ts";
import { create, expectDone, ordersWorld, place, sagas } from "../../test/three-orders.ts";
import { QuadrilleError } from "../errors.ts";
import type { Engine } from "./message/api.ts";

/** How often the store is asked while three orders run to their ends without faults. */
async function requests(): Promise<number> {
  const { here, charged } = ordersWorld();
  await using _ = here;
  let asked = 0;
  const count: Fault = async () => void (asked += 1);
  const engine = await here.start({ database: faultyDatabase(here.database, count) });
  await place(here, () => engine);
  await expectDone(here, charged);
  return asked;
}

/** Three orders take effect once each, whatever the store does. */
async function expectOnce(fault: Fault): Promise<void> {
  const { here, charged } = ordersWorld();
  await using _ = here;
  const engine = await here.start({ database: faultyDatabase(here.database, fault) });
  const answers = [...(await place(here, () => engine)).values()];
  expect(answers.map((one) => one.status === "accepted" && one.repeated)).toEqual([false, false, false]);
  await expectDone(here, charged);
}

const unreachable = (what: string): Error =>
  new QuadrilleError("Q_STORE_UNREACHABLE", what, { retryable: true });

describe("a store", () => {
  it("that fails once, at any request, before it or after, loses nothing and doubles nothing", async () => {
    const all = await requests();
    for (let nth = 1; nth <= Math.min(all, 120); nth += 1) {
      let asked = 0;
      // Opening and reading the tables must work once for the engine to start; from then on anything may
      // fail.
      const fault: Fault = async ({ method, phase }) => {
        asked += 1;
        if (asked !== nth) return;
        throw unreachable(`lost ${phase} ${method}`);
      };
      await expectOnce(fault);
    }
  });

  it("whose answer to a flush is lost, and whose next answers too, leaves no doubt in the end", async () => {
    for (let lost = 1; lost <= 6; lost += 1) {
      let left = 0;
      let flushes = 0;
      const fault: Fault = async ({ method, phase }) => {
        if (method === "flush" && phase === "after" && (flushes += 1) === lost) left = 4;
        if (left <= 0) return;
        left -= 1;
        throw unreachable(`lost ${phase} ${method}`);
      };
      await expectOnce(fault);
    }
  });
});

describe("a process", () => {
  it("that ends at any request, before it or after, leaves everything to the next one", async () => {
    const all = await requests();
    for (let nth = 1; nth <= Math.min(all, 120); nth += 1) {
      const { here, charged } = ordersWorld();
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
        void engine.send(create, { sagaId, idempotencyKey: `order ${sagaId}` }).catch(() => undefined);
      await here.pass(1_000);
      engine = await heir();
      const living = engine;
      await place(here, () => living);
      await expectDone(here, charged);
      here.abandon();
    }
  });
});
