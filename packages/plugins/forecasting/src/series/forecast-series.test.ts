import { CrmError } from "@relata/core/plugin";
import fc from "fast-check";
import { expect, it } from "vitest";
import { forecastSeries, type SeriesMethod, type SeriesOptions } from "./forecast-series.ts";

const methods: readonly SeriesMethod[] = [
  ...(["combination", "exponential_smoothing", "theta", "dynamic_theta", "naive", "naive2"] as const),
];
const line = Array.from({ length: 12 }, (_, at) => at + 1);
const means = (values: readonly number[], options: SeriesOptions) =>
  forecastSeries(values, options).points.map(({ mean }) => Math.round(mean * 100) / 100);

it("goes on along a line by exponential smoothing, and at half of its slope by Theta", () => {
  expect(means(line, { horizon: 3, method: "exponential_smoothing" })).toEqual([13, 14, 15]);
  expect(means(line, { horizon: 3, method: "theta" })).toEqual([12.5, 13, 13.5]);
  expect(means(line, { horizon: 3 })).toEqual([12.75, 13.5, 14.25]);
  expect(forecastSeries(line, { horizon: 1 })).toMatchObject({
    ...{ method: "combination", model: "ETS(M,A,N) + Theta", reason: null, level: 0.8 },
  });
});

it("finds the season of months and takes it on, and the baseline does too", () => {
  const year = [80, 90, 100, 110, 120, 130, 120, 110, 100, 90, 80, 70];
  const values = Array.from({ length: 60 }, (_, at) => year[at % 12]! * (1 + at / 60));
  const options = { horizon: 12, season: 12 };
  const truth = Array.from({ length: 12 }, (_, at) => year[at]! * (2 + at / 60));
  const off = (method: SeriesMethod) => {
    const said = forecastSeries(values, { ...options, method }).points;
    return Math.max(...said.map(({ mean }, at) => Math.abs(mean / truth[at]! - 1)));
  };
  expect(forecastSeries(values, options).model).toBe("ETS(M,A,M) + Theta, multiplicative season");
  expect(off("exponential_smoothing")).toBeLessThan(0.01);
  expect(off("combination")).toBeLessThan(0.05);
  expect(off("naive2")).toBeLessThan(0.12);
  expect(off("naive")).toBeGreaterThan(0.4);
});

it("takes an additive season where a value is zero or negative", () => {
  const values = Array.from({ length: 48 }, (_, at) => [-30, 10, 0, 20][at % 4]! + 5 * Math.sin(at * at));
  const { model, points } = forecastSeries(values, { horizon: 4, season: 4 });
  expect(model).toBe("ETS(A,N,A) + Theta, additive season");
  expect(points.map(({ mean }) => Math.round(mean / 10) * 10 + 0)).toEqual([-30, 10, 0, 20]);
});

