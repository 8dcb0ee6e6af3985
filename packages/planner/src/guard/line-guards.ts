// Guardrails for one line of an order: is it a thing we buy, in that amount, at that price?
import { forecastQuantiles } from "../demand/forecast.ts";
import type { Item, Offer } from "../planner/snapshot.ts";
import type { GuardContext } from "./context.ts";
import { above, type Finding, quoted } from "./finding.ts";
import type { ProposedLine } from "./proposed-order.ts";

/** A line together with what is on record about it. */
interface LineSubject {
  readonly supplier: string;
  readonly line: ProposedLine;
  readonly item: Item;
  readonly offer: Offer;
  readonly context: GuardContext;
}

/** A guardrail: what it finds, nothing where all is well. */
type LineGuard = (subject: LineSubject) => readonly Finding[];

/** Unit, pack, minimum and maximum are those of the offer. */
const packs: LineGuard = ({ line, item, offer }) => {
  const { packsMin = 1, packsMax = Infinity } = offer;
  const about = { verdict: "block", item: item.id } as const;
  const count = line.quantity / offer.pack;
  const limit = packsMin * offer.pack;
  return [
    ...(line.unit === item.unit
      ? []
      : [
          {
            guard: "unit",
            number: 0,
            limit: 0,
            text: `unit ${quoted(line.unit)}, not ${item.unit}`,
            ...about,
          },
        ]),
    ...above(
      "pack",
      { name: "units beyond whole packs", number: line.quantity % offer.pack, limit: 0 },
      about,
    ),
    ...(line.pack === offer.pack
      ? []
      : [
          {
            guard: "pack",
            number: line.pack,
            limit: offer.pack,
            text: `pack ${line.pack}, not ${offer.pack}`,
            ...about,
          },
        ]),
    ...above("maximum", { name: "packs", number: count, limit: packsMax }, about),
    ...(line.quantity >= limit
      ? []
      : [
          {
            guard: "minimum",
            number: line.quantity,
            limit,
            text: `quantity ${line.quantity} < minimum ${limit}`,
            ...about,
          },
        ]),
  ];
};

/** Stock, what is coming and this line last no longer than the limit; twice the limit is blocked. */
const cover: LineGuard = ({ line, item, context }) => {
  const { coverDays } = context.limits;
  const open = (item.openOrders ?? []).reduce((sum, order) => sum + order.quantity, 0);
  const units = item.onHand - (item.reserved ?? 0) + open + line.quantity;
  const measure = { name: "cover", number: units / recentMean(item), unit: " d" };
  const blocked = above("cover", { ...measure, limit: 2 * coverDays }, { verdict: "block", item: item.id });
  return blocked.length > 0
    ? blocked
    : above("cover", { ...measure, limit: coverDays }, { verdict: "ask", item: item.id });
};

/** Nothing is bought that spoils before it is used. */
const shelfLife: LineGuard = ({ line, item }) => {
  if (item.shelfLifeDays === undefined) return [];
  const measure = { name: "cover of this line", number: line.quantity / recentMean(item), unit: " d" };
  const limit = item.shelfLifeDays;
  const blocked = above("shelf life", { ...measure, limit: 2 * limit }, { verdict: "block", item: item.id });
  return blocked.length > 0
    ? blocked
    : above("shelf life", { ...measure, limit }, { verdict: "ask", item: item.id });
};

/** It fits into the store. */
const storage: LineGuard = ({ line, item }) => {
  const open = (item.openOrders ?? []).reduce((sum, order) => sum + order.quantity, 0);
  const number = item.onHand + open + line.quantity;
  const limit = item.storageMax ?? Infinity;
  return above("storage", { name: "units in store", number, limit }, { verdict: "block", item: item.id });
};

