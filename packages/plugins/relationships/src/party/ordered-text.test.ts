import { compareText } from "@relata/core/plugin";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { orderedText } from "./ordered-text.ts";

const sign = (difference: number) => Math.sign(difference);

describe("values as texts", () => {
  it("have the order of numbers", () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(number, number, (a, b) => {
        const texts = compareText(orderedText("number", a), orderedText("number", b));
        expect(sign(texts)).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
      { numRuns: 2_000 },
    );
    expect(orderedText("number", -0)).toBe(orderedText("number", 0));
  });

  it("have the order of decimals, exactly", () => {
    const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${max}}$`));
    const decimal = fc
      .tuple(fc.constantFrom("", "-"), digits(18), fc.option(digits(18)))
      .map(([minus, whole, fraction]) => `${minus}${whole}${fraction === null ? "" : `.${fraction}`}`);
    const scaled = (value: string) => {
      const [whole = "", fraction = ""] = value.replace("-", "").split(".");
      const amount = BigInt(whole + fraction.padEnd(18, "0"));
      return value.startsWith("-") ? -amount : amount;
    };
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const texts = compareText(orderedText("decimal", a), orderedText("decimal", b));
        expect(sign(texts)).toBe(scaled(a) < scaled(b) ? -1 : scaled(a) > scaled(b) ? 1 : 0);
      }),
      { numRuns: 2_000 },
    );
  });
});
