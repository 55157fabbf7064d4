import { expect, it } from "vitest";
import { minorDigitsOf } from "./currency.ts";

it.each([
  ["EUR", 2],
  ["USD", 2],
  ["CHF", 2],
  ["CNY", 2],
  ["HUF", 2],
  ["BGN", 2],
  ["HRK", 2],
  ["XCG", 2],
  ["VED", 2],
  ["ZWG", 2],
  ["MGA", 2],
  ["MRU", 2],
  ["USN", 2],
  ["COU", 2],
  ["JPY", 0],
  ["KRW", 0],
  ["ISK", 0],
  ["VND", 0],
  ["CLP", 0],
  ["PYG", 0],
  ["UYI", 0],
  ["XOF", 0],
  ["XAF", 0],
  ["XPF", 0],
  ["KWD", 3],
  ["BHD", 3],
  ["JOD", 3],
  ["OMR", 3],
  ["TND", 3],
  ["LYD", 3],
  ["IQD", 3],
  ["CLF", 4],
  ["UYW", 4],
])("%s has %i digits after the point", (currency, digits) => {
  expect(minorDigitsOf(currency)).toBe(digits);
});

it.each(["XXX", "XTS", "XAU", "XAG", "XPT", "XPD", "XDR", "DEM", "eur", "EU", "EURO", "", "BTC", "constructor"])(
  "%j is no currency to hold amounts in",
  (code) => {
    expect(minorDigitsOf(code)).toBeUndefined();
  },
);
