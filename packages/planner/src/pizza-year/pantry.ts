// The pantry of the pizza place: what an ingredient is, how much of it a pizza takes, where it comes from and
// what it costs. Pizzas, sizes and ingredients are facts of the data; every amount, price and supplier here
// is ours, and this is the one table.
import type { Reliability } from "../backtest/world.ts";

/** Kinds of ingredients that are bought and kept alike. */
export type Kind = "dough" | "sauce" | "cheese" | "meat" | "produce" | "herb" | "preserved";

/** What holds for a kind. */
export interface KindFacts {
  /** Grams on a pizza of size M. */
  readonly grams: number;
  /** Cents for a kilogram. */
  readonly centsPerKg: number;
  /** Grams in a pack. */
  readonly pack: number;
  readonly shelfLifeDays: number;
  /** Whom it comes from; the second one sells the same, for more. */
  readonly suppliers: readonly [string] | readonly [string, string];
}

/** Assumed: the data set names ingredients, without amounts and prices. */
export const kinds: Readonly<Record<Kind, KindFacts>> = {
  dough: { grams: 250, centsPerKg: 150, pack: 5_000, shelfLifeDays: 5, suppliers: ["bakery"] },
  sauce: { grams: 80, centsPerKg: 400, pack: 1_000, shelfLifeDays: 30, suppliers: ["wholesaler"] },
  cheese: { grams: 60, centsPerKg: 900, pack: 1_000, shelfLifeDays: 21, suppliers: ["creamery"] },
  meat: { grams: 45, centsPerKg: 1_300, pack: 500, shelfLifeDays: 14, suppliers: ["butcher"] },
  produce: { grams: 40, centsPerKg: 350, pack: 500, shelfLifeDays: 7, suppliers: ["greengrocer", "market"] },
  herb: { grams: 4, centsPerKg: 1_800, pack: 100, shelfLifeDays: 7, suppliers: ["greengrocer", "market"] },
  preserved: { grams: 25, centsPerKg: 700, pack: 800, shelfLifeDays: 120, suppliers: ["wholesaler"] },
};

/** What a supplier promises, what an order costs in cents, and how it keeps its promise. */
export interface SupplierFacts {
  readonly promisedDays: number;
  readonly orderCost: number;
  /** Its prices over those of the table. */
  readonly priceFactor: number;
  readonly reliability: Omit<Reliability, "from">;
}

/** Assumed, by name: the data set has none. */
export const suppliers: Readonly<Record<string, SupplierFacts>> = {
  bakery: {
    promisedDays: 1,
    orderCost: 800,
    priceFactor: 1,
    reliability: { lost: 0.01, late: 0.03, lateDaysMax: 1 },
  },
  creamery: {
    promisedDays: 2,
    orderCost: 2_000,
    priceFactor: 1,
    reliability: { lost: 0.02, late: 0.1, lateDaysMax: 2 },
  },
  butcher: {
    promisedDays: 2,
    orderCost: 2_000,
    priceFactor: 1,
    reliability: { lost: 0.03, late: 0.08, lateDaysMax: 2 },
  },
  greengrocer: {
    promisedDays: 1,
    orderCost: 1_200,
    priceFactor: 1,
    reliability: { lost: 0.04, late: 0.08, lateDaysMax: 2 },
  },
  market: {
    promisedDays: 1,
    orderCost: 1_500,
    priceFactor: 1.15,
    reliability: { lost: 0.01, late: 0.02, lateDaysMax: 1 },
  },
  wholesaler: {
    promisedDays: 3,
    orderCost: 3_000,
    priceFactor: 1,
    reliability: { lost: 0.02, late: 0.15, lateDaysMax: 3 },
  },
};

/** Cents lost for each pizza that could not be made because this ingredient was missing. */
export const missingCents = 200;
/** Cost of keeping for a night, as a share of the price: money and the cold room. */
export const holdingShare = 0.001;

/** What a pizza of a size takes, over one of size M. */
export const sizeFactors: Readonly<Record<string, number>> = { S: 0.7, M: 1, L: 1.35, XL: 1.7, XXL: 2.1 };

/** On every pizza, besides what the menu lists. */
export const always: readonly string[] = ["Dough", "Mozzarella Cheese"];
/** On every pizza without another sauce. */
export const usualSauce = "Tomato Sauce";

const kindWords: readonly (readonly [Kind, RegExp])[] = [
  ["dough", /^Dough$/],
  ["sauce", /Sauce$/],
  ["cheese", /Cheese$/],
  ["meat", /Salami|Sausage|Chicken|Ham|Prosciutto|Bacon|Pepperoni$|Capocollo|Pancetta|Beef|Anchovies/],
  ["herb", /^(Cilantro|Oregano|Thyme|Garlic)$/],
  ["preserved", /Olives|Artichoke|Sun-dried|Corn|Pineapple|Peperoncini|Jalapeno/],
];

/** The kind of an ingredient; what is nothing else is fresh produce. */
export function kindOf(ingredient: string): Kind {
  return kindWords.find(([, word]) => word.test(ingredient))?.[0] ?? "produce";
}

/** One word for one ingredient: the menu writes some in two ways. */
export function ingredientName(written: string): string {
  return written === "Artichoke" ? "Artichokes" : written.replaceAll("\u2018", "");
}
