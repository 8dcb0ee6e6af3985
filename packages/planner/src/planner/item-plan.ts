// What one item would need from one offer: for each cover its quantity and its cost, and what a day of
// waiting costs.
import { fitDemand, meanDemand } from "../demand/demand.ts";
import type { LeadTime } from "../lead-time/lead-time.ts";
import { seededRandom } from "../random/random.ts";
import { type Futures, sampleFutures } from "./futures.ts";
import { dayOf, type Prepared } from "./prepare.ts";
import { bestQuantity, cycleCost, marginalGain, type Question } from "./quantity.ts";
import type { Item, Offer } from "./snapshot.ts";

/** Longer than any plan looks ahead, days. */
const forEver = 1_000_000;

/** A quantity that was found, and what bounded it. */
export interface CoverPlan {
  /** Days until the next order. */
  readonly cover: number;
  /** Units that pay for themselves, before packs and limits. */
  readonly wanted: number;
  /** Units to order: whole packs within all limits; 0 when no quantity is both allowed and worth it. */
  readonly quantity: number;
  /** Minor units of money from one arrival to the next, without order cost. */
  readonly money: number;
  readonly days: number;
  readonly caps: readonly Cap[];
}

/** A limit that made a quantity smaller. */
export interface Cap {
  readonly by: "shelf life" | "storage" | "maximum" | "budget";
  readonly from: number;
  readonly to: number;
}

/** What an item would need from an offer. */
export interface ItemPlan {
  readonly item: Item;
  readonly offer: Offer;
  readonly lead: LeadTime;
  /** Expected demand of each coming day. */
  readonly demand: Float64Array;
  readonly covers: readonly CoverPlan[];
  /** Minor units of money: what is lost if the order is placed tomorrow. */
  readonly waiting: number;
  /** Expected waiting cost of each later day on which the order could be placed, from today on. */
  readonly waitingByDay: Float64Array;
  /** Minor units of money: expected to be lost before an order of today comes, whatever its quantity. */
  readonly late: number;
  /** Share of the futures that run out before an order of today could come. */
  readonly outBefore: number;
  /**
   * Days from today at whose end half of the futures have lost sales; undefined: not within the days looked
   * at.
   */
  readonly outBy: number | undefined;
}

/** Everything shared by the items of a plan. */
export interface PlanContext {
  readonly prepared: Prepared;
  readonly futures: Futures;
  readonly seed: number;
}

/** Samples the item's futures and answers what an order from the offer would be. */
export function planItem(context: PlanContext, item: Item, offer: Offer): ItemPlan {
  const { prepared, futures } = context;
  const { today, policy } = prepared;
  const lead = prepared.leadTimeOf(offer.supplier, offer.promisedDays);
  const demand = fitDemand(
    {
      values: item.demand.quantities,
      ...censoring(item),
      firstDay: dayOf(item.demand.from),
      seasons: policy.seasons,
      calendar: prepared.calendar,
    },
    futures.days,
  );
  sampleFutures(
    futures,
    {
      demand,
      lead,
      available: item.onHand - (item.reserved ?? 0),
      batches: (item.batches ?? []).map(({ quantity, useBy }) => ({
        quantity,
        lastDay: dayOf(useBy) - today,
      })),
      open: (item.openOrders ?? []).map((order) => ({
        quantity: order.quantity,
        age: today - dayOf(order.placedOn),
        lead: prepared.leadTimeOf(order.supplier, promiseOf(item, order.supplier)),
      })),
      shelfLifeDays: item.shelfLifeDays ?? forEver,
    },
    seededRandom(context.seed),
  );
  const mean = meanDemand(demand);
  return { item, offer, lead, demand: mean, ...answers(context, { item, offer, mean }) };
}

function promiseOf(item: Item, supplier: string): number {
  return item.offers.find((offer) => offer.supplier === supplier)?.promisedDays ?? 0;
}

function censoring({ demand }: Item): { readonly censored?: Uint8Array } {
  if (demand.stockOuts === undefined || demand.stockOuts.length === 0) return {};
  const first = dayOf(demand.from);
  const censored = new Uint8Array(demand.quantities.length);
  for (const day of demand.stockOuts) censored[dayOf(day) - first] = 1;
  return { censored };
}

interface Asked {
  readonly item: Item;
  readonly offer: Offer;
  readonly mean: Float64Array;
}

type Answers = Pick<ItemPlan, "covers" | "waiting" | "waitingByDay" | "late" | "outBefore" | "outBy">;

