// Forecasts measured on the last periods of recorded series, as GIFT-Eval does: weighted quantile loss,
// scaled error, coverage.
import { forecastQuantiles } from "../demand/forecast.ts";

/** Errors over all series. */
export interface ForecastErrors {
  /** Mean over the quantiles of 2 x pinball loss / sum of what was. */
  readonly wql: number;
  /**
   * Mean over the series of the median's absolute error over the mean seasonal difference of the training
   * part.
   */
  readonly mase: number;
  /** Share of values within the quantiles .1 and .9. */
  readonly coverage: number;
  readonly series: number;
}

/** What is cut off and forecast. */
export interface Cut {
  readonly horizon: number;
  readonly season: number;
}

const quantiles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;
const median = quantiles.indexOf(0.5);

/**
 * Forecasts the last `horizon` periods of each series from those before; a series that is too short throws a
 * `RangeError`.
 */
export function forecastErrors(
  series: readonly (readonly number[])[],
  cut: Cut,
  done: (count: number) => void = () => {},
): ForecastErrors {
  const sums = { loss: 0, wanted: 0, within: 0, values: 0, scaled: 0, scalable: 0 };
  series.forEach((values, index) => {
    if (values.length < cut.horizon + cut.season + 1)
      throw new RangeError(
        `Series ${index} has ${values.length} periods; it needs ${cut.horizon + cut.season + 1} for this horizon and season.`,
      );
    addErrors(sums, values, cut);
    done(index + 1);
  });
  return {
    wql: sums.loss / quantiles.length / sums.wanted,
    mase: sums.scaled / sums.scalable,
    coverage: sums.within / sums.values,
    series: series.length,
  };
}

interface Sums {
  loss: number;
  wanted: number;
  within: number;
  values: number;
  scaled: number;
  scalable: number;
}

function addErrors(sums: Sums, values: readonly number[], { horizon, season }: Cut): void {
  const training = values.slice(0, -horizon);
  const forecast = forecastQuantiles(training, { horizon, season, quantiles });
  let error = 0;
  values.slice(-horizon).forEach((value, k) => {
    const at = forecast[k] ?? [];
    quantiles.forEach((p, index) => {
      const miss = value - (at[index] ?? 0);
      sums.loss += 2 * Math.max(p * miss, (p - 1) * miss);
    });
    error += Math.abs(value - (at[median] ?? 0));
    sums.wanted += Math.abs(value);
    sums.values += 1;
    if (value >= (at[0] ?? 0) && value <= (at.at(-1) ?? 0)) sums.within += 1;
  });
  const scale = seasonalDifference(training, season);
  // A series whose seasons never differ has no scale.
  if (scale === 0) return;
  sums.scaled += error / horizon / scale;
  sums.scalable += 1;
}

function seasonalDifference(values: readonly number[], season: number): number {
  let sum = 0;
  for (let t = season; t < values.length; t += 1)
    sum += Math.abs((values[t] ?? 0) - (values[t - season] ?? 0));
  return sum / (values.length - season);
}
