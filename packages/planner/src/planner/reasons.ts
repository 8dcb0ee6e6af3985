// From a decision to what is said about it: the numbers that it came from, by item.
import { stillComes } from "../lead-time/lead-time.ts";
import { isoDay } from "../time/day.ts";
import type { ItemPlan } from "./item-plan.ts";
import type { DecidedLine, Decision } from "./decision.ts";
import { dayOf, type Prepared } from "./prepare.ts";
import type {
  DemandReason,
  LeadTimeReason,
  NotOrdered,
  NotOrderedBecause,
  Position,
  Proposal,
  ProposalLine,
} from "./result.ts";
import type { Item } from "./snapshot.ts";

/** The order of a decision, of the lines that are ordered. */
export function proposal(prepared: Prepared, decision: Decision): Proposal {
  const lines = decision.lines
    .filter(({ quantity }) => quantity > 0)
    .map((line) => proposalLine(prepared, line));
  return {
    supplier: decision.supplier,
    currency: prepared.snapshot.currency,
    lines,
    total: decision.orderCost + lines.reduce((sum, { price }) => sum + price, 0),
    orderCost: decision.orderCost,
    coverDays: decision.coverDays,
    waiting: decision.waiting,
  };
}

function proposalLine(prepared: Prepared, { chosen, cover, quantity, caps }: DecidedLine): ProposalLine {
  const { plan, offers } = chosen;
  const { item, offer } = plan;
  const packs = quantity / offer.pack;
  const least = (offer.packsMin ?? 1) * offer.pack;
  const allowed = caps.reduce((most, { to }) => Math.min(most, to), cover.wanted);
  const packed = Math.max(1, Math.ceil(allowed / offer.pack)) * offer.pack;
  const onlyForMinimum = quantity === least && packed < least ? least - packed : 0;
  return {
    item: item.id,
    unit: item.unit,
    quantity,
    packs,
    pack: offer.pack,
    packPrice: offer.packPrice,
    price: packs * offer.packPrice,
    needBy: isoDay(prepared.today + (plan.outBy ?? plan.demand.length)),
    reason: {
      position: position(prepared, item),
      demand: demandReason(plan, cover.cover),
      leadTime: leadTimeReason(prepared, plan),
      wanted: cover.wanted,
      caps,
      onlyForPack: quantity - onlyForMinimum - allowed,
      onlyForMinimum,
      coverDays: coverDays(prepared, plan, quantity),
      outBefore: plan.outBefore,
      supplier: offers,
    },
  };
}

/** Why the items of a decision that are not ordered are not. */
export function notOrdered(prepared: Prepared, decision: Decision): readonly NotOrdered[] {
  return decision.lines
    .filter(({ quantity }) => quantity === 0)
    .map((line) => {
      const { plan } = line.chosen;
      const inDays = line.orderInDays;
      return {
        item: plan.item.id,
        unit: plan.item.unit,
        because: because(line),
        wouldOrderOn: inDays === undefined ? null : isoDay(prepared.today + Math.max(1, inDays)),
        wouldOrder: line.cover.quantity,
        position: position(prepared, plan.item),
        demand: demandReason(plan, line.cover.cover),
        leadTime: leadTimeReason(prepared, plan),
        waiting: line.waiting,
        caps: line.caps,
      };
    });
}

function because({ cover, caps, blocked, chosen }: DecidedLine): NotOrderedBecause {
  if (blocked !== undefined) return blocked;
  if (cover.wanted === 0) return "enough";
  if (cover.quantity > 0) return "waiting pays";
  return caps.some(({ to }) => to < chosen.plan.offer.pack) ? "no room" : "minimum too large";
}

/** An item that no supplier sells. */
export function withoutOffer(prepared: Prepared, item: Item): NotOrdered {
  return {
    item: item.id,
    unit: item.unit,
    because: "no offer",
    wouldOrderOn: null,
    wouldOrder: 0,
    position: position(prepared, item),
    demand: { next: 0, untilArrival: 0, duringCover: 0 },
    leadTime: null,
    waiting: { lost: 0, saved: 0 },
    caps: [],
  };
}

function position({ today, leadTimeOf }: Prepared, item: Item): Position {
  const open = (item.openOrders ?? []).map(({ id, supplier, quantity, placedOn }) => {
    const ageDays = today - dayOf(placedOn);
    const promised = item.offers.find((offer) => offer.supplier === supplier)?.promisedDays ?? 0;
    return { id, quantity, ageDays, comes: stillComes(leadTimeOf(supplier, promised), ageDays) };
  });
  return { onHand: item.onHand, reserved: item.reserved ?? 0, open };
}

function demandReason({ demand, lead }: ItemPlan, cover: number): DemandReason {
  const arrival = likeliest(lead);
  const sum = (from: number, to: number): number => {
    let units = 0;
    for (let day = from; day < Math.min(to, demand.length); day += 1) units += demand[day] ?? 0;
    return units;
  };
  return { next: demand[0] ?? 0, untilArrival: sum(0, arrival), duringCover: sum(arrival, arrival + cover) };
}

function leadTimeReason({ suppliers }: Prepared, { offer, lead }: ItemPlan): LeadTimeReason {
  const past = suppliers.get(offer.supplier)?.deliveries ?? [];
  return {
    promisedDays: offer.promisedDays,
    likeliestDays: likeliest(lead),
    lost: lead.at(-1) ?? 0,
    orders: past.length,
    writtenOff: past.filter(({ arrivedOn }) => arrivedOn === null).length,
  };
}

function likeliest(lead: Float64Array): number {
  const days = lead.subarray(0, lead.length - 1);
  return days.indexOf(Math.max(...days));
}

function coverDays(prepared: Prepared, { item, demand }: ItemPlan, quantity: number): number {
  const { onHand, reserved, open } = position(prepared, item);
  let rest =
    onHand - reserved + quantity + open.reduce((sum, order) => sum + order.quantity * order.comes, 0);
  for (let day = 0; day < demand.length; day += 1) {
    const wanted = demand[day] ?? 0;
    if (wanted > rest) return day + rest / wanted;
    rest -= wanted;
  }
  const daily = demand.reduce((a, b) => a + b, 0) / demand.length;
  return daily > 0 ? demand.length + rest / daily : demand.length;
}