function answers({ prepared, futures }: PlanContext, asked: Asked): Answers {
  const { item, offer, mean } = asked;
  const { pack, packPrice, supplier } = offer;
  const shelfLifeDays = item.shelfLifeDays ?? forEver;
  const dailyMean = mean.reduce((a, b) => a + b, 0) / mean.length;
  const { holding, shortage, waste = packPrice / pack } = item.costs;
  const orderCost = prepared.suppliers.get(supplier)?.orderCost ?? 0;
  const single = orderCost === 0 && pack === 1 && (offer.packsMin ?? 1) === 1;
  const covers: CoverPlan[] = [];
  const coverMax = single ? 1 : Math.max(1, Math.min(futures.coversMax, shelfLifeDays - 1));
  for (let cover = 1; cover <= coverMax; cover += 1) {
    // At the economic order quantity a cycle costs twice its order cost: that is what a unit saves that makes
    // it longer. It is worth at least its keeping for the cover, or a long cover would be planned, priced,
    // and not filled.
    const longer = dailyMean > 0 ? (2 * orderCost) / (cover * dailyMean) : 0;
    const early = Math.min(shortage, orderCost > 0 ? Math.max(longer, holding * cover) : 0);
    const question = { cover, costs: { holding, shortage, waste }, early, shelfLifeDays, dailyMean };
    covers.push(coverPlan(futures, question, { ...asked, from: covers.at(-1)?.wanted ?? 0 }));
  }
  return { covers, ...waitingCosts(futures, shortage) };
}

function coverPlan(
  futures: Futures,
  question: Question,
  { item, offer, mean, from }: Asked & { readonly from: number },
): CoverPlan {
  const total = mean.reduce((a, b) => a + b, 0);
  // An answer finer than a sixteenth of a pack, or than a hundredth of a day, changes no order.
  const within = Math.max(0.25, offer.pack / 16, question.dailyMean / 100);
  const wanted = bestQuantity(futures, question, { from, most: 4 * total + 1, within });
  const { quantity, caps } = limited(futures, { question, item, offer, wanted });
  const { money, days } = cycleCost(futures, question, quantity);
  return { cover: question.cover, wanted, quantity, money, days, caps };
}

interface Limiting {
  readonly question: Question;
  readonly item: Item;
  readonly offer: Offer;
  readonly wanted: number;
}

/** Whole packs within the limits: the smallest limit decides, and is named. */
function limited(
  futures: Futures,
  { question, item, offer, wanted }: Limiting,
): Pick<CoverPlan, "quantity" | "caps"> {
  const stock = item.onHand - (item.reserved ?? 0);
  const coming = (item.openOrders ?? []).reduce((sum, order) => sum + order.quantity, 0);
  const limits: readonly (readonly [Cap["by"], number])[] = [
    ["shelf life", question.shelfLifeDays < forEver ? question.shelfLifeDays * question.dailyMean : Infinity],
    ["storage", (item.storageMax ?? Infinity) - stock - coming],
    ["maximum", (offer.packsMax ?? Infinity) * offer.pack],
  ];
  let allowed = wanted;
  const caps: Cap[] = [];
  for (const [by, most] of limits) {
    if (most >= allowed) continue;
    caps.push({ by, from: allowed, to: Math.max(0, most) });
    allowed = Math.max(0, most);
  }
  const { pack, packsMin = 1 } = offer;
  const down = Math.floor(allowed / pack) * pack;
  const worthMore = allowed > down && marginalGain(futures, question, down + pack / 2) > 0;
  const fits = limits.every(([by, most]) => by === "shelf life" || down + pack <= most);
  const rounded = worthMore && fits ? down + pack : down;
  const least = packsMin * pack;
  if (rounded >= least || rounded === 0) return { quantity: rounded, caps };
  const leastPays =
    marginalGain(futures, question, least / 2) > 0 && limits.every(([, most]) => least <= most);
  return { quantity: leastPays ? least : 0, caps };
}

/** What is lost between the arrival of an order of one day and that of the next, for each day. */
function waitingCosts(futures: Futures, shortage: number): Omit<Answers, "covers"> {
  const { count, days, coversMax, lost, arrival, next } = futures;
  const waitingByDay = new Float64Array(coversMax + 1);
  let out = 0;
  let late = 0;
  for (let index = 0; index < count; index += 1) {
    const row = index * days;
    const offset = index * (coversMax + 1);
    const own = arrival[index] ?? 0;
    let from = own > 0 ? (lost[row + own - 1] ?? 0) : 0;
    if (from > 0) out += 1;
    late += (from * shortage) / count;
    for (let day = 0; day < coversMax; day += 1) {
      const to = lost[row + (next[offset + day + 1] ?? days) - 1] ?? 0;
      waitingByDay[day] = (waitingByDay[day] ?? 0) + ((to - from) * shortage) / count;
      from = to;
    }
  }
  return {
    waiting: waitingByDay[0] ?? 0,
    waitingByDay,
    late,
    outBefore: out / count,
    outBy: firstShort(futures),
  };
}

function firstShort({ count, days, lost }: Futures): number | undefined {
  for (let day = 0; day < days; day += 1) {
    let short = 0;
    for (let index = 0; index < count; index += 1) if ((lost[index * days + day] ?? 0) > 0) short += 1;
    if (short * 2 >= count) return day;
  }
  return undefined;
}
