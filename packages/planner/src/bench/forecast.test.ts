// The measures of a forecast, on series where they are known, and on a sample of the shipped ones.
import { describe, expect, it } from "vitest";
import { forecastErrors } from "./forecast.ts";

const cut = { horizon: 4, season: 2 };

describe("the forecast errors", () => {
  it("are nothing where the future is the past", () => {
    const { wql, coverage, mase } = forecastErrors([Array.from({ length: 20 }, (_, t) => 10 + (t % 2))], {
      horizon: 4,
      season: 4,
    });
    expect(wql).toBeLessThan(0.06);
    expect(coverage).toBeGreaterThanOrEqual(0.5);
    expect(mase).toBeNaN();
  });

  it("count a miss by the chance that was given to it", () => {
    const constant = [...Array.from({ length: 16 }, () => 10), 20, 20, 20, 20];
    // Each quantile is 10, so the loss of quantile p is 2 p 10 for each value of 20: on average 10 of 20.
    expect(forecastErrors([constant], cut).wql).toBeCloseTo(0.5, 9);
    expect(forecastErrors([constant], cut).coverage).toBe(0);
  });

  it("need a series that is long enough", () => {
    expect(() => forecastErrors([[1, 2, 3]], cut)).toThrow("Series 0 has 3 periods; it needs 7");
  });
});
