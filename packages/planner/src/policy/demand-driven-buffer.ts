// DDMRP buffers: three zones of a stock, sized from average use, lead time and variability.
import { positive } from "./require.ts";

/** The tops of the zones, in units. */
export interface DemandDrivenBuffer {
  readonly topOfRed: number;
  readonly topOfYellow: number;
  readonly topOfGreen: number;
}

/**
 * The zones of a buffer (Ptak and Smith, *Demand Driven Material Requirements Planning*, 2016, chapter 7).
 * Yellow is the use of a lead time. Green is the largest of yellow times the lead-time factor, the minimum
 * order, and the use of an order cycle. Red is a base, yellow times the lead-time factor, and a safety, the
 * base times the variability factor. Throws a `RangeError` where use or lead time is not above zero.
 */
export function demandDrivenBuffer(parameters: {
  /** Units per day. */
  readonly averageUse: number;
  readonly leadTimeDays: number;
  /** 0.2 (long lead time) to 1 (short). */
  readonly leadTimeFactor: number;
  /** 0 (steady) to 1 and more. */
  readonly variabilityFactor: number;
  readonly orderMin?: number;
  readonly orderCycleDays?: number;
}): DemandDrivenBuffer {
  positive(parameters, ["averageUse", "leadTimeDays", "leadTimeFactor"]);
  const {
    averageUse,
    leadTimeDays,
    leadTimeFactor,
    variabilityFactor,
    orderMin = 0,
    orderCycleDays = 0,
  } = parameters;
  const yellow = averageUse * leadTimeDays;
  const redBase = yellow * leadTimeFactor;
  const topOfRed = redBase + redBase * variabilityFactor;
  const green = Math.max(yellow * leadTimeFactor, orderMin, averageUse * orderCycleDays);
  return { topOfRed, topOfYellow: topOfRed + yellow, topOfGreen: topOfRed + yellow + green };
}

/**
 * What is ordered at a net flow position (on hand, and on order, less due demand and spikes): up to green
 * once it is in yellow.
 */
export function demandDrivenOrder({ topOfYellow, topOfGreen }: DemandDrivenBuffer, netFlow: number): number {
  return netFlow <= topOfYellow ? topOfGreen - netFlow : 0;
}
