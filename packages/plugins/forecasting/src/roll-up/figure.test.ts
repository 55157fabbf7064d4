import { describe, expect, it } from "vitest";
import { add, isZero, moneyByCurrency, moneyIn, numbers } from "./figure.ts";
import { conversionsInto, isAbove, thresholdOf } from "./rounded-shares.ts";
import { byMethod, nothing } from "./tally.ts";

const eur = (amount: string) => ({ amount, currency: "EUR" });
const jpy = (amount: string) => ({ amount, currency: "JPY" });

describe("figures", () => {
  it("add up exactly, by currency, converted, and as numbers", () => {
    expect(add([eur("0.10"), jpy("3")], [eur("0.20")])).toEqual([eur("0.30"), jpy("3")]);
    expect(add(eur("99999999999999999.99"), eur("0.02"))).toEqual(eur("100000000000000000.01"));
    expect(add(0.1, 0.2)).toBe(0.3);
    expect(() => add(eur("1"), jpy("1"))).toThrow("do not add up");
  });

  it("are nothing where each currency is", () => {
    expect([isZero([]), isZero([eur("0.00"), jpy("0")]), isZero(eur("0.01")), isZero(0)]).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });

  it("come from exact parts, and go back to them", () => {
    const tally = new Map([
      ["JPY", 3n],
      ["EUR", -105n],
    ]);
    expect(moneyByCurrency.finish(tally)).toEqual([eur("-1.05"), jpy("3")]);
    expect(moneyByCurrency.tallyOf([eur("-1.05"), jpy("3")])).toEqual(tally);
    expect(numbers.finish(numbers.tallyOf(1.5))).toBe(1.5);
    const rates = new Map([["JPY", { numerator: 5n, denominator: 1_000n }]]);
    const rule = moneyIn({ in: "EUR", on: "2026-01-01" }, rates);
    // 1.5 cents less 105: half to even.
    expect(rule.finish(tally)).toEqual(eur("-1.04"));
    expect(rule.finish(nothing)).toEqual(eur("0.00"));
  });

  it("of the cumulative method are sums of those of each category", () => {
    const of = (units: bigint) => new Map([["EUR", units]]);
    const own = { pipeline: of(200n), best_case: of(150n), most_likely: nothing, commit: of(100n), closed: of(50n) };
    expect(byMethod("cumulative", own)).toEqual({
      pipeline: of(450n),
      best_case: of(300n),
      most_likely: of(150n),
      commit: of(150n),
      closed: of(50n),
    });
    expect(byMethod("single", own)).toBe(own);
  });

  it("are shared by largest remainder among amounts of several currencies, with negative ones among them", () => {
    const rates = new Map([
      ["USD", { numerator: 1n, denominator: 3n }],
      ["JPY", { numerator: 1n, denominator: 700n }],
    ]);
    const conversions = conversionsInto("EUR", rates, ["USD", "JPY", "EUR"]);
    const amounts = [
      ["USD", 100n],
      ["USD", -100n],
      ["USD", 50n],
      ["JPY", 3n],
      ["EUR", 7n],
    ] as const;
    const cuts = amounts.map(([currency, units], at) => ({
      id: `${at}`,
      ...conversions.cut(new Map([[currency, units]])),
    }));
    const sum = new Map<string, bigint>();
    for (const [currency, units] of amounts) sum.set(currency, (sum.get(currency) ?? 0n) + units);
    const total = conversions.total(sum);
    // 33.33, -33.33, 16.67, 0.43 and 7 cents.
    expect(total).toBe(24n);
    const threshold = thresholdOf(cuts, total - cuts.reduce((all, { whole }) => all + whole, 0n));
    expect(cuts.map((cut) => cut.whole + (isAbove(threshold, cut.id, cut) ? 1n : 0n))).toEqual([
      33n,
      -33n,
      17n,
      0n,
      7n,
    ]);
  });
});
