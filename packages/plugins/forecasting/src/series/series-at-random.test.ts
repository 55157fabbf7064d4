/** Whatever the numbers are, a forecast of them is finite, and its intervals hold the mean. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, it } from "vitest";
import { forecastSeries, type SeriesMethod } from "./forecast-series.ts";

const methods: readonly SeriesMethod[] = [
  ...(["combination", "exponential_smoothing", "theta"] as const),
  ...(["dynamic_theta", "naive", "naive2"] as const),
];

type Random = (below: number) => number;

const shapes: readonly ((at: number, random: Random) => number)[] = [
  () => 0,
  () => 7,
  (_at, random) => random(1_000),
  (_at, random) => (random(4) === 0 ? random(100) : 0),
  (at, random) => (at % 12) * 10 + random(5) + 1,
  (at) => (at % 2 === 0 ? 1e100 : -1e100),
  (at) => 1e-300 * (at + 1),
  (at, random) => (at === 3 ? 1e100 : random(10)),
  (at) => -((at % 4) + 1) * 100,
  (at) => 1.5 ** at,
  (at) => (at < 5 ? 0 : 1e12),
  (_at, random) => random(200) - 100,
  (at) => (at % 4 === 0 ? 1e-12 : 1e12),
  (at) => 5e-324 * (at % 3),
];

it("holds for any series, method, season and horizon", { timeout: 60_000 }, () => {
  for (let seed = 1; seed <= Number(process.env.FUZZ ?? 150); seed += 1) {
    const generator = xoroshiro128plus(seed);
    const random: Random = (below) => Math.floor(uniformFloat64(generator) * below);
    const shape = random(shapes.length);
    const length = [1, 2, 3, 4, 5, 6, 9, 14, 30, 60][random(10)]!;
    const values = Array.from({ length }, (_, at) => shapes[shape]!(at, random));
    const season = [1, 2, 4, 7, 12, 100][random(6)]!;
    const method = methods[random(methods.length)]!;
    const horizon = [1, 2, 12, 100, 1_000][random(5)]!;
    const level = [0.0001, 0.5, 0.8, 1 - 2 ** -53][random(4)]!;
    const { points } = forecastSeries(values, { season, method, horizon, level });
    const of = `seed ${seed}: ${method} of ${length} of shape ${shape}, season ${season}, horizon ${horizon}, level ${level}`;
    expect(points.length, of).toBe(horizon);
    const neverBelow = values.every((value) => value >= 0) ? 0 : Number.NEGATIVE_INFINITY;
    for (const { mean, lower, upper } of points) {
      expect(Number.isFinite(mean) && mean >= neverBelow, `${of}: mean ${mean}`).toBe(true);
      if (lower === null || upper === null) continue;
      const ordered = lower >= neverBelow && lower <= mean && mean <= upper;
      expect(ordered && Number.isFinite(lower) && Number.isFinite(upper), `${of}: ${lower} ${mean} ${upper}`).toBe(
        true,
      );
    }
  }
});
