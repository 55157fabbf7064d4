/** Text operators are literal, exact and by code point. */
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import { and, contains, endsWith, eq, isIn, not, startsWith } from "../question/condition.ts";
import { sales } from "../schema/sales.ts";

const names = {
  percent: "100% sure",
  underscore: "snake_case",
  backslash: "C:\\temp\\x",
  quote: 'O\'Hara "& Sons"',
  bracket: "[a-z]*?^",
  plain: "1000 sure",
  astral: "rocket 🚀 man",
  composed: "caf\u00e9",
  decomposed: "cafe\u0301",
  family: "👨‍👩‍👧",
};
const given = { accounts: Object.entries(names).map(([id, name]) => ({ id, name })) };

const finds = (name: string, where: ReturnType<typeof contains>, ids: readonly string[]) =>
  fact(name, async (bench) => {
    const store = await bench.open(sales, given);
    expect(await store.list({ table: "accounts", where })).toEqual(ids);
  });

export const text: Suite = {
  name: "text",
  facts: [
    finds("takes % literally in contains", contains("name", "0%"), ["percent"]),
    finds("takes % literally in startsWith", startsWith("name", "1%"), []),
    finds("takes % literally in endsWith", endsWith("name", "%sure"), []),
    finds("takes _ literally in contains", contains("name", "_"), ["underscore"]),
    finds("takes _ literally in startsWith", startsWith("name", "1_0"), []),
    finds("takes _ literally in endsWith", endsWith("name", "s_re"), []),
    finds("takes a backslash literally in contains", contains("name", "\\t"), ["backslash"]),
    finds("takes a backslash before a wildcard literally", contains("name", "\\%"), []),
    finds("takes a backslash literally in startsWith", startsWith("name", "C:\\"), ["backslash"]),
    finds("takes a backslash literally in endsWith", endsWith("name", "\\x"), ["backslash"]),
    finds("takes the wildcards of GLOB and of regular expressions literally", contains("name", "[a-z]*?^"), [
      "bracket",
    ]),
    finds("finds no wildcard of GLOB", startsWith("name", "*"), []),
    finds("takes quotes literally", contains("name", "'Hara \"&"), ["quote"]),
    finds("matches upper and lower case apart in contains", contains("name", "SURE"), []),
    finds("matches upper and lower case apart in startsWith", startsWith("name", "c"), ["composed", "decomposed"]),
    finds("matches upper and lower case apart in endsWith", endsWith("name", "SURE"), []),
    finds("finds the beginning", startsWith("name", "100"), ["percent", "plain"]),
    finds("finds the end", endsWith("name", " sure"), ["percent", "plain"]),
    finds("finds the whole text by its beginning", startsWith("name", "snake_case"), ["underscore"]),
    finds("finds the whole text by its end", endsWith("name", "snake_case"), ["underscore"]),
    finds("finds no text that is shorter than the end looked for", endsWith("name", "a snake_case"), []),
    finds("finds astral characters", contains("name", "🚀"), ["astral"]),
    finds("finds what begins with an astral character", startsWith("name", "👨"), ["family"]),
    finds("finds what ends with an astral character", endsWith("name", "👧"), ["family"]),
    finds("tells composed from decomposed characters in an equality", eq("name", "caf\u00e9"), ["composed"]),
    finds("tells composed from decomposed characters in a match", endsWith("name", "\u00e9"), ["composed"]),
    finds("finds a combining mark by itself", endsWith("name", "\u0301"), ["decomposed"]),
    finds(
      "finds every text by the empty text",
      and(contains("name", ""), startsWith("name", ""), endsWith("name", "")),
      [...Object.keys(names).sort()],
    ),
    finds("finds the complement of a match", not(contains("name", "e")), ["bracket", "composed", "family", "quote"]),
    finds("finds hostile texts in a list", isIn("name", ["100% sure", "C:\\temp\\x", 'O\'Hara "& Sons"', "👨‍👩‍👧"]), [
      "backslash",
      "family",
      "percent",
      "quote",
    ]),
    fact("finds the beginning where the next character is the last of its range", async (bench) => {
      const ends = ["\u007f", "\ud7ff", "\ue000", "\uffff", "\u{10ffff}"];
      const accounts = ends.flatMap((end, number) => [
        { id: `${number}-exact`, name: `x${end}` },
        { id: `${number}-longer`, name: `x${end}${end}` },
      ]);
      const store = await bench.open(sales, { accounts: [...accounts, { id: "other", name: "y" }] });
      for (const [number, end] of ends.entries()) {
        const found = await store.list({ table: "accounts", where: startsWith("name", `x${end}`) });
        expect(found).toEqual([`${number}-exact`, `${number}-longer`]);
      }
    }),
    fact("keeps texts exactly as they were written", async (bench) => {
      const texts = [
        "",
        " ",
        "  padded  ",
        "line\nbreak\r\n\ttab",
        "caf\u00e9",
        "cafe\u0301",
        "\ufeffmark",
        "\u202eright",
        "👨‍👩‍👧",
        "\u{10ffff}",
        "'; --",
        "null",
      ];
      const store = await bench.open(sales, { accounts: texts.map((name, number) => ({ id: `a${number}`, name })) });
      for (const [number, name] of texts.entries()) {
        const rows = await store.find({ table: "accounts", columns: ["name"], where: eq("id", `a${number}`) });
        expect(rows).toEqual([[name]]);
        expect(await store.list({ table: "accounts", where: eq("name", name) })).toEqual([`a${number}`]);
      }
    }),
    fact("searches in reserved words, names and texts that look like SQL", async (bench) => {
      const store = await bench.open(sales, { accounts: [{ id: "a", name: "x'); DROP TABLE accounts; --" }] });
      expect(await store.list({ table: "accounts", where: contains("name", "'); DROP TABLE accounts; --") })).toEqual([
        "a",
      ]);
    }),
  ],
};
