import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareText, foldText, textLength, textProblem } from "./text.ts";

describe("textProblem", () => {
  it("refuses NUL, and says where it is", () => {
    expect(textProblem("a\0b")).toBe("contains a NUL character at position 1");
  });

  it.each(["\ud800", "a\udc00b", "\udc00\ud800", "😀\ud83d"])("refuses a lone surrogate in %j", (value) => {
    expect(textProblem(value)).toBe("contains half of a surrogate pair, which is not a character");
  });

  it.each(["", "plain", "😀", "\u{10ffff}", "\u0001", "\u202e", "a\u0301"])("takes %j", (value) => {
    expect(textProblem(value)).toBeUndefined();
  });
});

describe("textLength", () => {
  it.each([
    ["", 0],
    ["abc", 3],
    ["😀", 1],
    ["a😀b😀", 4],
    ["👩‍👧", 3],
    ["e\u0301", 2],
  ])("of %j is %i code points", (value, expected) => {
    expect(textLength(value)).toBe(expected);
  });

  it("is that of the code points, for any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (value) => textLength(value) === Array.from(value).length));
  });
});

describe("foldText", () => {
  it.each([
    ["case", "AcMe", "acme"],
    ["sharp s", "Straße", "strasse"],
    ["capital sharp s", "STRAẞE", "strasse"],
    ["dotted capital I", "İstanbul", "istanbul"],
    ["dotless i", "Iğdır ışık", "igdir isik"],
    ["capital sigma", "ΟΔΥΣΣΕΥΣ", "οδυσσευσ"],
    ["final sigma", "Ὀδυσσεύς", "οδυσσευσ"],
    ["full width", "ＡＢＣ１２３", "abc123"],
    ["half-width katakana", "ｶﾞｰﾃﾞﾝ", "ガーデン"],
    ["accents, composed", "Crème Brûlée", "creme brulee"],
    ["accents, decomposed", "Cre\u0300me Bru\u0302le\u0301e", "creme brulee"],
    ["Vietnamese", "Nguyễn Ái Quốc", "nguyen ai quoc"],
    ["Cyrillic", "Ёлка Й", "елка и"],
    ["Arabic harakat", "مُحَمَّدٌ", "محمد"],
    ["Arabic hamza carriers", "أحمد إبراهيم", "احمد ابراهيم"],
    ["ligatures", "ﬁnance oﬀer Œuvre", "finance offer œuvre"],
    ["superscripts", "m²", "m2"],
    ["the Kelvin and Ångström signs", "\u212a \u212b", "k a"],
    ["Roman numerals", "Henry Ⅷ", "henry viii"],
  ])("folds %s", (_, value, expected) => {
    expect(foldText(value)).toBe(expected);
  });

  it.each([
    ["Thai vowel signs and tones", "น้ำใจ", "น\u0e49\u0e4d\u0e32ใจ"],
    ["Hindi vowel signs", "हिन्दी किताब", "हिन्दी किताब"],
    ["Tamil", "தமிழ்", "தமிழ்"],
    ["Japanese dakuten", "がぎぐ ハバパ", "がぎぐ ハバパ"],
    ["Hangul", "한국어", "한국어"],
    ["Chinese", "客户关系", "客户关系"],
    ["emoji", "😀👩‍👧", "😀👩‍👧"],
  ])("leaves %s as they are", (_, value, expected) => {
    expect(foldText(value)).toBe(expected);
  });

  it("keeps apart what a voicing mark or a vowel sign makes different", () => {
    expect(foldText("か")).not.toBe(foldText("が"));
    expect(foldText("ハ")).not.toBe(foldText("パ"));
    expect(foldText("कि")).not.toBe(foldText("की"));
    expect(foldText("กา")).not.toBe(foldText("กี"));
  });

  it("makes decomposed Hangul the same as composed", () => {
    expect(foldText("\u1112\u1161\u11ab")).toBe("한");
  });

  it("is idempotent for every character that Unicode has assigned", () => {
    const changed: string[] = [];
    for (let code = 1; code <= 0x10ffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      if (code === 0x20000) code = 0xe0000;
      if (code === 0xe1000) break;
      const folded = foldText(String.fromCodePoint(code));
      if (foldText(folded) !== folded) changed.push(`U+${code.toString(16)}`);
    }
    expect(changed).toEqual([]);
  });

  it("is idempotent for any text, and blind to case and composition", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom(..."aAıİßẞΣσςéÉ\u0301\u0323\u0345ǆǅﬁŉΐᾳ한ᄒ\u1161ガﾞ") }),
    );
    fc.assert(
      fc.property(text, (value) => {
        const folded = foldText(value);
        expect(foldText(folded)).toBe(folded);
        expect(foldText(value.normalize("NFD"))).toBe(folded);
        expect(foldText(value.normalize("NFC"))).toBe(folded);
        expect(folded.normalize("NFC")).toBe(folded);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("compareText", () => {
  it("puts characters beyond the basic plane after all others, unlike UTF-16", () => {
    expect(compareText("\uffff", "😀")).toBeLessThan(0);
    expect("\uffff" < "😀").toBe(false);
    expect(compareText("😀", "\ue000")).toBeGreaterThan(0);
  });

  it("puts capitals before small letters, and a beginning before what it begins", () => {
    expect(["b", "B", "a", "ab", "", "é", "z"].toSorted(compareText)).toEqual(["", "B", "a", "ab", "b", "z", "é"]);
  });

  it("is the order of code points", () => {
    const byCodePoints = (a: string, b: string) => {
      const [x, y] = [Array.from(a), Array.from(b)];
      for (let i = 0; i < Math.min(x.length, y.length); i++) {
        const difference = x[i]!.codePointAt(0)! - y[i]!.codePointAt(0)!;
        if (difference !== 0) return Math.sign(difference);
      }
      return Math.sign(x.length - y.length);
    };
    const unit = fc.oneof(
      fc.constantFrom("a", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{10ffff}"),
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    );
    const text = fc.string({ unit, maxLength: 6 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(byCodePoints(a, b));
      }),
      { numRuns: 2_000 },
    );
  });

  it("is the order of UTF-8 bytes, which databases use", () => {
    const text = fc.string({ unit: "binary", maxLength: 4 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});
