import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { forecastSeries, type SeriesMethod } from "./forecast-series.ts";
import { decompose, isSeasonal } from "./seasonality.ts";

const file = fileURLToPath(new URL("../../../../../../shared/data/air-passengers/AirPassengers.csv", import.meta.url));
const present = existsSync(file);

describe.skipIf(!present)(`the real data set air-passengers${present ? "" : ` (skipped: there is no ${file})`}`, () => {
  const rows = present ? readFileSync(file, "utf8").trim().split("\n").slice(1) : [];
  const values = rows.map((row) => Number(row.split(",")[1]));

  it("has the season that R's decompose() finds", () => {
    const { indices } = decompose(Float64Array.from(values), 12, "multiplicative");
    const published = [0.9102, 0.8836, 1.0074, 0.9759, 0.9814, 1.1128, 1.2266, 1.2199, 1.0605, 0.9218, 0.8012, 0.8988];
    expect([...indices].map((index) => Math.round(index * 1e4) / 1e4)).toEqual(published);
    expect(isSeasonal(Float64Array.from(values), 12)).toBe(true);
  });

  it("forecasts 1960 from the years before by multiplicative forms, better than the baseline with a season", () => {
    const error = (method: SeriesMethod) => {
      const { points } = forecastSeries(values.slice(0, 132), { horizon: 12, season: 12, method });
      const off = values.slice(132).map((value, at) => Math.abs(value - points[at]!.mean) / value);
      return off.reduce((sum, each) => sum + each / 12, 0);
    };
    const { model } = forecastSeries(values.slice(0, 132), { horizon: 12, season: 12 });
    expect(model).toBe("ETS(M,A,M) + Theta, multiplicative season");
    expect(error("naive2")).toBeGreaterThan(0.065);
    expect(error("combination")).toBeLessThan(0.05);
    expect(error("exponential_smoothing")).toBeLessThan(0.046);
    expect(error("theta")).toBeLessThan(0.055);
    expect(error("dynamic_theta")).toBeLessThan(0.041);
  });
});
