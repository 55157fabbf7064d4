import { describe, expect, it } from "vitest";
import { addMoney, moneyOf } from "./money.ts";
import { multiplyMoney } from "./multiply-money.ts";

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

describe("addMoney", () => {
  it.each([
    ["0.10", "0.20", "EUR", "0.30"],
    ["1", "-2.50", "EUR", "-1.50"],
    ["1.001", "0.999", "KWD", "2.000"],
    ["92233720368547758.07", "0.01", "EUR", "92233720368547758.08"],
  ])("%s and %s in %s are %s", (...[a, b, currency, amount]) => {
    expect(addMoney({ amount: a, currency }, { amount: b, currency })).toEqual({ amount, currency });
  });

  it("refuses two currencies", () => {
    expect(() => addMoney({ amount: "1", currency: "EUR" }, { amount: "1", currency: "USD" })).toThrow(RangeError);
  });
});

describe("multiplyMoney", () => {
  it.each([
    ["19.99", "EUR", "3", "1", "59.97"],
    ["0.05", "EUR", "0.5", "1", "0.02"],
    ["0.15", "EUR", "0.5", "1", "0.08"],
    ["-0.05", "EUR", "0.5", "1", "-0.02"],
    ["100.00", "EUR", "1", "3", "33.33"],
    ["1000.00", "EUR", "33.3333", "100", "333.33"],
    ["5", "JPY", "1", "2", "2"],
    ["7", "JPY", "1", "2", "4"],
    ["1.000", "KWD", "0.0005", "1", "0.000"],
    ["1.000", "KWD", "0.0015", "1", "0.002"],
    ["12.00", "EUR", "0", "1", "0.00"],
  ])("%s %s times %s over %s is %s", (...[amount, currency, factor, divisor, product]) => {
    expect(multiplyMoney({ amount, currency }, factor, divisor)).toEqual({ amount: product, currency });
  });

  it.each(["", "1e3", "x", "--1"])("refuses the factor %j", (factor) => {
    expect(() => multiplyMoney({ amount: "1", currency: "EUR" }, factor)).toThrow(RangeError);
  });
});
