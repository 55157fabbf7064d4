import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldText } from "./text.ts";
import { placesOf } from "./text-places.ts";

function found(value: string, words: readonly string[]): readonly string[] {
  return placesOf(value, words).map(([from, to]) => value.slice(from, to));
}

describe("placesOf", () => {
  it.each<[string, string[], string[]]>([
    ["ACME Rockets", ["rock", "acme"], ["Rock", "ACME"]],
    ["Crème brûlée", ["brulee", "nobody"], ["brûlée"]],
    ["Cre\u0300me", ["crem"], ["Cre\u0300m"]],
    ["Straße", ["ss", "s", "rasse"], ["ß", "S", "raße"]],
    ["ﬁnance", ["i", "fin"], ["ﬁ", "ﬁn"]],
    ["Ｍ＆Ａ部", ["&a", "部"], ["＆Ａ", "部"]],
    ["🚀🚀 Zoë", ["zoe"], ["Zoë"]],
    ["𠮷野家", ["𠮷"], ["𠮷"]],
    ["น้ำใจ", ["น\u0e49\u0e4d"], ["น้ำ"]],
    ["Ὀδυσσεύς", ["σευσ"], ["σεύς"]],
  ])("in %j of %j are %j", (value, words, expected) => {
    expect(found(value, words)).toEqual(expected);
  });

  it("are the whole text where the folding joins characters", () => {
    expect(placesOf("ﾔﾏﾀﾞ", ["ダ"])).toEqual([[0, 4]]);
    expect(placesOf("\u1112\u1161\u11ab국", ["국", "한"])).toEqual([[0, 4]]);
  });

  it("are none in a text that has none of the words", () => {
    expect(placesOf("Ämter", ["x"])).toEqual([]);
    expect(placesOf("", ["x"])).toEqual([]);
  });

  it("hold the word, folded, for any text and any part of it", () => {
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }));
    const check = (value: string, start: number, length: number) => {
      const folded = foldText(value);
      const word = Array.from(folded)
        .slice(start, start + length)
        .join("");
      if (word === "") return;
      for (const [from, to] of placesOf(value, [word])) {
        expect(from).toBeLessThan(to);
        expect(to).toBeLessThanOrEqual(value.length);
        expect(foldText(value.slice(from, to))).toContain(word);
      }
      expect(placesOf(value, [word])).toHaveLength(1);
    };
    fc.assert(fc.property(text, fc.nat(8), fc.integer({ min: 1, max: 4 }), check), { numRuns: 2_000 });
  });
});
