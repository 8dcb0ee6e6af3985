// The reasons of a plan for one item, as lines to read. All numbers come from the plan's own record.
import type {
  NotOrdered,
  OpenOrderReason,
  PlanningResult,
  Position,
  Proposal,
  ProposalLine,
} from "../planner/result.ts";
import type { Change } from "./change.ts";
import type { WhatItTakes } from "./what-it-takes.ts";

/** An explanation: one sentence, and then its grounds. */
export interface Explanation {
  readonly item: string;
  readonly headline: string;
  readonly grounds: readonly Ground[];
}

/** A ground: what it is about, and what there is to say. */
export interface Ground {
  readonly about: string;
  readonly text: string;
}

/** Why an item is ordered, or not; undefined where the plan does not know the item. */
export function whyItem(result: PlanningResult, id: string): Explanation | undefined {
  for (const proposal of result.proposals) {
    const line = proposal.lines.find(({ item }) => item === id);
    if (line !== undefined)
      return { item: id, headline: orderedHeadline(proposal, line), grounds: orderedGrounds(proposal, line) };
  }
  const not = result.notOrdered.find(({ item }) => item === id);
  return not === undefined ? undefined : { item: id, headline: notHeadline(not), grounds: notGrounds(not) };
}

function orderedHeadline(
  proposal: Proposal,
  { item, quantity, unit, packs, pack, price, needBy }: ProposalLine,
): string {
  return `${item}: order ${units(quantity, unit)} (${number(packs)} x ${units(pack, unit)}) from ${proposal.supplier} for ${money(price, proposal.currency)}, needed by ${needBy}.`;
}

function orderedGrounds(proposal: Proposal, line: ProposalLine): readonly Ground[] {
  const { reason, unit } = line;
  const { currency } = proposal;
  if (reason === undefined) return [{ about: "why", text: "the planner gives no reasons" }];
  return [
    ...positionGrounds(reason.position, unit),
    demandGround(reason.demand, unit),
    leadTimeGround(reason.leadTime),
    {
      about: "why now",
      text: `waiting a day is expected to lose ${money(proposal.waiting.lost, currency)} and saves ${money(proposal.waiting.saved, currency)}`,
    },
    {
      about: "why this much",
      text: `${units(reason.wanted, unit)} pay for themselves until the next order, ${days(proposal.coverDays)} later`,
    },
    ...reason.caps.map(({ by, from, to }) => ({
      about: "limited by",
      text: `${by}: ${units(from, unit)} to ${units(to, unit)}`,
    })),
    ...becauseOf("the pack", reason.onlyForPack, unit),
    ...becauseOf("the minimum", reason.onlyForMinimum, unit),
    { about: "lasts", text: `${number(reason.coverDays, 1)} days with what is there and still expected` },
    ...(reason.outBefore > 0.005
      ? [
          {
            about: "too late for",
            text: `${percent(reason.outBefore)} of the futures run out before it can come`,
          },
        ]
      : []),
    ...supplierGrounds(line, currency),
  ];
}

function becauseOf(what: string, quantity: number, unit: string): readonly Ground[] {
  const share = Math.round(quantity);
  if (share === 0) return [];
  const text =
    share > 0
      ? `${units(share, unit)} are only there for ${what}`
      : `${units(-share, unit)} less because of ${what}`;
  return [{ about: what, text }];
}

function supplierGrounds({ reason }: ProposalLine, currency: string): readonly Ground[] {
  if (reason === undefined || reason.supplier.length < 2) return [];
  return reason.supplier.map(({ supplier, price, cycle, delay, concentration, trust, chosen }) => {
    const sum = price + cycle + delay + concentration + trust;
    const parts = { price, "order, stock and shortage": cycle, delay, concentration, trust };
    const text = Object.entries(parts)
      .filter(([, part]) => part >= 0.5)
      .map(([name, part]) => `${name} ${money(part, currency)}`)
      .join(", ");
    return {
      about: chosen ? `from ${supplier}` : `not ${supplier}`,
      text: `${money(sum, currency)} a day: ${text}`,
    };
  });
}

function notHeadline({ item, because, wouldOrderOn }: NotOrdered): string {
  const later =
    wouldOrderOn === null ? "" : ` At the expected demand it would be ordered on ${wouldOrderOn}.`;
  return `${item}: order nothing. ${reasons[because]}.${later}`;
}

