import { expect, it } from "vitest";
import { nelderMead } from "./nelder-mead.ts";

const precise = { tolerance: 1e-14, mostEvaluations: 5_000 };

it("finds the floor of Rosenbrock's valley from its usual start", () => {
  const valley = (at: Float64Array) => 100 * (at[1]! - at[0]! ** 2) ** 2 + (1 - at[0]!) ** 2;
  const { at, value } = nelderMead(valley, { start: [-1.2, 1], steps: [0.5, 0.5], ...precise });
  expect(at[0]).toBeCloseTo(1, 5);
  expect(at[1]).toBeCloseTo(1, 5);
  expect(value).toBeLessThan(1e-10);
});

it("stays within bounds that are told as Infinity, and goes up to them", () => {
  const bounded = (at: Float64Array) => (at[0]! < 0.25 ? Number.POSITIVE_INFINITY : at[0]! ** 2 + (at[1]! - 3) ** 2);
  const { at } = nelderMead(bounded, { start: [1, 0], steps: [0.1, 0.1], ...precise });
  expect(at[0]).toBeGreaterThanOrEqual(0.25);
  expect(at[0]).toBeCloseTo(0.25, 3);
  expect(at[1]).toBeCloseTo(3, 2);
});

it("asks no more often than it may", () => {
  let asked = 0;
  const counted = (at: Float64Array) => {
    asked++;
    return Math.sin(at[0]! * 1e3) + Math.sin(at[1]! * 1e3);
  };
  nelderMead(counted, { start: [0, 0], steps: [1, 1], tolerance: 0, mostEvaluations: 50 });
  expect(asked).toBeLessThanOrEqual(53);
});
