import { expect, it } from "vitest";
import { calibrationOf } from "./calibration.ts";
import { scoresOf } from "./scores.ts";

const forecasts = [
  { mean: 110, p10: 80, p50: 100, p90: 130, outcome: 100 },
  { mean: 60, p10: 50, p50: 60, p90: 80, outcome: 40 },
];

it("scores what was forecast against what came", () => {
  const scores = scoresOf(forecasts)!;
  expect(scores.bias).toBeCloseTo(30 / 140, 12);
  expect(scores.wMape).toBeCloseTo(20 / 140, 12);
  expect(scores.mape).toBeCloseTo(0.25, 12);
  // (2 + 0 + 3) / 3 of the first, (9 + 10 + 4) / 3 of the second.
  expect(scores.pinball).toBeCloseTo(28 / 6, 12);
  expect(scores.coverage).toBe(0.5);
});

it("has no MAPE where an outcome is zero, and nothing relative where all are", () => {
  const none = { mean: 5, p10: 0, p50: 5, p90: 10, outcome: 0 };
  expect(scoresOf([...forecasts, none])!.mape).toBeUndefined();
  expect(scoresOf([none])).toEqual({ forecasts: 1, pinball: 3.5 / 3, coverage: 1 });
  expect(scoresOf([])).toBeUndefined();
});

it("tells whether chances are what they say", () => {
  const cases = [
    { chance: 0.2, won: false, constant: 0.5 },
    { chance: 0.25, won: true, constant: 0.5 },
    { chance: 1, won: true, constant: 0.5 },
  ];
  const { brier, constantBrier, reliability } = calibrationOf(cases)!;
  expect(brier).toBeCloseTo((0.04 + 0.5625) / 3, 12);
  expect(constantBrier).toBe(0.25);
  expect(reliability).toEqual([
    { from: 0.2, deals: 2, meanChance: 0.225, won: 0.5 },
    { from: 0.9, deals: 1, meanChance: 1, won: 1 },
  ]);
  expect(calibrationOf([])).toBeUndefined();
});
