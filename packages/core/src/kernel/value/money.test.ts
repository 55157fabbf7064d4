import { expect, it } from "vitest";
import { moneyOf } from "./money.ts";

it.each([
  [1_250_000n, "EUR", "12500.00"],
  [0n, "EUR", "0.00"],
  [-5n, "EUR", "-0.05"],
  [12_500n, "JPY", "12500"],
  [1_234n, "KWD", "1.234"],
  [1n, "CLF", "0.0001"],
  [9_223_372_036_854_775_807n, "EUR", "92233720368547758.07"],
])("%d minor units of %s are %s", (minorUnits, currency, amount) => {
  expect(moneyOf(minorUnits, currency)).toEqual({ amount, currency });
});

it("of a sum can be larger than any stored amount", () => {
  expect(moneyOf(10n ** 30n, "EUR").amount).toBe("10000000000000000000000000000.00");
});
