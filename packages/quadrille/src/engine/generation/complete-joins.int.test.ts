// A contract that needs no more facts than an entity has seen: its join is complete at once, on every store,
// with a plain start as after the change was accepted.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { within } from "../../../../../test/soon.ts";
import { collecting, commands, first } from "../../../test/collected-facts.ts";
import type { World } from "../../../test/engine-world.ts";
import { kinds, type SharedTables, sharedTables } from "../../../test/shared-tables.ts";
import { systemAmbient } from "../../ambient/system.ts";
import { startEngine } from "../engine.ts";
import type { Engine } from "../message/api.ts";
import { acceptContracts } from "./migrate-contracts.ts";

describe.each(kinds)("on %s", (kind) => {
  let shared: SharedTables;
  beforeAll(async () => {
    shared = await sharedTables(kind);
  });
  afterAll(() => shared[Symbol.asyncDispose]());

  const start = ({ choreography, database, options: { services } }: World): Promise<Engine> =>
    startEngine({ choreography, services, database, lanes: 1, ambient: systemAmbient(() => undefined) });

  it.each([
    [3, 2, "a plain start"],
    [3, 2, "acceptance"],
    [12, 3, "a plain start"],
    [12, 3, "acceptance"],
  ])("a join of %i facts that needs %i from now on is complete with %s", async (before, after, how) => {
    const database = shared.own();
    await using old = collecting(first(before), database);
    await using next = collecting(first(after), database);
    const store = async () => database.inspect({ name: "Collector" });
    const state = async () => (await (await store()).load(["s"])).get("s")?.state;
    const engine = await start(old);
    for (const publish of commands.slice(0, after)) await engine.send(publish, { sagaId: "s" });
    const seen = ["none", ...first(after).map(({ name }) => name)].join("+");
    await expect.poll(state, within).toBe(seen);
    await engine[Symbol.asyncDispose]();
    if (how === "acceptance")
      await acceptContracts({ choreographies: [next.choreography], database, ambient: next.ambient });
    await using later = await start(next);
    await expect.poll(state, within).toBe("DONE");
    expect(later.status().map(({ trouble }) => trouble)).toEqual([undefined, undefined]);
    expect(await (await store()).parked({ limit: 9 })).toEqual([]);
    const timeline = await (await store()).timeline("s");
    expect(timeline.at(-1)).toMatchObject({ from: seen, trigger: `F${after - 1}`, to: "DONE" });
  });
});
