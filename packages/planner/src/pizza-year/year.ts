// The pizza place's year by ingredient: orders exploded by recipe into grams a day, in a world of suppliers.
import { seededTaken, type World, type WorldItem } from "../backtest/world.ts";
import { dayOf } from "../planner/prepare.ts";
import type { Offer } from "../planner/snapshot.ts";
import { isoDay } from "../time/day.ts";
import {
  always,
  holdingShare,
  ingredientName,
  kindOf,
  kinds,
  missingCents,
  sizeFactors,
  suppliers,
  usualSauce,
} from "./pantry.ts";

/** A pizza that was sold. */
export interface SoldPizza {
  readonly date: string;
  readonly pizza: string;
  readonly size: string;
}

/** What one pizza takes from the pantry. */
export interface MenuPizza {
  readonly id: string;
  readonly ingredients: readonly string[];
}

/** A supplier that begins to lose orders. */
export interface Losing {
  readonly supplier: string;
  readonly from: string;
  /** The share of its orders that is lost from then on. */
  readonly share: number;
}

/** What the year is made of. */
export interface YearOptions {
  readonly seed: number;
  readonly losing?: Losing;
}

/**
 * The world of the year. Throws a `RangeError` where a sold pizza is not on the menu or has no known size.
 */
export function pizzaYear(
  sold: readonly SoldPizza[],
  menu: readonly MenuPizza[],
  options: YearOptions,
): World {
  const first = sold.reduce(
    (least, { date }) => (date < least ? date : least),
    sold[0]?.date ?? "2015-01-01",
  );
  const last = sold.reduce((most, { date }) => (date > most ? date : most), first);
  const firstDay = dayOf(first);
  const length = dayOf(last) - firstDay + 1;
  const recipes = new Map(menu.map((pizza) => [pizza.id, recipe(pizza)]));
  const grams = new Map<string, number[]>();
  const open = new Set<number>();
  for (const { date, pizza, size } of sold) {
    const day = dayOf(date) - firstDay;
    open.add(day);
    const factor = sizeFactors[size];
    const ingredients = recipes.get(pizza);
    if (ingredients === undefined || factor === undefined)
      throw new RangeError(
        `On ${date} a pizza ${pizza} of size ${size} was sold, which the menu does not know.`,
      );
    for (const ingredient of ingredients) {
      const days = grams.get(ingredient) ?? Array.from({ length }, () => 0);
      grams.set(ingredient, days);
      days[day] = (days[day] ?? 0) + Math.round(kinds[kindOf(ingredient)].grams * factor);
    }
  }
  const closed = Array.from({ length }, (_, day) => day).filter((day) => !open.has(day));
  return {
    currency: "USD",
    from: first,
    items: [...grams].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([id, demand]) => worldItem(id, demand)),
    suppliers: Object.entries(suppliers).map(([id, { orderCost, reliability }]) => ({
      id,
      orderCost,
      taken: seededTaken(options.seed, id, [
        { ...reliability, from: firstDay },
        ...losses(options.losing, id),
      ]),
    })),
    calendar: { closed: closed.map((day) => isoDay(firstDay + day)) },
  };
}

function recipe({ ingredients }: MenuPizza): readonly string[] {
  const names = new Set([...always, ...ingredients.map(ingredientName)]);
  if (!names.values().some((name) => kindOf(name) === "sauce")) names.add(usualSauce);
  return [...names];
}

function worldItem(id: string, demand: readonly number[]): WorldItem {
  const { grams, centsPerKg, pack, shelfLifeDays, suppliers: sellers } = kinds[kindOf(id)];
  const offers = sellers.map((supplier): Offer => {
    const { promisedDays, priceFactor } = suppliers[supplier] ?? { promisedDays: 1, priceFactor: 1 };
    return { supplier, pack, packPrice: Math.round((pack * centsPerKg * priceFactor) / 1_000), promisedDays };
  });
  return {
    id,
    unit: "g",
    demand,
    offers,
    shelfLifeDays,
    costs: { holding: (centsPerKg / 1_000) * holdingShare, shortage: missingCents / grams },
  };
}

function losses(
  losing: Losing | undefined,
  supplier: string,
): readonly Parameters<typeof seededTaken>[2][number][] {
  const usual = suppliers[supplier]?.reliability;
  if (losing === undefined || losing.supplier !== supplier || usual === undefined) return [];
  return [{ ...usual, from: dayOf(losing.from), lost: losing.share }];
}
