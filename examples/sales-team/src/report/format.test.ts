import { expect, it } from "vitest";
import { formatCount, formatMean, formatMoney, formatShare } from "./format.ts";

it("groups digits, and keeps every one of them", () => {
  expect(formatCount(8800)).toBe("8,800");
  expect(formatMoney([{ amount: "10005534.00", currency: "USD" }])).toBe("USD 10,005,534");
  expect(formatMoney([{ amount: "9007199254740993.25", currency: "USD" }])).toBe("USD 9,007,199,254,740,993.25");
});

it("names each currency, and 0 where there is none", () => {
  expect(
    formatMoney([
      { amount: "5", currency: "EUR" },
      { amount: "7.5", currency: "USD" },
    ]),
  ).toBe("EUR 5 + USD 7.5");
  expect(formatMoney([])).toBe("0");
});

it("gives shares and means one digit, and a dash where there is nothing to divide by", () => {
  expect(formatShare(4238, 6711)).toBe("63.2 %");
  expect(formatShare(0, 0)).toBe("–");
  expect(formatMean("51.781973")).toBe("51.8");
  expect(formatMean(null)).toBe("–");
});
