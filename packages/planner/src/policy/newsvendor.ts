// The newsvendor: one order for one period of uncertain demand.
import { standardNormalDensity, standardNormalQuantile } from "../random/normal.ts";
import { positive } from "./require.ts";

/** A quantity and what it is expected to cost. */
export interface NewsvendorOrder {
  readonly quantity: number;
  /** Money per period: what is left over and what is short. */
  readonly cost: number;
}

/**
 * The best order for normally distributed demand, where each unit left over costs `holding` and each unit
 * short costs `shortage`. Throws a `RangeError` where a cost or the deviation is not above zero. Snyder and
 * Shen, section 4.3.2.
 */
export function newsvendorNormal(parameters: {
  readonly holding: number;
  readonly shortage: number;
  readonly mean: number;
  readonly deviation: number;
}): NewsvendorOrder {
  positive(parameters, ["holding", "shortage", "deviation"]);
  const { holding, shortage, mean, deviation } = parameters;
  const z = standardNormalQuantile(shortage / (shortage + holding));
  return {
    quantity: mean + z * deviation,
    cost: (holding + shortage) * deviation * standardNormalDensity(z),
  };
}
