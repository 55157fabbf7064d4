import { describe, expect, it } from "vitest";
import { foldPhone, phoneDigits, phoneForms } from "./phone.ts";

describe("foldPhone", () => {
  it.each([
    ["+49 (0)30 123-456", "4930123456"],
    ["0049 30 123456", "4930123456"],
    ["030 123 456", "30123456"],
    ["(030)123.456", "30123456"],
    ["( 0 )30 1", "301"],
    ["+1 (415) 555-0100", "14155550100"],
    ["＋４９　３０－１", "49301"],
    ["٠٣٠ ١٢٣", "30123"],
    ["०३० १२३", "30123"],
    ["๐๓๐ ๑๒๓", "30123"],
    ["𝟎𝟑𝟎", "30"],
    ["555 0100 ext. 7", "55501007"],
    ["none", ""],
    ["000", ""],
    ["", ""],
  ])("reads %j as %j", (value, digits) => {
    expect(foldPhone(value)).toBe(digits);
    expect(foldPhone(digits)).toBe(digits);
  });

  it("reads every decimal digit of Unicode as its value", () => {
    const wrong: string[] = [];
    let digits = 0;
    for (let code = 0; code <= 0x1ffff; code++) {
      const character = String.fromCodePoint(code);
      if (!/\p{Nd}/u.test(character)) continue;
      // Scripts begin with their zero; mathematical digits are five rows of ten.
      const value = digits++ % 10;
      if (foldPhone(`1${character}`) !== `1${value}`) wrong.push(`U+${code.toString(16)}`);
    }
    expect(wrong).toEqual([]);
    expect(digits).toBeGreaterThan(600);
  });
});

describe("phoneDigits", () => {
  it.each([
    ["030 123 456", "30123456"],
    ["+49/30-12", "493012"],
    ["030–1234", "301234"],
    ["2026", "2026"],
  ])("of %j are %j", (text, digits) => {
    expect(phoneDigits(text)).toBe(digits);
  });

  it.each(["030", "0001", "", "+", "030 1234 ext", "a1234", "1234@x", "12,34", "#1234"])("are none of %j", (text) => {
    expect(phoneDigits(text)).toBeUndefined();
  });
});

describe("phoneForms", () => {
  it.each([
    ["493012345678", ["493012345678", "93012345678", "3012345678", "12345678"]],
    ["390612345678", ["390612345678", "90612345678", "612345678"]],
    ["1234567", ["1234567"]],
    ["123456789", ["123456789", "23456789", "3456789"]],
    ["1000001234567", ["1000001234567", "1234567"]],
  ])("of %j are %j", (digits, forms) => {
    expect(phoneForms(digits)).toEqual(forms);
  });
});
