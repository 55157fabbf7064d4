import fc from "fast-check";
import { expect, it } from "vitest";
import { compareExact, exactOf, factorOf, plus, textAt, times, unitsAt } from "./exact.ts";

it("takes decimals in their shortest form, and per cent as a factor", () => {
  expect(exactOf("-12.500")).toEqual({ units: -125n, scale: 1 });
  expect([factorOf("100"), factorOf("37.5"), factorOf("0")]).toEqual([
    { units: 1n, scale: 0 },
    { units: 375n, scale: 3 },
    { units: 0n, scale: 0 },
  ]);
});

it("rounds half to even, on both sides of nothing", () => {
  const rounded = ["0.5", "1.5", "2.5", "-0.5", "-1.5", "-2.51", "2.4999"].map((text) => unitsAt(exactOf(text), 0));
  expect(rounded).toEqual([0n, 2n, 2n, 0n, -2n, -3n, 2n]);
  expect([textAt(exactOf("-0.005"), 2), textAt(exactOf("7"), 2), textAt(exactOf("-0.049"), 1)]).toEqual([
    "0.00",
    "7.00",
    "0.0",
  ]);
});

it("adds, multiplies and compares as whole numbers do", () => {
  const decimal = fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(9));
  fc.assert(
    fc.property(decimal, decimal, ([a, s], [b, t]) => {
      const [one, other] = [exactOf(textAt({ units: a, scale: s }, s)), exactOf(textAt({ units: b, scale: t }, t))];
      const [left, right] = [a * 10n ** BigInt(18 - s), b * 10n ** BigInt(18 - t)];
      expect(unitsAt(plus(one, other), 18)).toBe(left + right);
      expect(unitsAt(times(one, other), 36)).toBe(left * right);
      expect(compareExact(one, other)).toBe(left < right ? -1 : Number(left > right));
    }),
  );
});
