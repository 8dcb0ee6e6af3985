// Explanations: reasons in words, changes that add up, limits that turn the decision.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asOf, daysAgo, mozzarella, snapshot, supplier } from "../../test/snapshots.ts";
import { embeddedPlanner } from "../planner/embedded.ts";
import type { Item, PlanningSnapshot } from "../planner/snapshot.ts";
import { quantityOf, whyChanged } from "./change.ts";
import { decidedTogether } from "./together.ts";
import { whatItTakes } from "./what-it-takes.ts";
import { changeGrounds, takesGrounds, whyItem } from "./why.ts";

const world = (change: Partial<Item>, rest: Partial<PlanningSnapshot> = {}): PlanningSnapshot =>
  snapshot({ items: [mozzarella(change)], ...rest });
const say = (of: PlanningSnapshot): string => {
  const explanation = whyItem(embeddedPlanner.plan(of), "mozzarella");
  return [
    explanation?.headline,
    ...(explanation?.grounds ?? []).map(({ about, text }) => `${about}: ${text}`),
  ].join("\n");
};

describe("why", () => {
  it("says what is ordered, from whom, for how much, and on what grounds", () => {
    const text = say(snapshot());
    expect(text).toMatch(
      /^mozzarella: order [\d,]+ g \(\d+ x 500 g\) from dairy for [\d.]+ USD, needed by 2026-06-0\d\.$/m,
    );
    expect(text).toMatch(/^there is: 2,000 g$/m);
    expect(text).toMatch(
      /^lead time: promised 2 days, likeliest 2; lost with [\d.]+ % \(5 past orders, 0 of them written off\)$/m,
    );
    expect(text).toMatch(/^why now: waiting a day is expected to lose [\d.]+ USD and saves [\d.]+ USD$/m);
  });

  it("says why nothing is ordered, and when it would be", () => {
    expect(say(world({ onHand: 9_000 }))).toMatch(
      /^mozzarella: order nothing\. .+\. At the expected demand it would be ordered on 2026-06-0\d\.$/m,
    );
    expect(say(world({ offers: [] }))).toContain("No supplier offers it");
  });

  it("says how likely an open order still comes", () => {
    const openOrders = [{ id: "a", supplier: "dairy", quantity: 4_000, placedOn: daysAgo(9) }];
    expect(say(world({ openOrders }))).toMatch(/^on order: 4,000 g, 9 days ago; it still comes with 0 %$/m);
  });

  it("says which grams are there only because of the minimum", () => {
    const offers = [{ supplier: "dairy", pack: 500, packPrice: 400, packsMin: 40, promisedDays: 2 }];
    expect(say(world({ onHand: 0, offers, shelfLifeDays: 60 }))).toMatch(
      /^the minimum: [\d,]+ g are only there for the minimum$/m,
    );
  });

  it("says what speaks for and against each supplier", () => {
    const offers = ["dairy", "other"].map((id) => ({
      supplier: id,
      pack: 500,
      packPrice: 400,
      promisedDays: 2,
    }));
    const text = say(
      world({ onHand: 0, offers }, { suppliers: [supplier([2, 2, 2]), supplier([], { id: "other" })] }),
    );
    expect(text).toMatch(/^from dairy: [\d.]+ USD a day: price/m);
    expect(text).toMatch(/^not other: .*trust/m);
  });

  it("knows only the plan's items", () => {
    expect(whyItem(embeddedPlanner.plan(snapshot()), "gold")).toBeUndefined();
  });
});

