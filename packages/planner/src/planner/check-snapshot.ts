// What is wrong with a snapshot: each problem one sentence that names what, where, and what to do.
import { isoDay } from "../time/day.ts";
import { type Field, list, objectAt, Problems } from "./fields.ts";
import { type PlanningSnapshot, units } from "./snapshot.ts";

/** A limit that keeps one snapshot within memory: a chain of shops is planned shop by shop. */
const itemsMax = 100_000;
const futuresMax = 10_000;
const coverDaysLimit = 60;

/** What was found: the snapshot, or every problem (at least one). */
export type CheckedSnapshot =
  | { readonly ok: true; readonly snapshot: PlanningSnapshot }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Checks a value that may be a snapshot. It reads everything that a plan depends on, and changes nothing. */
export function checkSnapshot(value: unknown): CheckedSnapshot {
  const problems = new Problems();
  const snapshot = objectAt({ path: "snapshot", value }, problems);
  if (snapshot === undefined) return { ok: false, problems: problems.found };
  const today = problems.day(snapshot("asOf"));
  const currency = problems.text(snapshot("currency"));
  if (currency !== undefined && !/^[A-Z]{3}$/.test(currency))
    problems.add(`currency is "${currency}"; give the three letters of ISO 4217, such as "USD".`);
  const suppliers = checkSuppliers(snapshot("suppliers"), problems);
  checkBudgets(snapshot("budgets"), suppliers, problems);
  checkCalendar(snapshot("calendar"), problems);
  checkPolicy(snapshot("policy"), problems);
  const items = list(snapshot("items"), problems);
  if (items.length > itemsMax)
    problems.add(`items has ${items.length} entries; the limit is ${itemsMax}, plan in parts.`);
  const seen = new Set<string>();
  for (const field of items) checkItem(field, { problems, suppliers, currency, today, seen });
  return isSnapshot(value, problems)
    ? { ok: true, snapshot: value }
    : { ok: false, problems: problems.found };
}

/** A value in which no problem was found is a snapshot. */
function isSnapshot(value: unknown, { found }: Problems): value is PlanningSnapshot {
  return value !== undefined && found.length === 0;
}

interface ItemContext {
  readonly problems: Problems;
  readonly suppliers: ReadonlySet<string>;
  readonly currency: string | undefined;
  readonly today: number | undefined;
  readonly seen: Set<string>;
}

function checkItem(field: Field, context: ItemContext): void {
  const { problems, seen } = context;
  const unnamed = objectAt(field, problems);
  if (unnamed === undefined) return;
  const id = problems.text(unnamed("id"));
  if (id === undefined) return;
  if (seen.has(id)) problems.add(`item ${id} is there twice; give each item once.`);
  seen.add(id);
  const item = objectAt({ path: `item ${id}`, value: field.value }, problems);
  if (item === undefined) return;
  const unit = problems.text(item("unit"));
  if (unit !== undefined && !units.some((known) => known === unit))
    problems.add(`item ${id}: unit is "${unit}"; the units are ${units.join(", ")}.`);
  const onHand = problems.whole(item("onHand"));
  const reserved = problems.optional(item("reserved"), (one) => problems.whole(one));
  if (onHand !== undefined && reserved !== undefined && reserved > onHand)
    problems.add(
      `item ${id}: ${reserved} are reserved and ${onHand} on hand; reserve no more than there is.`,
    );
  problems.optional(item("shelfLifeDays"), (one) => problems.whole(one, 1));
  problems.optional(item("storageMax"), (one) => problems.whole(one));
  const costs = objectAt(item("costs"), problems);
  if (costs !== undefined) {
    problems.amount(costs("holding"));
    problems.amount(costs("shortage"));
    problems.optional(costs("waste"), (one) => problems.amount(one));
  }
  checkHistory(item("demand"), context, id);
  checkBatches(item("batches"), { problems, onHand, id });
  checkOpenOrders(item("openOrders"), context);
  for (const offer of list(item("offers"), problems)) checkOffer(offer, context);
}

function checkHistory(field: Field, { problems, today }: ItemContext, id: string): void {
  const demand = objectAt(field, problems);
  if (demand === undefined) return;
  const from = problems.day(demand("from"));
  const quantities = demand("quantities");
  const values: readonly unknown[] = Array.isArray(quantities.value)
    ? quantities.value
    : list(quantities, problems);
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (typeof value === "number" && value >= 0 && value < Infinity) continue;
    const day = from === undefined ? `day ${index + 1}` : isoDay(from + index);
    problems.add(
      value === null || value === undefined
        ? `item ${id}: the demand of ${day} is missing; give 0 for a day without demand, and name days without sales in calendar.closed.`
        : `item ${id}: the demand of ${day} is ${JSON.stringify(value)}; it must be a number of 0 or more (a return is not demand).`,
    );
  }
  if (from === undefined || today === undefined) return;
  const end = from + values.length;
  if (end < today)
    problems.add(
      `item ${id}: the demand ends on ${isoDay(end - 1)} and the plan is for ${isoDay(today)}; the ${today - end} days between are missing.`,
    );
  if (end > today)
    problems.add(
      `item ${id}: the demand goes to ${isoDay(end - 1)} and the plan is for ${isoDay(today)}; leave out what a planner cannot know yet.`,
    );
  for (const stockOut of problems.optional(demand("stockOuts"), (one) => list(one, problems)) ?? []) {
    const day = problems.day(stockOut);
    if (day !== undefined && (day < from || day >= end))
      problems.add(`${stockOut.path} is ${isoDay(day)}, which is not in the item's history.`);
  }
}

