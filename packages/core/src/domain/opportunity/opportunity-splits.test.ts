import fc from "fast-check";
import { expect, it } from "vitest";
import { amountsOf } from "./opportunity-splits.ts";

const digits = { EUR: 2, JPY: 0, KWD: 3, CLF: 4 } as const;
const currencies = fc.constantFrom("EUR", "JPY", "KWD", "CLF");

/** Shares of 100 % with four decimals: the gaps between cuts. */
const percents = fc
  .uniqueArray(fc.integer({ min: 1, max: 999_999 }), { maxLength: 12 })
  .map((cuts) => [0, ...cuts.sort((a, b) => a - b), 1_000_000])
  .map((cuts) => cuts.slice(1).map((cut, i) => cut - cuts[i]!));

function text(units: bigint, decimals: number): string {
  const size = (units < 0n ? -units : units).toString().padStart(decimals + 1, "0");
  const whole = size.slice(0, size.length - decimals);
  return `${units < 0n ? "-" : ""}${whole}${decimals === 0 ? "" : `.${size.slice(-decimals)}`}`;
}

it("shares out every amount exactly, each share less than a minor unit from its part, whatever the order", () => {
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 17n), 10n ** 17n), currencies, percents, (...[units, currency, parts]) => {
      const amount = { amount: text(units, digits[currency]), currency };
      const splits = parts.map((part, i) => ({ userId: `user-${i}`, percent: text(BigInt(part), 4) }));
      const amounts = amountsOf(amount, "revenue", splits);
      expect(amountsOf(amount, "revenue", splits.toReversed())).toEqual(amounts);
      const shares = splits.map(({ userId }) => BigInt(amounts.get(userId)!.amount.replace(".", "")));
      expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(units);
      for (const [i, share] of shares.entries()) {
        const off = share * 1_000_000n - units * BigInt(parts[i]!);
        expect(off < 1_000_000n && off > -1_000_000n).toBe(true);
      }
    }),
  );
});

it("gives an odd unit, of equal parts, to the first user by id", () => {
  const amounts = amountsOf({ amount: "-0.05", currency: "EUR" }, "revenue", [
    { userId: "c", percent: "33.3333" },
    { userId: "b", percent: "33.3334" },
    { userId: "a", percent: "33.3333" },
  ]);
  expect([...amounts].map(([userId, share]) => `${userId} ${share?.amount}`)).toEqual([
    "a -0.02",
    "b -0.02",
    "c -0.01",
  ]);
});
