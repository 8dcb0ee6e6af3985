// InventoryBench (Baek et al. 2026, arXiv 2602.12631): a planner is run on recorded demand, period by period,
// and scored. Its own harness leaks which orders are lost, as its in-transit total omits them. Here a planner
// sees what a buyer sees: the orders that it placed, and the arrivals, each with the order it belongs to.
import type { InventoryPlanner } from "../planner/result.ts";
import type { Delivery, OpenOrder, PlanningSnapshot } from "../planner/snapshot.ts";
import { isoDay } from "../time/day.ts";

/** One instance: demand, lead times and prices. */
export interface Instance {
  readonly path: string;
  /** `lead_time_0`, `lead_time_4` or `lead_time_stochastic`. */
  readonly batch: string;
  /** Periods known before the first order. */
  readonly training: readonly number[];
  readonly demand: readonly number[];
  /** For the order of each period, the periods until it comes; -1: never. A planner does not see it. */
  readonly leadTimes: readonly number[];
  readonly promised: number;
  /** Profit of a unit that is sold, and cost of one that is left at the end of a period. */
  readonly p: number;
  readonly h: number;
}

const firstDay = 10_957;
const item = "item";
const supplier = "supplier";

/** The instance's score: max(0, reward / (p x demand)). */
export function scoreInstance(planner: InventoryPlanner, instance: Instance): number {
  const { demand, leadTimes, p, h } = instance;
  const known = [...instance.training];
  const deliveries: Delivery[] = [];
  let open: OrderUnderWay[] = [];
  let stock = 0;
  let reward = 0;
  for (let period = 0; period < demand.length; period += 1) {
    const quantity = ordered(planner, snapshotOf(instance, { period, stock, known, open, deliveries }));
    const taken = leadTimes[period] ?? -1;
    if (quantity > 0) open.push({ period, quantity, arrives: taken < 0 ? Infinity : period + taken });
    for (const order of open.filter(({ arrives }) => arrives === period)) {
      stock += order.quantity;
      deliveries.push({
        placedOn: isoDay(firstDay + order.period),
        arrivedOn: isoDay(firstDay + period),
        promisedDays: instance.promised,
      });
    }
    open = open.filter(({ arrives }) => arrives > period);
    const wanted = demand[period] ?? 0;
    const sold = Math.min(stock, wanted);
    stock -= sold;
    reward += p * sold - h * stock;
    known.push(wanted);
  }
  const most = p * demand.reduce((a, b) => a + b, 0);
  return Math.max(0, reward / most);
}

interface OrderUnderWay {
  readonly period: number;
  readonly quantity: number;
  /** Hidden from the planner. */
  readonly arrives: number;
}

interface Moment {
  readonly period: number;
  readonly stock: number;
  readonly known: readonly number[];
  readonly open: readonly OrderUnderWay[];
  readonly deliveries: readonly Delivery[];
}

function snapshotOf({ training, promised, p, h }: Instance, moment: Moment): PlanningSnapshot {
  return {
    asOf: isoDay(firstDay + moment.period),
    currency: "USD",
    items: [
      {
        id: item,
        unit: "piece",
        onHand: moment.stock,
        demand: { from: isoDay(firstDay - training.length), quantities: [...moment.known] },
        openOrders: moment.open.map(openOrder),
        offers: [{ supplier, pack: 1, packPrice: 0, promisedDays: promised }],
        costs: { holding: h, shortage: p },
      },
    ],
    suppliers: [{ id: supplier, deliveries: [...moment.deliveries] }],
    policy: { seasons: [] },
  };
}

function openOrder({ period, quantity }: OrderUnderWay): OpenOrder {
  return { id: `order ${period}`, supplier, quantity, placedOn: isoDay(firstDay + period) };
}

function ordered(planner: InventoryPlanner, snapshot: PlanningSnapshot): number {
  const { proposals } = planner.plan(snapshot);
  return proposals.reduce(
    (sum, { lines }) => sum + lines.reduce((units, { quantity }) => units + quantity, 0),
    0,
  );
}

/** Mean scores. */
export interface Scores {
  readonly overall: number;
  readonly batches: Readonly<Record<string, number>>;
  readonly instances: number;
}

/** Scores all instances; `done` hears how many are scored. */
export function scoreInstances(
  planner: InventoryPlanner,
  instances: readonly Instance[],
  done: (count: number) => void = () => {},
): Scores {
  const scores = instances.map((instance, index) => {
    const score = scoreInstance(planner, instance);
    done(index + 1);
    return { batch: instance.batch, score };
  });
  const byBatch = Map.groupBy(scores, ({ batch }) => batch);
  const mean = (some: readonly { readonly score: number }[]): number =>
    some.reduce((sum, { score }) => sum + score, 0) / some.length;
  return {
    overall: mean(scores),
    batches: Object.fromEntries([...byBatch].map(([batch, some]) => [batch, mean(some)])),
    instances: scores.length,
  };
}