function checkBatches(
  field: Field,
  {
    problems,
    onHand,
    id,
  }: { readonly problems: Problems; readonly onHand: number | undefined; readonly id: string },
): void {
  let sum = 0;
  for (const each of problems.optional(field, (one) => list(one, problems)) ?? []) {
    const batch = objectAt(each, problems);
    if (batch === undefined) continue;
    sum += problems.whole(batch("quantity")) ?? 0;
    problems.day(batch("useBy"));
  }
  if (onHand !== undefined && sum > onHand)
    problems.add(
      `item ${id}: its batches hold ${sum} and ${onHand} are on hand; the batches must be part of what is on hand.`,
    );
}

function checkOpenOrders(field: Field, { problems, suppliers, today }: ItemContext): void {
  for (const each of problems.optional(field, (one) => list(one, problems)) ?? []) {
    const order = objectAt(each, problems);
    if (order === undefined) continue;
    problems.text(order("id"));
    problems.known(order("supplier"), suppliers);
    problems.whole(order("quantity"));
    const placed = problems.day(order("placedOn"));
    if (placed !== undefined && today !== undefined && placed > today)
      problems.add(`${each.path}.placedOn is ${isoDay(placed)}, after the day that is planned for.`);
  }
}

function checkOffer(field: Field, { problems, suppliers, currency }: ItemContext): void {
  const offer = objectAt(field, problems);
  if (offer === undefined) return;
  problems.known(offer("supplier"), suppliers);
  problems.whole(offer("pack"), 1);
  problems.whole(offer("packPrice"));
  problems.whole(offer("promisedDays"));
  const least = problems.optional(offer("packsMin"), (one) => problems.whole(one, 1)) ?? 1;
  const most = problems.optional(offer("packsMax"), (one) => problems.whole(one, 1)) ?? Infinity;
  if (most < least)
    problems.add(`${field.path}: packsMax is ${most}, below packsMin ${least}; no order is possible.`);
  const own = problems.optional(offer("currency"), (one) => problems.text(one));
  if (own !== undefined && currency !== undefined && own !== currency)
    problems.add(
      `${field.path} is in ${own} and the snapshot in ${currency}; convert the price first, a plan knows one currency.`,
    );
}

function checkSuppliers(field: Field, problems: Problems): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const each of list(field, problems)) {
    const supplier = objectAt(each, problems);
    if (supplier === undefined) continue;
    const id = problems.text(supplier("id"));
    if (id === undefined) continue;
    if (ids.has(id)) problems.add(`supplier ${id} is there twice; give each supplier once.`);
    ids.add(id);
    problems.optional(supplier("orderCost"), (one) => problems.whole(one));
    for (const past of problems.optional(supplier("deliveries"), (one) => list(one, problems)) ?? [])
      checkDelivery(past, problems);
  }
  return ids;
}

function checkDelivery(field: Field, problems: Problems): void {
  const delivery = objectAt(field, problems);
  if (delivery === undefined) return;
  const placed = problems.day(delivery("placedOn"));
  problems.whole(delivery("promisedDays"));
  const filled = problems.optional(delivery("filled"), (one) => problems.amount(one));
  if (filled !== undefined && filled > 1)
    problems.add(`${field.path}.filled is ${filled}; it is a share, 0 to 1.`);
  const arrivedOn = delivery("arrivedOn");
  if (arrivedOn.value === null) return;
  const arrived = problems.day(arrivedOn);
  if (placed !== undefined && arrived !== undefined && arrived < placed)
    problems.add(`${field.path} arrived on ${isoDay(arrived)}, before it was placed.`);
}

function checkBudgets(field: Field, suppliers: ReadonlySet<string>, problems: Problems): void {
  for (const each of problems.optional(field, (one) => list(one, problems)) ?? []) {
    const budget = objectAt(each, problems);
    if (budget === undefined) continue;
    problems.text(budget("id"));
    problems.optional(budget("supplier"), (one) => problems.known(one, suppliers));
    for (const name of ["limit", "reserved", "spent"]) problems.whole(budget(name));
  }
}

function checkCalendar(field: Field, problems: Problems): void {
  if (field.value === undefined) return;
  const calendar = objectAt(field, problems);
  if (calendar === undefined) return;
  for (const day of problems.optional(calendar("closed"), (one) => list(one, problems)) ?? [])
    problems.day(day);
  const named = calendar("named");
  if (named.value === undefined) return;
  const names = objectAt(named, problems);
  if (names === undefined) return;
  for (const name of Object.keys(named.value ?? {}))
    for (const day of list(names(name), problems)) problems.day(day);
}

function checkPolicy(field: Field, problems: Problems): void {
  if (field.value === undefined) return;
  const policy = objectAt(field, problems);
  if (policy === undefined) return;
  const futures = problems.optional(policy("futures"), (one) => problems.whole(one, 10));
  if (futures !== undefined && futures > futuresMax)
    problems.add(`policy.futures is ${futures}; the limit is ${futuresMax}.`);
  const cover = problems.optional(policy("coverDaysMax"), (one) => problems.whole(one, 1));
  if (cover !== undefined && cover > coverDaysLimit)
    problems.add(`policy.coverDaysMax is ${cover}; the limit is ${coverDaysLimit} days.`);
  problems.optional(policy("concentrationMax"), (one) => problems.amount(one));
  for (const season of problems.optional(policy("seasons"), (one) => list(one, problems)) ?? [])
    problems.whole(season, 2);
}
