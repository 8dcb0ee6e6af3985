// The whole year in stepped time, twice: the books agree to the cent, and the journals are the same in every
// column.
import { pgliteDatabase } from "quadrille/pglite";
import { yearOrders } from "../src/programs/start/options.ts";
import { expect, it } from "vitest";
import { isSweep } from "../../../test/sweep.ts";
import { digestsIn, replayed } from "./stepped-year.ts";

it.runIf(isSweep)("two runs of the year write the same journals", { timeout: 1_800_000 }, async () => {
  const run = async () => {
    await using database = await pgliteDatabase();
    const { report } = await replayed(database, { orders: yearOrders });
    expect(report).toMatchObject({ green: true, orders: yearOrders, live: 0 });
    return await digestsIn(database);
  };
  const first = await run();
  expect(Object.keys(first)).toHaveLength(4);
  expect(await run()).toEqual(first);
});
