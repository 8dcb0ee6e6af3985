// What a call came back with after its engine has stopped is recorded in every database that is still open.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { soon, within } from "../../../../../test/soon.ts";
import { gate } from "../../../test/engine-world.ts";
import { good, pay, paying, payingWorld } from "../../../test/paying-choreography.ts";
import { kinds, type SharedTables, sharedTables } from "../../../test/shared-tables.ts";
import { startEngine } from "../engine.ts";
import type { Engine } from "../message/api.ts";

describe.each(kinds)("on %s", (kind) => {
  let shared: SharedTables;
  beforeAll(async () => {
    shared = await sharedTables(kind);
  });
  afterAll(() => shared[Symbol.asyncDispose]());

  it("a call that comes back after its engine has stopped is recorded, and not made again", async () => {
    const slow = gate();
    let calls = 0;
    const { services } = payingWorld(async () => {
      calls += 1;
      await slow.opened;
      return good;
    }).options;
    const database = shared.own();
    const start = (): Promise<Engine> => startEngine({ choreography: paying, services, database, lanes: 1 });
    const before = await start();
    const { sagaId } = await before.send(pay);
    await expect.poll(() => calls, within).toBe(1);
    await before[Symbol.asyncDispose]();
    slow.open();
    const store = await database.inspect({ name: "payer" });
    await expect.poll(() => store.parked({ limit: 9 }), within).toMatchObject([{ kind: "activity" }]);
    await using after = await start();
    expect(await after.saga(sagaId).ended({ signal: soon() })).toMatchObject({ end: "paid" });
    expect(calls).toBe(1);
  });
});
