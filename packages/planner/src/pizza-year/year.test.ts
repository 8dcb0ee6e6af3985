// Orders become grams by recipe, and suppliers keep or break their promise.
import { describe, expect, it } from "vitest";
import { kindOf } from "./pantry.ts";
import { pizzaYear } from "./year.ts";

const menu = [
  { id: "hawaiian", ingredients: ["Sliced Ham", "Pineapple", "Mozzarella Cheese"] },
  { id: "bbq", ingredients: ["Barbecued Chicken", "Artichoke", "Barbecue Sauce"] },
];
const sold = [
  { date: "2015-01-01", pizza: "hawaiian", size: "M" },
  { date: "2015-01-01", pizza: "bbq", size: "L" },
  { date: "2015-01-03", pizza: "bbq", size: "S" },
];
const world = pizzaYear(sold, menu, { seed: 1 });
const demandOf = (id: string): readonly number[] | undefined =>
  world.items.find((item) => item.id === id)?.demand;

describe("the pizza year", () => {
  it("has dough and mozzarella on every pizza, tomato sauce where no other is named", () => {
    expect(demandOf("Dough")).toEqual([250 + 338, 0, 175]);
    expect(demandOf("Mozzarella Cheese")).toEqual([60 + 81, 0, 42]);
    expect(demandOf("Tomato Sauce")).toEqual([80, 0, 0]);
    expect(demandOf("Barbecue Sauce")).toEqual([108, 0, 56]);
  });

  it("has one word for one ingredient, and closed days", () => {
    expect(demandOf("Artichoke")).toBeUndefined();
    expect(demandOf("Artichokes")).toEqual([34, 0, 18]);
    expect(world.calendar?.closed).toEqual(["2015-01-02"]);
  });

  it("knows each ingredient's kind", () => {
    const kinds = [
      "Dough",
      "Pesto Sauce",
      "Feta Cheese",
      "Genoa Salami",
      "Garlic",
      "Green Olives",
      "Red Peppers",
      "Pepperoni",
    ];
    expect(kinds.map(kindOf)).toEqual([
      "dough",
      "sauce",
      "cheese",
      "meat",
      "herb",
      "preserved",
      "produce",
      "meat",
    ]);
  });

  it("says which pizza the menu does not know", () => {
    expect(() => pizzaYear([{ date: "2015-01-01", pizza: "x", size: "M" }], menu, { seed: 1 })).toThrow(
      "On 2015-01-01 a pizza x of size M was sold, which the menu does not know.",
    );
  });

  it("has a supplier that begins to lose orders where it is asked to", () => {
    const losing = pizzaYear(sold, menu, {
      seed: 1,
      losing: { supplier: "bakery", from: "2015-01-02", share: 1 },
    });
    const bakery = losing.suppliers.find(({ id }) => id === "bakery");
    const firstDay = Date.UTC(2015, 0, 1) / 86_400_000;
    expect(bakery?.taken(firstDay, 1)).toBeLessThan(3);
    expect(bakery?.taken(firstDay + 1, 1)).toBe(Infinity);
  });
});