/** The price is that of the offer, and not far above what this supplier was last paid. */
const price: LineGuard = ({ supplier, line, item, offer, context }) => {
  const { limits, record } = context;
  const offered = offer.packPrice / offer.pack;
  const asked = line.packPrice / line.pack;
  const last = record.paid.findLast((paid) => paid.supplier === supplier && paid.item === item.id);
  const fromNothing = asked > 0 ? Infinity : 0;
  const fromOffer = offered > 0 ? Math.abs(asked / offered - 1) : fromNothing;
  const before = last === undefined ? 0 : last.packPrice / last.pack;
  return [
    ...above(
      "price",
      { name: "price from the offer", number: fromOffer, limit: limits.priceFromOffer, unit: "%" },
      { verdict: "block", item: item.id },
    ),
    ...(before > 0
      ? above(
          "price",
          {
            name: "price above last paid",
            number: asked / before - 1,
            limit: limits.priceAboveLastPaid,
            unit: "%",
          },
          { verdict: "ask", item: item.id },
        )
      : []),
  ];
};

/** One open proposal for one need. */
const onePerNeed: LineGuard = ({ item, context }) => {
  const number = context.record.openProposals.filter((open) => open.item === item.id).length;
  return above(
    "one per need",
    { name: "open proposals", number, limit: 0 },
    { verdict: "block", item: item.id },
  );
};

/**
 * Orders do not swing more than demand by more than the limit (bullwhip), over weeks, this order included.
 */
const orderVariance: LineGuard = ({ line, item, context }) => {
  const days = context.record.ordered[item.id] ?? [];
  const ordered = weekly([...days, line.quantity]);
  const wanted = weekly(item.demand.quantities.slice(-days.length - 1));
  // Fewer weeks say nothing about a variance.
  if (ordered.length < 4 || variance(wanted) === 0) return [];
  const number = variance(ordered) / variance(wanted);
  return above(
    "order variance",
    { name: "order variance over demand variance", number, limit: context.limits.orderVariance },
    { verdict: "ask", item: item.id },
  );
};

/** The forecast is narrow enough to act on. */
const forecastWidth: LineGuard = ({ item, context }) => {
  const history = item.demand.quantities.slice(-112);
  if (history.length === 0)
    return [
      {
        guard: "forecast width",
        verdict: "ask",
        item: item.id,
        number: 0,
        limit: 1,
        text: "history 0 d < 1 d",
      },
    ];
  const [[low = 0, high = 0] = []] = forecastQuantiles(weekly(history), {
    horizon: 1,
    season: 1,
    quantiles: [0.1, 0.9],
  });
  const middle = (low + high) / 2;
  return above(
    "forecast width",
    {
      name: "width of the week's forecast",
      number: middle > 0 ? (high - low) / middle : 0,
      limit: context.limits.forecastWidth,
      unit: "%",
    },
    { verdict: "ask", item: item.id },
  );
};

/** The level has not changed so lately that one week decides: a change of a week is not yet a level. */
const levelChange: LineGuard = ({ item, context }) => {
  const days = item.demand.quantities;
  if (days.length < 35) return [];
  const before = mean(days.slice(-35, -7));
  const number = before > 0 ? Math.abs(mean(days.slice(-7)) / before - 1) : 0;
  return above(
    "level change",
    { name: "last week against the four before", number, limit: context.limits.levelChange, unit: "%" },
    { verdict: "ask", item: item.id },
  );
};

/** In the order in which they judge a line. */
export const lineGuards: readonly LineGuard[] = [
  packs,
  cover,
  shelfLife,
  storage,
  price,
  onePerNeed,
  orderVariance,
  forecastWidth,
  levelChange,
];

function recentMean(item: Item): number {
  return mean(item.demand.quantities.slice(-28));
}

function weekly(days: readonly number[]): readonly number[] {
  const weeks: number[] = [];
  for (let end = days.length; end >= 7; end -= 7)
    weeks.unshift(days.slice(end - 7, end).reduce((a, b) => a + b, 0));
  return weeks;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** 2));
}
