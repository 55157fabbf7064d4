import fc from "fast-check";
import { expect, it } from "vitest";
import { minorUnitsOf } from "./money.ts";
import { shareOut } from "./share-out.ts";

const shares = (amount: string, weights: readonly string[], currency = "EUR") =>
  shareOut({ amount, currency }, weights).map((share) => share.amount);

it.each([
  ["100.00", ["1", "1", "1"], ["33.34", "33.33", "33.33"]],
  ["100.00", ["33.33", "33.33", "33.34"], ["33.33", "33.33", "33.34"]],
  ["0.01", ["50", "50"], ["0.01", "0.00"]],
  ["-0.01", ["50", "50"], ["-0.01", "0.00"]],
  ["-100.00", ["1", "1", "1"], ["-33.34", "-33.33", "-33.33"]],
  ["0.05", ["1", "0", "3"], ["0.01", "0.00", "0.04"]],
  ["10.00", ["200", "-100"], ["20.00", "-10.00"]],
  ["10.00", ["-1", "-1"], ["5.00", "5.00"]],
  ["0.00", ["1", "2"], ["0.00", "0.00"]],
  ["0.00", ["0", "0"], ["0.00", "0.00"]],
  ["1.00", ["0.000000000000000000000001", "0.000000000000000000000002"], ["0.33", "0.67"]],
  ["5.00", ["7"], ["5.00"]],
])("%s by %j is %j", (amount, weights, expected) => {
  expect(shares(amount, weights)).toEqual(expected);
});

it("knows the minor unit of the currency", () => {
  expect(shares("100", ["1", "1", "1"], "JPY")).toEqual(["34", "33", "33"]);
  expect(shares("1.000", ["1", "1", "1"], "KWD")).toEqual(["0.334", "0.333", "0.333"]);
});

it("refuses weights that add up to nothing, or are none", () => {
  const refused = (weights: readonly unknown[]) => () =>
    shareOut({ amount: "1.00", currency: "EUR" }, weights as never);
  for (const weights of [[], ["0"], ["1", "-1"]])
    expect(refused(weights)).toThrow("The weights that 1.00 EUR is shared by add up to nothing.");
  for (const weight of ["", "one", 1, null, "1e3"])
    expect(refused(["1", weight])).toThrow("Weight 1 is no decimal with at most 24 digits after the point.");
});

it("adds up to the total, each share less than a minor unit from its part", () => {
  const weight = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(fc.integer(), fc.array(weight, { minLength: 1, maxLength: 12 }), (cents, weights) => {
      const sum = weights.reduce((all, each) => all + each, 0);
      fc.pre(sum > 0);
      const amount = `${cents < 0 ? "-" : ""}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, "0")}`;
      const units = shareOut({ amount, currency: "EUR" }, weights.map(String)).map((share) =>
        Number(minorUnitsOf(share)),
      );
      expect(units.reduce((all, each) => all + each, 0)).toBe(cents);
      for (const [i, own] of units.entries()) expect(Math.abs(own - (cents * weights[i]!) / sum)).toBeLessThan(1);
    }),
  );
});
