// Two programs that start at once on an empty database make and fill the services' tables together.
import { afterAll, beforeAll, expect, it } from "vitest";
import { readOrders } from "../src/data-set/orders.ts";
import { setUp } from "../src/composition/set-up.ts";
import { sqlOf } from "../src/database/sql.ts";
import { emptyDatabase } from "./world.ts";

let opened: Awaited<ReturnType<typeof emptyDatabase>>;
beforeAll(async () => {
  opened = await emptyDatabase("PostgreSQL");
});
afterAll(async () => {
  await opened.database[Symbol.asyncDispose]();
  await opened.drop();
});

it("takes turns with another program, and both go on with one seed", async () => {
  const sql = sqlOf(opened.database);
  const orders = readOrders();
  expect(await Promise.all([1, 2, 3].map(() => setUp(sql, orders, undefined)))).toEqual([1, 1, 1]);
  await expect(setUp(sql, orders, 2)).rejects.toThrow(/^The data were made with --seed 1: /);
});
