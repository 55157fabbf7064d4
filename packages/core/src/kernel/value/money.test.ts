import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addMoney, moneyOf, multiplyMoney, shareOut } from "./money.ts";

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

describe("shareOut", () => {
  it.each([
    ["100.00", "EUR", ["33.33", "33.33", "33.34"], ["33.33", "33.33", "33.34"]],
    ["100.00", "EUR", ["1", "1", "1"], ["33.34", "33.33", "33.33"]],
    ["0.02", "EUR", ["1", "1", "1"], ["0.01", "0.01", "0.00"]],
    ["-100.00", "EUR", ["1", "1", "1"], ["-33.34", "-33.33", "-33.33"]],
    ["100", "JPY", ["50.5", "49.5"], ["51", "49"]],
    ["10.001", "KWD", ["50", "50"], ["5.001", "5.000"]],
    ["10.00", "EUR", ["0", "100"], ["0.00", "10.00"]],
    ["0.00", "EUR", ["30", "70"], ["0.00", "0.00"]],
    ["0.05", "EUR", ["10", "20", "70"], ["0.01", "0.01", "0.03"]],
  ])("%s %s by %j is %j", (...[amount, currency, weights, shares]) => {
    expect(shareOut({ amount, currency }, weights).map((share) => share.amount)).toEqual(shares);
  });

  it.each([[[]], [["0"]], [["0", "0.00"]], [["101", "-1"]], [["x"]]])("refuses the weights %j", (weights) => {
    expect(() => shareOut({ amount: "1", currency: "EUR" }, weights)).toThrow(RangeError);
  });

  const amounts = fc.tuple(fc.bigInt(-(10n ** 17n), 10n ** 17n), fc.constantFrom("EUR", "JPY", "KWD", "CLF"));
  const weights = fc
    .array(fc.tuple(fc.nat(10_000_000), fc.nat(4)), { minLength: 1, maxLength: 20 })
    .filter((given) => given.some(([value]) => value > 0));

  it("adds up exactly, and is less than one minor unit from each exact share", () => {
    fc.assert(
      fc.property(amounts, weights, ([minorUnits, currency], given) => {
        const shares = shareOut(moneyOf(minorUnits, currency), given.map(asText)).map(minorUnitsOf);
        expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(minorUnits);
        const exact = given.map(([value, decimals]) => scaled(value, decimals));
        const whole = exact.reduce((sum, weight) => sum + weight, 0n);
        shares.forEach((share, i) => {
          const off = share * whole - minorUnits * exact[i]!;
          expect(off < whole && off > -whole).toBe(true);
        });
      }),
    );
  });

  it("gives each the same in any order, but for equal remainders, of which the first come first", () => {
    fc.assert(
      fc.property(amounts, weights, ([minorUnits, currency], given) => {
        const total = moneyOf(minorUnits, currency);
        const there = shareOut(total, given.map(asText)).map(minorUnitsOf);
        const back = shareOut(total, given.map(asText).reverse()).map(minorUnitsOf).reverse();
        const whole = given.reduce((sum, [value, decimals]) => sum + scaled(value, decimals), 0n);
        const size = minorUnits < 0n ? -minorUnits : minorUnits;
        const remainder = ([value, decimals]: readonly [number, number]) => (size * scaled(value, decimals)) % whole;
        const positive = (share: bigint) => (minorUnits < 0n ? -share : share);
        there.forEach((share, i) => {
          if (share === back[i]) return;
          const rivals = given.filter((weight) => remainder(weight) === remainder(given[i]!));
          expect(rivals.length).toBeGreaterThan(1);
        });
        given.forEach((a, i) => {
          given.slice(i + 1).forEach((b, j) => {
            if (remainder(a) !== remainder(b)) return;
            const up = (weight: readonly [number, number], share: bigint) =>
              positive(share) - (size * scaled(...weight)) / whole;
            expect(up(a, there[i]!) >= up(b, there[i + 1 + j]!)).toBe(true);
          });
        });
      }),
    );
  });
});

function scaled(value: number, decimals: number): bigint {
  return BigInt(value) * 10n ** BigInt(4 - decimals);
}

/** 12345 with 2 decimals is "123.45". */
function asText([value, decimals]: readonly [number, number]): string {
  const digits = String(value).padStart(decimals + 1, "0");
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

function minorUnitsOf({ amount }: { readonly amount: string }): bigint {
  return BigInt(amount.replace(".", ""));
}
