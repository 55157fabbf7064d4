import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { convertMoney, inverseOf, isMoney, ratioOf, sumConverted, timesRatio } from "./ratio.ts";

const money = (amount: string, currency: string) => ({ amount, currency });

describe("convertMoney", () => {
  it.each([
    ["100.00 USD", "0.925", "92.50 EUR"],
    ["0.01 EUR", "0.5", "0.00 USD"],
    ["0.03 EUR", "0.5", "0.02 USD"],
    ["0.05 EUR", "0.5", "0.02 USD"],
    ["-0.05 EUR", "0.5", "-0.02 USD"],
    ["-0.03 EUR", "0.5", "-0.02 USD"],
    ["100 JPY", "0.0061", "0.61 EUR"],
    ["1.00 EUR", "163.5", "164 JPY"],
    ["1.00 EUR", "162.5", "162 JPY"],
    ["1.234 KWD", "3.25", "4.01 USD"],
    ["1.00 USD", "0.3071234567", "0.307 KWD"],
    ["90000000000000000.01 EUR", "1.0000000001", "90000000009000000.01 USD"],
  ])("of %s by %s is %s", (given, rate, expected) => {
    const [[amount, from], [converted, to]] = [given.split(" "), expected.split(" ")];
    expect(convertMoney(money(amount!, from!), ratioOf(rate), to!)).toEqual(money(converted!, to!));
  });

  it("by an inverse is exact: a third is no 0.3333", () => {
    expect(convertMoney(money("300000000000.00", "USD"), inverseOf(ratioOf("3")), "EUR").amount).toBe(
      "100000000000.00",
    );
    expect(convertMoney(money("100.00", "USD"), inverseOf(ratioOf("1.0835")), "EUR").amount).toBe("92.29");
  });

  it("over two steps is rounded once", () => {
    const there = ratioOf("0.015");
    const back = ratioOf("100");
    expect(convertMoney(money("0.30", "USD"), timesRatio(there, back), "EUR").amount).toBe("0.45");
  });
});

describe("sumConverted", () => {
  const part = (minorUnits: bigint, currency: string, rate: string) => ({
    minorUnits,
    currency,
    ratio: rate.startsWith("1/") ? inverseOf(ratioOf(rate.slice(2))) : ratioOf(rate),
  });

  it("rounds once, at the end", () => {
    const halves = Array.from({ length: 4 }, () => part(1n, "USD", "0.5"));
    expect(sumConverted(halves, "EUR")).toBe(2n);
    expect(sumConverted([part(1n, "USD", "1/3"), part(1n, "USD", "1/3"), part(1n, "CHF", "1/3")], "EUR")).toBe(1n);
    expect(sumConverted([part(1n, "JPY", "0.0063"), part(1n, "KWD", "3")], "EUR")).toBe(1n);
    expect(sumConverted([], "EUR")).toBe(0n);
  });

  it("divides by what weights were multiplied with", () => {
    expect(sumConverted([part(10_000n * 33_33n, "USD", "0.5")], "EUR", 10_000n)).toBe(1666n);
  });

  it("sees a tie, and what is off it by less than any decimal shows", () => {
    const rates = Array.from({ length: 366 }, (_, i) => `1.${1_000_003 + 2 * i}`);
    const parts = rates.map((rate) => part(1n, "USD", `1/${rate}`));
    const back = parts.map(({ ratio }) => ({ minorUnits: -1n, currency: "USD", ratio }));
    expect(sumConverted([...parts, ...back, part(5n, "USD", "0.1")], "EUR")).toBe(0n);
    expect(sumConverted([...parts, ...back, part(15n, "USD", "0.1")], "EUR")).toBe(2n);
    expect(
      sumConverted([...parts, ...back, part(5n, "USD", "0.1"), part(1n, "USD", "0.000000000000000000000001")], "EUR"),
    ).toBe(1n);
  });

  it("does not depend on the order, nor on how amounts are divided", () => {
    const anyPart = fc.record({
      minorUnits: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
      currency: fc.constantFrom("USD", "JPY", "KWD"),
      ratio: fc.record({
        numerator: fc.bigInt({ min: 1n, max: 10n ** 12n }),
        denominator: fc.bigInt({ min: 1n, max: 10n ** 12n }),
      }),
    });
    fc.assert(
      fc.property(fc.array(anyPart, { maxLength: 8 }), (parts) => {
        const sum = sumConverted(parts, "EUR");
        expect(sumConverted(parts.toReversed(), "EUR")).toBe(sum);
        const divided = parts.flatMap((one) => {
          const first = one.minorUnits / 3n;
          return [
            { ...one, minorUnits: first },
            { ...one, minorUnits: one.minorUnits - first },
          ];
        });
        expect(sumConverted(divided, "EUR")).toBe(sum);
      }),
    );
  });
});

it.each([
  ["1.00", "EUR", true],
  ["1.005", "EUR", false],
  ["1.005", "KWD", true],
  ["1", "EURO", false],
  ["1e3", "EUR", false],
  ["", "EUR", false],
  ["999999999999999999", "EUR", false],
])("whether %j %s is money", (amount, currency, expected) => {
  expect(isMoney({ amount, currency })).toBe(expected);
});
