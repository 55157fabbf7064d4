import { expect, it } from "vitest";
import { chanceShift, type OpenChances, shiftedBy } from "./open-chances.ts";

const window = (chance: number, share: number): OpenChances => ({
  owners: new Int32Array(100),
  chances: new Float64Array(100).fill(chance),
  amounts: new Float64Array(100).fill(1),
  won: Uint8Array.from({ length: 100 }, (_, at) => (at < 100 * share ? 1 : 0)),
});
/** Chances after the shift that the same windows give. */
const shifted = (ended: readonly OpenChances[], chance: number) =>
  shiftedBy(window(chance, 0), chanceShift(ended)).chances[0]!;

it("shifts chances to what was seen, as if two more windows had gone as expected", () => {
  const six = (chance: number, share: number) => Array.from({ length: 6 }, () => window(chance, share));
  expect(shifted(six(0.2, 0.2), 0.2)).toBeCloseTo(0.2, 6);
  expect(shifted(six(0.2, 0.4), 0.2)).toBeCloseTo(0.35, 6);
  expect(shifted([window(0.2, 0.4)], 0.2)).toBeCloseTo(0.2 + 0.2 / 3, 6);
});

it("goes no further than what was seen, however far off chances were", () => {
  const six = (chance: number, share: number) => Array.from({ length: 6 }, () => window(chance, share));
  expect(shifted(six(0.01, 0.4), 0.01)).toBeCloseTo(0.01 + 0.75 * 0.39, 6);
  expect(shifted(six(0.99, 0.4), 0.99)).toBeCloseTo(0.99 - 0.75 * 0.59, 6);
  expect(shifted(six(0.5, 0), 0.5)).toBeCloseTo(0.125, 6);
  expect(shifted(six(0.5, 1), 0.5)).toBeCloseTo(0.875, 6);
  expect(chanceShift([])).toBe(0);
});
