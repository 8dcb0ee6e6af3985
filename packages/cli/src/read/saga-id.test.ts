// A saga's id on the command line: exact first, then the beginning of one id only.
import { expect, it } from "vitest";
import { sagaIdOf } from "./saga-id.ts";

const of = (ids: readonly string[], given: string) =>
  sagaIdOf(
    {
      sagaIds: async (prefix, limit) =>
        ids
          .filter((id) => id.startsWith(prefix))
          .toSorted()
          .slice(0, limit),
    },
    given,
  );
const many = Array.from({ length: 12 }, (_, n) => `order-${String(n + 1).padStart(2, "0")}`);

it("is the whole id, also where others begin with it, and however short it is", async () => {
  expect(await of(["order", "order-1"], "order")).toBe("order");
  expect(await of(["a", "ab"], "a")).toBe("a");
});

it("may be the beginning of one id only", async () => {
  expect(await of(["order-17", "table-4"], "orde")).toBe("order-17");
  expect(await of(["日本語の注文", "table-4"], "日本語の")).toBe("日本語の注文");
});

it.each([
  [
    ["order-17"],
    "ord",
    "No participant knows the saga ord: give at least 4 characters of an id, or all of them.",
  ],
  [
    ["order-17"],
    "orders",
    "No participant knows the saga orders: quadrille sagas lists those that there are.",
  ],
  [["order-1", "order-2"], "order", "2 sagas begin with order: order-1, order-2. Give more of the id."],
  [
    many.slice(0, 10),
    "order",
    `10 sagas begin with order: ${many.slice(0, 10).join(", ")}. Give more of the id.`,
  ],
  [
    many,
    "order",
    `More than 10 sagas begin with order: ${many.slice(0, 10).join(", ")}, …. Give more of the id.`,
  ],
])("of %j, %s is refused with a sentence", async (ids, given, message) => {
  await expect(of(ids, given)).rejects.toThrow(expect.objectContaining({ message, exitCode: 1 }));
});
