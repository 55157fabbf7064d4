import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDecimals, fromScaled, shortest, toScaled, toScaledUnbounded } from "./decimal.ts";
import { divideRounded } from "./divide-rounded.ts";

const MAX = 9_223_372_036_854_775_807n;

describe("toScaled", () => {
  it.each([
    ["12500.00", 2, 1_250_000n],
    ["12500", 2, 1_250_000n],
    ["0.05", 2, 5n],
    ["-0.05", 2, -5n],
    ["-0", 2, 0n],
    ["-0.00", 2, 0n],
    ["007.5", 2, 750n],
    ["1.5000000", 2, 150n],
    ["12500", 0, 12_500n],
    ["12500.000", 0, 12_500n],
    ["92233720368547758.07", 2, MAX],
    ["-92233720368547758.07", 2, -MAX],
  ])("%s with %i decimals is %d", (value, scale, scaled) => {
    expect(toScaled(value, scale)).toBe(scaled);
  });

  it.each([
    ["0.005", 2, "too_many_decimals"],
    ["1.5", 0, "too_many_decimals"],
    ["92233720368547758.08", 2, "out_of_range"],
    ["-92233720368547758.08", 2, "out_of_range"],
    ["1".repeat(100), 2, "out_of_range"],
    ["1".repeat(101), 2, "invalid_number"],
    ["", 2, "invalid_number"],
    ["-", 2, "invalid_number"],
    ["+1", 2, "invalid_number"],
    [".5", 2, "invalid_number"],
    ["5.", 2, "invalid_number"],
    ["1e3", 2, "invalid_number"],
    ["0x10", 2, "invalid_number"],
    ["1,5", 2, "invalid_number"],
    ["1 000", 2, "invalid_number"],
    ["1\n", 2, "invalid_number"],
    ["NaN", 2, "invalid_number"],
    ["Infinity", 2, "invalid_number"],
    ["١٢", 2, "invalid_number"],
  ])("refuses %s with %i decimals: %s", (value, scale, problem) => {
    expect(toScaled(value, scale)).toBe(problem);
  });

  it("has no bound for figures that are only compared", () => {
    expect(toScaledUnbounded("92233720368547758.08", 2)).toBe(MAX + 1n);
  });

  it("is undone by fromScaled, for every 64-bit integer and scale", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -MAX, max: MAX }), fc.integer({ min: 0, max: 18 }), (scaled, scale) => {
        expect(toScaled(fromScaled(scaled, scale), scale)).toBe(scaled);
        expect(toScaled(shortest(fromScaled(scaled, scale)), scale)).toBe(scaled);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("fromScaled", () => {
  it.each([
    [1_250_000n, 2, "12500.00"],
    [5n, 2, "0.05"],
    [-5n, 2, "-0.05"],
    [0n, 2, "0.00"],
    [-100n, 2, "-1.00"],
    [42n, 0, "42"],
    [-42n, 0, "-42"],
    [1n, 18, "0.000000000000000001"],
  ])("%d with %i decimals is %s", (scaled, scale, value) => {
    expect(fromScaled(scaled, scale)).toBe(value);
  });
});

describe("shortest", () => {
  it.each([
    ["12.500000", "12.5"],
    ["12.000", "12"],
    ["100", "100"],
    ["0.00", "0"],
    ["-0.10", "-0.1"],
    ["1000.0", "1000"],
  ])("%s is %s", (value, expected) => {
    expect(shortest(value)).toBe(expected);
  });
});

describe("divideRounded", () => {
  it.each([
    [5n, 10n, 0n],
    [15n, 10n, 2n],
    [25n, 10n, 2n],
    [35n, 10n, 4n],
    [-5n, 10n, 0n],
    [-15n, 10n, -2n],
    [-25n, 10n, -2n],
    [26n, 10n, 3n],
    [24n, 10n, 2n],
    [1n, 3n, 0n],
    [2n, 3n, 1n],
    [0n, 7n, 0n],
    [10n ** 40n + 5n, 10n, 10n ** 39n],
    [10n ** 40n + 15n, 10n, 10n ** 39n + 2n],
  ])("%d / %d is %d", (numerator, denominator, expected) => {
    expect(divideRounded(numerator, denominator)).toBe(expected);
  });

  it("rounds half to even, exactly, for integers of any size", () => {
    const exact = (numerator: bigint, denominator: bigint) => {
      const negative = numerator < 0n;
      const size = negative ? -numerator : numerator;
      const [whole, rest] = [size / denominator, (size % denominator) * 2n];
      const up = rest > denominator || (rest === denominator && whole % 2n === 1n);
      const rounded = whole + (up ? 1n : 0n);
      return negative ? -rounded : rounded;
    };
    const half = fc
      .tuple(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.bigInt({ min: 1n, max: 10n ** 20n }))
      .map(([odd, denominator]) => [(odd * 2n + 1n) * denominator, denominator * 2n] as const);
    const any = fc.tuple(fc.bigInt({ min: -(10n ** 45n), max: 10n ** 45n }), fc.bigInt({ min: 1n, max: 10n ** 24n }));
    fc.assert(
      fc.property(fc.oneof(half, any), ([numerator, denominator]) => {
        expect(divideRounded(numerator, denominator)).toBe(exact(numerator, denominator));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("addDecimals", () => {
  it.each([
    [["33.33", "33.33", "33.34"], "100"],
    [["0.1", "0.2"], "0.3"],
    [["100", "0.0001"], "100.0001"],
    [["1.5", "-1.5"], "0"],
    [["10"], "10"],
    [[], "0"],
  ])("%j is %s", (values, sum) => {
    expect(addDecimals(values)).toBe(sum);
  });

  it.each(["", "1e3", "1,5", "."])("refuses %j", (value) => {
    expect(() => addDecimals(["1", value])).toThrow(RangeError);
  });
});
