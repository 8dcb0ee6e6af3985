// Bad input is one clear sentence that names what and where.
import { describe, expect, it } from "vitest";
import { daysAgo, mozzarella, snapshot, supplier } from "../../test/snapshots.ts";
import { checkSnapshot } from "./check-snapshot.ts";
import { embeddedPlanner } from "./embedded.ts";

const item = (change: object): object => snapshot({ items: [{ ...mozzarella(), ...change }] });
const offer = (change: object): object => item({ offers: [{ ...mozzarella().offers[0], ...change }] });
const demand = (change: object): object => item({ demand: { ...mozzarella().demand, ...change } });
const quantities = (index: number, value: unknown): object =>
  demand({ quantities: mozzarella().demand.quantities.map((one, at) => (at === index ? value : one)) });

const bad: readonly (readonly [string, unknown, string])[] = [
  ["no object", 7, "snapshot is 7; give an object."],
  [
    "a day that is none",
    { ...snapshot(), asOf: "2026-02-30" },
    'asOf is "2026-02-30"; give a day as YYYY-MM-DD.',
  ],
  [
    "no currency",
    { ...snapshot(), currency: "dollars" },
    'currency is "dollars"; give the three letters of ISO 4217, such as "USD".',
  ],
  [
    "negative demand",
    quantities(3, -5),
    "item mozzarella: the demand of 2026-04-05 is -5; it must be a number of 0 or more (a return is not demand).",
  ],
  [
    "a gap within",
    quantities(3, null),
    "item mozzarella: the demand of 2026-04-05 is missing; give 0 for a day without demand, and name days without sales in calendar.closed.",
  ],
  [
    "a gap at the end",
    demand({ from: daysAgo(63) }),
    "item mozzarella: the demand ends on 2026-05-28 and the plan is for 2026-06-01; the 3 days between are missing.",
  ],
  [
    "demand of the future",
    demand({ from: daysAgo(59) }),
    "item mozzarella: the demand goes to 2026-06-01 and the plan is for 2026-06-01; leave out what a planner cannot know yet.",
  ],
  [
    "a stock-out that is not in the history",
    demand({ stockOuts: [daysAgo(90)] }),
    "item mozzarella: demand.stockOuts[0] is 2026-03-03, which is not in the item's history.",
  ],
  ["an unknown unit", item({ unit: "lb" }), 'item mozzarella: unit is "lb"; the units are g, ml, piece.'],
  [
    "a fraction of a gram",
    item({ onHand: 1.5 }),
    "item mozzarella: onHand is 1.5; give a whole number of 0 or more.",
  ],
  [
    "more reserved than there is",
    item({ reserved: 5_000 }),
    "item mozzarella: 5000 are reserved and 2000 on hand; reserve no more than there is.",
  ],
  [
    "batches of more than there is",
    item({ batches: [{ quantity: 3_000, useBy: daysAgo(-3) }] }),
    "item mozzarella: its batches hold 3000 and 2000 are on hand; the batches must be part of what is on hand.",
  ],
  [
    "a currency mix",
    offer({ currency: "EUR" }),
    "item mozzarella: offers[0] is in EUR and the snapshot in USD; convert the price first, a plan knows one currency.",
  ],
  [
    "an unknown supplier",
    offer({ supplier: "nobody" }),
    'item mozzarella: offers[0].supplier is "nobody", which is not among the suppliers; list the supplier under suppliers.',
  ],
  [
    "an empty pack",
    offer({ pack: 0 }),
    "item mozzarella: offers[0].pack is 0; give a whole number of 1 or more.",
  ],
  [
    "an impossible minimum",
    offer({ packsMin: 5, packsMax: 2 }),
    "item mozzarella: offers[0]: packsMax is 2, below packsMin 5; no order is possible.",
  ],
  [
    "no costs",
    item({ costs: { holding: 1 } }),
    "item mozzarella: costs.shortage is missing; give a number of 0 or more.",
  ],
  [
    "an item twice",
    snapshot({ items: [mozzarella(), mozzarella()] }),
    "item mozzarella is there twice; give each item once.",
  ],
  [
    "a supplier twice",
    snapshot({ suppliers: [supplier(), supplier()] }),
    "supplier dairy is there twice; give each supplier once.",
  ],
  [
    "an order of tomorrow",
    item({ openOrders: [{ id: "a", supplier: "dairy", quantity: 1, placedOn: daysAgo(-1) }] }),
    "item mozzarella: openOrders[0].placedOn is 2026-06-02, after the day that is planned for.",
  ],
  [
    "an arrival before its order",
    snapshot({
      suppliers: [
        { id: "dairy", deliveries: [{ placedOn: daysAgo(3), arrivedOn: daysAgo(4), promisedDays: 2 }] },
      ],
    }),
    "suppliers[0].deliveries[0] arrived on 2026-05-28, before it was placed.",
  ],
  ["no items", { ...snapshot(), items: undefined }, "items is missing; give a list."],
];

describe("a snapshot", () => {
  it("is taken as it is when nothing is wrong", () => {
    expect(checkSnapshot(snapshot())).toEqual({ ok: true, snapshot: snapshot() });
  });

  it.each(bad)("with %s is refused in one sentence", (_, value, sentence) => {
    const checked = checkSnapshot(value);
    expect(checked.ok ? [] : checked.problems).toEqual([sentence]);
    expect(() => embeddedPlanner.plan(value as never)).toThrow(sentence);
  });

  it("with much that is wrong names the first problem and counts the others", () => {
    expect(() => embeddedPlanner.plan(demand({ quantities: [-1, -2, -3] }) as never)).toThrow(
      /^The snapshot can not be planned: item mozzarella: the demand of .* \(and 3 more\)$/,
    );
  });
});
