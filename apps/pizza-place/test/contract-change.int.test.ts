// The data of one contract meet another one: it is refused before anything is written, or it goes on and
// counts as finished what is finished.
import { systemAmbient } from "quadrille";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startSystem } from "../src/composition/system.ts";
import type { ContractName } from "../src/shared/contract-name.ts";
import { replayed } from "./stepped-year.ts";
import { emptyDatabase } from "./world.ts";

describe("data of another contract", () => {
  let opened: Awaited<ReturnType<typeof emptyDatabase>>;
  beforeEach(async () => {
    opened = await emptyDatabase("PGlite");
  });
  afterEach(async () => {
    await opened.database[Symbol.asyncDispose]();
    await opened.drop();
  });

  const startWith = (contract: ContractName) =>
    startSystem({
      database: opened.database,
      seed: 1,
      ambient: systemAmbient(() => undefined),
      contract,
      time: { of: "orders" },
    });

  it.each([
    ["life", "careful"],
    ["careful", "life"],
  ] as const)("of %s are refused by %s, and nothing is written", async (of, wanted) => {
    await replayed(opened.database, { orders: 12, contract: of });
    await expect(startWith(wanted)).rejects.toThrow(
      new RegExp(
        `^The data were made with --contract ${of}, and ${wanted} cannot go on with them: [^.]*\\.$`,
      ),
    );
    for (const name of ["Order", "Consumer", "Kitchen", "Accounting"]) {
      const store = await opened.database.inspect({ name });
      expect(await store.generations(), name).toHaveLength(1);
    }
    const { report } = await replayed(opened.database, { orders: 20 });
    expect(report).toMatchObject({ green: true, orders: 20, live: 0 });
  });

  it("of life are gone on with by deadline: what is finished counts as finished", async () => {
    await replayed(opened.database, { orders: 20, contract: "life" });
    const system = await startWith("deadline");
    const { before } = system;
    await system.engine.drain();
    expect(before).toMatchObject({ placed: 20, inFlight: 0 });
    expect(before.cancelled).toBeGreaterThan(0);
    const { report } = await replayed(opened.database, { orders: 30 });
    expect(report).toMatchObject({ green: true, orders: 30, live: 0 });
  });

  it("may be of another contract as long as there is no order", async () => {
    const first = await startWith("life");
    await first.engine.drain();
    const { report } = await replayed(opened.database, { orders: 5, contract: "careful" });
    expect(report).toMatchObject({ green: true, orders: 5, live: 0 });
  });
});
