// Guardrails for a whole order: the supplier, the money, the state of the agent, and the switches.
import { parseDay } from "../time/day.ts";
import type { Delivery, Supplier } from "../planner/snapshot.ts";
import type { GuardContext } from "./context.ts";
import { above, type Finding, quoted } from "./finding.ts";
import type { ProposedOrder } from "./proposed-order.ts";

/**
 * A guardrail for an order. `total` is its price at the offers of the snapshot or its own prices, whichever
 * is more.
 */
type OrderGuard = (subject: OrderSubject) => readonly Finding[];

/** An order and the world it is judged in. */
interface OrderSubject {
  readonly order: ProposedOrder;
  readonly total: number;
  readonly supplier: Supplier;
  readonly context: GuardContext;
}

/** Nothing that it needs has been stopped by a person. */
const killSwitch: OrderGuard = ({ order, context }) => {
  const { all, agents, suppliers, items } = context.record.stopped;
  const stopped = [
    ...(all ? ["everything"] : []),
    ...agents.filter((agent) => agent === context.agent).map((agent) => `agent ${quoted(agent)}`),
    ...suppliers
      .filter((supplier) => supplier === order.supplier)
      .map((supplier) => `supplier ${quoted(supplier)}`),
    ...items
      .filter((item) => order.lines.some((line) => line.item === item))
      .map((item) => `item ${quoted(item)}`),
  ];
  return stopped.map((what) => ({
    guard: "kill switch",
    verdict: "block",
    number: 1,
    limit: 0,
    text: `${what} is stopped`,
  }));
};

/** The snapshot is of today. */
const staleSnapshot: OrderGuard = ({ context }) => {
  const age = (parseDay(context.today) ?? Number.NaN) - (parseDay(context.snapshot.asOf) ?? Number.NaN);
  // A snapshot of the future is as wrong as an old one.
  const measure = { name: "age of the snapshot", number: age < 0 ? Number.NaN : age, unit: " d" };
  return above("stale snapshot", { ...measure, limit: context.limits.snapshotAgeDays }, { verdict: "block" });
};

/** Money is in the currency of the snapshot. */
const currency: OrderGuard = ({ order, context }) =>
  order.currency === context.snapshot.currency
    ? []
    : [
        {
          guard: "currency",
          verdict: "block",
          number: 0,
          limit: 0,
          text: `currency ${quoted(order.currency)}, not ${context.snapshot.currency}`,
        },
      ];

/** Every budget that it falls under has the money. */
const budget: OrderGuard = ({ order, total, context }) =>
  (context.snapshot.budgets ?? [])
    .filter(({ supplier }) => supplier === undefined || supplier === order.supplier)
    .flatMap(({ id, limit, reserved, spent }) =>
      above(
        "budget",
        { name: `budget ${quoted(id)}: order`, number: total, limit: Math.max(0, limit - reserved - spent) },
        { verdict: "block" },
      ),
    );

/** One person, or two, above limits of money. */
const people: OrderGuard = ({ total, context }) => {
  const { onePerson, twoPeople } = context.limits;
  const two = above("two people", { name: "order", number: total, limit: twoPeople }, { verdict: "ask" });
  return two.length > 0
    ? two
    : above("one person", { name: "order", number: total, limit: onePerson }, { verdict: "ask" });
};

/** The supplier's record: a fraud guard. Until something has arrived, orders stay small. */
const trust: OrderGuard = ({ supplier, total, context }) => {
  const { limits } = context;
  const past = supplier.deliveries ?? [];
  const arrived = past.filter(({ arrivedOn }) => arrivedOn !== null);
  if (arrived.length === 0)
    return above(
      "new supplier",
      { name: "first order", number: total, limit: limits.firstOrder },
      { verdict: "block" },
    );
  const recent = past.slice(-20);
  const share = (of: (delivery: Delivery) => boolean): number => recent.filter(of).length / recent.length;
  const ask = { verdict: "ask" } as const;
  return [
    ...above(
      "supplier trust",
      {
        name: "orders never delivered",
        number: share(({ arrivedOn }) => arrivedOn === null),
        limit: limits.neverDelivered,
        unit: "%",
      },
      ask,
    ),
    ...above(
      "supplier trust",
      { name: "orders late", number: share(isLate), limit: limits.late, unit: "%" },
      ask,
    ),
    ...above(
      "supplier trust",
      { name: "orders short", number: share(({ filled = 1 }) => filled < 1), limit: limits.short, unit: "%" },
      ask,
    ),
  ];
};

function isLate({ placedOn, arrivedOn, promisedDays }: Delivery): boolean {
  return arrivedOn !== null && (parseDay(arrivedOn) ?? 0) - (parseDay(placedOn) ?? 0) > promisedDays;
}

/** The agent has done well enough lately; otherwise its licence is lowered by the caller. */
const circuitBreaker: OrderGuard = ({ context }) => {
  const { proposals, rejected, regret, degraded } = context.record.breaker;
  const { limits } = context;
  const ask = { verdict: "ask" } as const;
  // Of very few proposals a share says nothing.
  const share = proposals >= 5 ? rejected / proposals : 0;
  return [
    ...above(
      "circuit breaker",
      { name: "proposals rejected", number: share, limit: limits.rejectedShare, unit: "%" },
      ask,
    ),
    ...above("circuit breaker", { name: "regret", number: regret, limit: limits.regret }, ask),
    ...above("circuit breaker", { name: "degraded runs", number: degraded, limit: limits.degradedRuns }, ask),
  ];
};

/** In the order in which they judge an order. */
export const orderGuards: readonly OrderGuard[] = [
  killSwitch,
  staleSnapshot,
  currency,
  budget,
  people,
  trust,
  circuitBreaker,
];