describe("why it changed", () => {
  const before = world({ onHand: 1_000 });

  it("names stock when only stock is news", () => {
    const { shares } = whyChanged(before, world({ onHand: 5_000 }), "mozzarella");
    expect(shares.map(({ because }) => because).filter((one) => one !== "sampling")).toEqual(["stock"]);
  });

  it("names the lead time when the supplier has begun to lose orders", () => {
    const after = world(
      { onHand: 1_000 },
      { suppliers: [supplier([2, null, 2, null, null, 2, null, null])] },
    );
    const { shares } = whyChanged(before, after, "mozzarella");
    expect(shares.find(({ because }) => because === "lead time")?.units).not.toBe(0);
  });

  it("adds up to the change, whatever the news", () => {
    const some = fc.record({
      onHand: fc.integer({ min: 0, max: 6_000 }),
      factor: fc.constantFrom(0.5, 1, 2),
      taken: fc.array(fc.constantFrom(1, 2, 4, null), { maxLength: 6 }),
      packPrice: fc.constantFrom(300, 400, 900),
      open: fc.constantFrom(0, 3_000),
      days: fc.constantFrom(0, 1),
    });
    const made = ({
      onHand,
      factor,
      taken,
      packPrice,
      open,
      days,
    }: typeof some extends fc.Arbitrary<infer T> ? T : never) => {
      const base = mozzarella();
      const quantities = base.demand.quantities.map((one) => one * factor).slice(0, 60 - days);
      return snapshot({
        asOf: days === 0 ? asOf : daysAgo(days),
        items: [
          {
            ...base,
            onHand,
            demand: { from: base.demand.from, quantities },
            offers: [{ supplier: "dairy", pack: 500, packPrice, promisedDays: 2 }],
            openOrders:
              open === 0 ? [] : [{ id: "a", supplier: "dairy", quantity: open, placedOn: daysAgo(2) }],
          },
        ],
        suppliers: [supplier(taken)],
      });
    };
    fc.assert(
      fc.property(some, some, (one, other) => {
        const [first, second] = [made({ ...one, days: 1 }), made(other)];
        const { before: from, after: to, shares } = whyChanged(first, second, "mozzarella");
        expect(from).toBe(quantityOf(embeddedPlanner.plan(first), "mozzarella"));
        expect(to).toBe(quantityOf(embeddedPlanner.plan(second), "mozzarella"));
        expect(shares.reduce((sum, { units }) => sum + units, 0)).toBe(to - from);
        expect(shares.every(({ units }) => Number.isInteger(units))).toBe(true);
      }),
      { numRuns: 12, seed: 1 },
    );
  });

  it("is settings when the item was not there before", () => {
    const { shares, before: from } = whyChanged(snapshot({ items: [] }), before, "mozzarella");
    expect(from).toBe(0);
    expect(shares.map(({ because }) => because)).toEqual(["settings"]);
  });

  it("is written with signs and a sum", () => {
    const lines = changeGrounds(
      { item: "m", before: 10, after: 4, shares: [{ because: "stock", units: -6 }] },
      "g",
    );
    expect(lines.map(({ text }) => text)).toEqual(["10 g", "-6 g", "4 g (-6 g)"]);
  });
});

describe("what it would take", () => {
  it.each([1_000, 9_000])("names the stock at which the decision turns, from %s g on hand", (onHand) => {
    const of = world({ onHand });
    const { onHandAtMost = -1, ordered } = whatItTakes(of, "mozzarella");
    expect(ordered).toBe(onHand === 1_000);
    expect(onHandAtMost).toBeGreaterThan(2_000);
    expect(onHandAtMost).toBeLessThan(6_000);
  });

  it("is said in words", () => {
    const takes = { item: "m", ordered: false, onHandAtMost: 2_000, demandFactor: 1.5 };
    expect(takesGrounds(takes, "g").map(({ text }) => text)).toEqual([
      "with no more than 2,000 g on hand it would be ordered today",
      "with at least 1.5 times the demand it would be ordered today",
    ]);
  });
});

describe("items that are decided together", () => {
  it("are those that share a supplier, also over others", () => {
    const offer = (id: string) => ({ supplier: id, pack: 1, packPrice: 1, promisedDays: 1 });
    const of = (id: string, ...suppliers: string[]) => mozzarella({ id, offers: suppliers.map(offer) });
    const items = [of("a", "x"), of("b", "x", "y"), of("c", "y"), of("d", "z"), of("e")];
    expect([...decidedTogether(snapshot({ items }), "a")].toSorted()).toEqual(["a", "b", "c"]);
    expect([...decidedTogether(snapshot({ items }), "e")]).toEqual(["e"]);
  });
});