const reasons: Readonly<Record<NotOrdered["because"], string>> = {
  enough: "What is there and still expected lasts until a later order can come",
  "waiting pays": "An order today would cost more than it saves",
  "no offer": "No supplier offers it",
  "no room": "No whole pack fits the limits",
  "minimum too large": "The smallest order does not pay for itself",
  budget: "The budget is used up",
};

function notGrounds({ unit, position, demand, leadTime, waiting, caps }: NotOrdered): readonly Ground[] {
  return [
    ...positionGrounds(position, unit),
    demandGround(demand, unit),
    ...(leadTime === null ? [] : [leadTimeGround(leadTime)]),
    {
      about: "why not now",
      text: `waiting a day is expected to lose ${number(waiting.lost / 100, 2)} and saves ${number(waiting.saved / 100, 2)}`,
    },
    ...caps.map(({ by, from, to }) => ({
      about: "limited by",
      text: `${by}: ${units(from, unit)} to ${units(to, unit)}`,
    })),
  ];
}

function positionGrounds({ onHand, reserved, open }: Position, unit: string): readonly Ground[] {
  const free = reserved > 0 ? `, ${units(reserved, unit)} of it reserved` : "";
  return [
    { about: "there is", text: `${units(onHand, unit)}${free}` },
    ...open.map((order: OpenOrderReason) => ({
      about: "on order",
      text: `${units(order.quantity, unit)}, ${days(order.ageDays)} ago; it still comes with ${percent(order.comes)}`,
    })),
  ];
}

function demandGround({ next, untilArrival, duringCover }: NotOrdered["demand"], unit: string): Ground {
  return {
    about: "demand",
    text: `${units(next, unit)} today, ${units(untilArrival, unit)} until an order of today comes, ${units(duringCover, unit)} from then to the next`,
  };
}

function leadTimeGround({
  promisedDays,
  likeliestDays,
  lost,
  orders,
  writtenOff,
}: NonNullable<NotOrdered["leadTime"]>): Ground {
  return {
    about: "lead time",
    text: `promised ${days(promisedDays)}, likeliest ${number(likeliestDays)}; lost with ${percent(lost)} (${number(orders)} past orders, ${number(writtenOff)} of them written off)`,
  };
}

/** A change as lines: its parts in units, and their sum. */
export function changeGrounds({ before, after, shares }: Change, unit: string): readonly Ground[] {
  const signs = new Map([
    [1, "+"],
    [-1, "-"],
  ]);
  const signed = (value: number): string =>
    `${signs.get(Math.sign(value)) ?? ""}${units(Math.abs(value), unit)}`;
  return [
    { about: "before", text: units(before, unit) },
    ...shares.map(({ because, units: part }) => ({ about: because, text: signed(part) })),
    { about: "now", text: `${units(after, unit)} (${signed(after - before)})` },
  ];
}

/** What it would take, as lines. */
export function takesGrounds(takes: WhatItTakes, unit: string): readonly Ground[] {
  const { ordered, onHandAtMost, demandFactor } = takes;
  const verb = ordered ? "would not be ordered" : "would be ordered";
  const stock =
    onHandAtMost === undefined
      ? []
      : [
          {
            about: "stock",
            text: `with ${ordered ? "more than" : "no more than"} ${units(onHandAtMost, unit)} on hand it ${verb} today`,
          },
        ];
  const demand =
    demandFactor === undefined
      ? []
      : [
          {
            about: "demand",
            text: `with ${ordered ? "less than" : "at least"} ${number(demandFactor, 2)} times the demand it ${verb} today`,
          },
        ];
  return [...stock, ...demand];
}

function units(value: number, unit: string): string {
  const isMany = unit === "piece" && Math.round(value) !== 1;
  return `${number(value)} ${isMany ? "pieces" : unit}`;
}

function days(value: number): string {
  return `${number(value)} ${value === 1 ? "day" : "days"}`;
}

/** Minor units of money in the currency, hundredths assumed. */
function money(minor: number, currency: string): string {
  return `${(minor / 100).toFixed(2)} ${currency}`;
}

function percent(share: number): string {
  return `${number(share * 100, share < 0.1 ? 1 : 0)} %`;
}

function number(value: number, digits = 0): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}