it("makes intervals of the errors within the series: by hand for the last value", () => {
  // From the fifth value on the last one was off by 4, 5, 6 and 7; two steps on by 9, 11 and 13.
  const { points } = forecastSeries([1, 2, 4, 7, 11, 16, 22, 29], { horizon: 4, method: "naive", level: 0.8 });
  const half = (square: number) => 1.2815515 * Math.sqrt(square);
  const widths = [half((16 + 25 + 36 + 49) / 4), half((81 + 121 + 169) / 3)];
  // Three steps on were seen twice only: as a random walk goes on.
  widths.push(half((371 / 3) * (3 / 2)), half((371 / 3) * (4 / 2)));
  expect(points.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
  for (const [at, { mean, lower, upper }] of points.entries()) {
    expect(mean).toBe(29);
    expect(upper! - mean).toBeCloseTo(widths[at]!, 4);
    expect(lower).toBeCloseTo(29 - widths[at]!, 4);
  }
});

it("says which method it used in place of another, and why", () => {
  expect(forecastSeries([3, 4, 5, 6], { horizon: 2 })).toEqual({
    ...{ method: "naive", model: "naive", reason: "short", level: 0.8 },
    points: [
      { step: 1, mean: 6, lower: null, upper: null },
      { step: 2, mean: 6, lower: null, upper: null },
    ],
  });
  expect(forecastSeries([7, 7, 7, 7, 7, 7], { horizon: 1 })).toMatchObject({
    ...{ method: "naive", reason: "constant", points: [{ mean: 7, lower: 7, upper: 7 }] },
  });
  expect(forecastSeries([0, 0, 0, 0, 0], { horizon: 1, season: 12 }).points).toEqual([
    { step: 1, mean: 0, lower: 0, upper: 0 },
  ]);
  expect(forecastSeries([3, 1, 4, 1, 5], { horizon: 1, season: 12 }).method).toBe("combination");
});

it("says nothing below zero of a series that has nothing below zero", () => {
  const values = Array.from({ length: 30 }, (_, at) => Math.max(0, 60 - 2 * at - (at % 3)));
  for (const { mean, lower } of forecastSeries(values, { horizon: 24 }).points) {
    expect(mean).toBeGreaterThanOrEqual(0);
    expect(lower).toBeGreaterThanOrEqual(0);
  }
});

it("answers with finite numbers in order, whatever the series, the same ones each time and in proportion", () => {
  const value = fc.oneof(
    { weight: 4, arbitrary: fc.double({ min: -1e3, max: 1e3, noNaN: true }) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 3 }) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1e-300, 5e-324, 1e100, -1e100, 1e50) },
  );
  const values = fc.oneof(
    fc.array(value, { minLength: 1, maxLength: 40 }),
    fc.array(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 40 }),
  );
  const options = fc.record({
    horizon: fc.integer({ min: 1, max: 30 }),
    season: fc.constantFrom(1, 2, 4, 12, 1000),
    method: fc.constantFrom(...methods),
    level: fc.constantFrom(1e-300, 0.5, 0.8, 0.99999, 1 - 2 ** -53),
  });
  const holds = fc.property(values, options, (series, asked) => {
    const answer = forecastSeries(series, asked);
    expect(answer.points).toHaveLength(asked.horizon);
    for (const { mean, lower, upper } of answer.points) {
      expect(Number.isFinite(mean)).toBe(true);
      if (lower === null || upper === null) expect(series.length).toBeLessThan(5);
      else expect([Number.isFinite(upper - lower), lower <= mean, mean <= upper]).toEqual([true, true, true]);
    }
    expect(forecastSeries(series, asked)).toEqual(answer);
    // A power of two changes no digit, unless one is too small to have all of its digits.
    const half = series.map((each) => each / 2);
    if (half.some((each) => Math.abs(each) < 1e-290)) return;
    const said = forecastSeries(half, asked).points.map(({ mean }) => mean * 2);
    expect(said).toEqual(answer.points.map(({ mean }) => mean));
  });
  fc.assert(holds, { numRuns: 400 });
});

it.each([
  [[], { horizon: 1 }, "values", "must hold at least one value"],
  [
    [1, Number.NaN, 3],
    { horizon: 1 },
    "values.1",
    "is a gap (NaN): each period needs a number, 0 where nothing happened",
  ],
  [[1, 2, null], { horizon: 1 }, "values.2", "is a gap (null): each period needs a number, 0 where nothing happened"],
  [
    new Array(3),
    { horizon: 1 },
    "values.0",
    "is a gap (undefined): each period needs a number, 0 where nothing happened",
  ],
  [[1, Number.NEGATIVE_INFINITY], { horizon: 1 }, "values.1", "must lie within ±1e100"],
  ["1,2,3", { horizon: 1 }, "values", "must be an array of numbers"],
  [[1, 2], {}, "horizon", "is required"],
  [[1, 2], { horizon: 0 }, "horizon", "must be at least 1"],
  [[1, 2], { horizon: 1001 }, "horizon", "must be at most 1,000"],
  [[1, 2], { horizon: 1.5 }, "horizon", "must be a whole number"],
  [[1, 2], { horizon: 1, season: 0 }, "season", "must be at least 1: 1 is no season"],
  [[1, 2], { horizon: 1, level: 80 }, "level", "must be below 1, such as 0.8"],
  [[1, 2], { horizon: 1, level: 0 }, "level", "must be above 0, such as 0.8"],
  [
    ...([[1, 2], { horizon: 1, method: "arima" }, "method"] as const),
    'must be one of "combination", "exponential_smoothing", "theta", "dynamic_theta", "naive", "naive2"',
  ],
  [[1, 2], { horizon: 1, seasons: 4 }, "seasons", "is not a field that can be written here"],
] as [unknown, unknown, string, string][])(
  "refuses %j with %j, and names the field %s",
  (...[values, options, field, words]) => {
    let error: unknown;
    try {
      forecastSeries(values as number[], options as SeriesOptions);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(CrmError);
    expect(error).toMatchObject({
      code: "invalid_input",
      message: `series forecast.${field} ${words}.`,
      details: { field },
    });
  },
);
