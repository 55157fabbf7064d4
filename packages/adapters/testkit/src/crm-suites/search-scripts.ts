/** Search in every script, and by phone numbers however they are written. */
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import { named, openDirectory, shown } from "./directory-crm.ts";

/** Name, what is typed, and where it stands; nowhere when it is not found. */
const names: readonly (readonly [name: string, typed: string, place: string | undefined])[] = [
  // Accents, case and letters that are written with two.
  ["Zoë Brûlée", "zoe brulee", "0-3 4-10"],
  ["Zoe Brulee", "ZOË BRÛLÉE", "0-3 4-10"],
  ["Cre\u0300me", "creme", "0-5"],
  ["Straße", "STRASSE", "0-6"],
  ["Strasse", "straße", "0-7"],
  ["Großmann", "sma", "3-6"],
  ["Nguyễn Thị Minh", "thi", "7-10"],
  ["Iğdır", "igdir", "0-5"],
  // Letters that are not letters with a mark are letters of their own.
  ["Søren", "soren", undefined],
  ["Søren", "SØR", "0-3"],
  ["Łukasz", "lukasz", undefined],
  ["Đặng", "đang", "0-4"],
  // Cyrillic and Greek.
  ["Алёна Фёдорова", "алена федор", "0-5 6-11"],
  ["Алена", "Алёна", "0-5"],
  ["Οδυσσεύς", "ΟΔΥΣΣΕΥΣ", "0-8"],
  // Arabic and Hebrew.
  ["مُحَمَّد", "محمد", "0-8"],
  ["أحمد", "احمد", "0-4"],
  ["יוסף כהן", "כהן", "5-8"],
  // Chinese, and width.
  ["王小明", "王小明", "0-3"],
  ["王小明", "小明", "1-3"],
  ["王小明", "明", "2-3"],
  ["王小明", "明小", undefined],
  ["東京三菱銀行", "三菱", "2-4"],
  ["ＡＢＣ商事", "abc商", "0-4"],
  ["ABC商事", "ＡＢＣ", "0-3"],
  ["𠮷野家", "𠮷", "0-2"],
  ["𠮷野家", "野家", "2-4"],
  // Japanese: width does not count, hiragana is not katakana, and voicing makes another sound.
  ["山田ハナコ", "ﾊﾅｺ", "2-5"],
  ["ﾔﾏﾀﾞ商店", "ヤマダ", "0-6"],
  ["山田はなこ", "ハナコ", undefined],
  ["がくた", "かくた", undefined],
  // Korean: letters that stand apart are joined.
  ["김철수", "철수", "1-3"],
  ["김철수", "\u1100\u1175\u11b7", "0-1"],
  ["\u1100\u1175\u11b7철수", "김철", "0-2"],
  ["김철수", "기", undefined],
  // Thai and Hindi: vowel signs and tones count.
  ["สมชายใจดี", "ใจดี", "5-9"],
  ["สมชาย ใจดี", "สมชายใจดี", undefined],
  ["น้ำใจ", "น้ำ", "0-3"],
  ["กี", "กา", undefined],
  ["हिन्दी किताब", "किताब", "7-12"],
  // Nothing is a wildcard.
  ["100% Juice_Co", "0%", "2-4"],
  ["100 Juice", "0%", undefined],
];

export const searchScripts: CrmSuite = {
  name: "search in every script",
  facts: [
    crmFact("finds parts of names, with or without accents, width and case", async (bench) => {
      const crm = await openDirectory(await bench.options());
      const people = await crm.people.createMany(names.map(([name]) => ({ name })));
      for (const [i, [name, typed, place]] of names.entries()) {
        const hits = await crm.search(typed, { limit: 100 });
        const hit = hits.find(({ id }) => id === people[i]!.id);
        expect([
          name,
          typed,
          hit?.matched.map(({ places }) => places.map((at) => at.join("-")).join(" ")).join(),
        ]).toEqual([name, typed, place]);
      }
    }),
    crmFact("finds phone numbers however they are written", async (bench) => {
      const crm = await openDirectory(await bench.options());
      const people = await crm.people.createMany(["Ann", "Bea", "Cem", "Dan", "Eve"].map((name) => ({ name })));
      const numbers = ["+49 (0)30 123-4567", "030 1234567", "+1 (415) 555-0100", "٠٣٠ ٩٩٩ ٨٨", "no number"];
      await crm.lines.createMany(numbers.map((number, i) => ({ number, personId: people[i]!.id })));
      const cases: readonly (readonly [string, string])[] = [
        ["+49 30 1234567", "Ann equal, Bea equal"],
        ["+49 (0)30 123-4567", "Ann equal, Bea equal"],
        ["0049/30/123 45 67", "Ann equal, Bea equal"],
        ["030 1234567", "Bea equal, Ann begins"],
        ["030-123 45 67", "Bea equal, Ann begins"],
        ["(030)1234567", "Bea equal, Ann begins"],
        ["１２３４５６７", "Ann begins, Bea begins"],
        ["1234", "Ann part, Bea part"],
        ["234 56", "Ann part, Bea part"],
        ["123", ""],
        ["0 1 2", ""],
        ["+1 415.555.0100", "Cem equal"],
        ["415 555 0100", "Cem begins"],
        ["415–555", "Cem part"],
        ["+41 30 1234567", "Bea equal"],
        ["030 99988", "Dan equal"],
        ["ann 030 123 4567", "Ann part"],
        ["030 123 4567 ann", "Ann part"],
        ["ann 415 555", ""],
        ["030 7654321", ""],
        ["0000", ""],
        ["number", ""],
      ];
      for (const [typed, found] of cases) {
        const hits = await crm.search(typed);
        const ranks = hits.map(({ record, rank }) => `${(record as { readonly name: string }).name} ${rank}`);
        expect([typed, ranks.join(", ")]).toEqual([typed, found]);
        expect((await crm.people.search(typed)).length).toBe(hits.length);
        expect(await crm.people.count({ where: { search: typed } })).toBe(hits.length);
      }
      expect(shown(await crm.search("ann 1234567"))).toEqual([
        "person Ann: part; name=Ann 0-3; lines.number=+49 (0)30 123-4567 0-18",
      ]);
    }),
    crmFact("compares figures in other texts as they are written", async (bench) => {
      const crm = await openDirectory(await bench.options());
      await crm.firms.createMany([
        { name: "Fair 2026-10" },
        { name: "Fair 2026 10", switchboard: "(202) 610" },
        { name: "Fair", switchboard: "202610" },
      ]);
      expect(shown(await crm.search("2026-10"))).toEqual([
        "firm Fair: equal; switchboard=202610 0-6",
        "firm Fair 2026 10: equal; switchboard=(202) 610 0-9",
        "firm Fair 2026-10: word; name=Fair 2026-10 5-12",
      ]);
      expect(named(await crm.search("2026"))).toBe("firm Fair 2026 10, firm Fair 2026-10, firm Fair");
    }),
    crmFact("filters phone numbers by their digits with fold, and as written without", async (bench) => {
      const crm = await openDirectory(await bench.options());
      await crm.lines.createMany([{ number: "+49 30 123-45" }, { number: "030 12345" }, { number: "none" }]);
      const count = (number: object) => crm.lines.count({ where: { number } });
      expect(await count({ endsWith: "30/12345", fold: true })).toBe(2);
      expect(await count({ eq: "0049 (0)30 12345", fold: true })).toBe(1);
      expect(await count({ in: ["30 12345", "x"], fold: true })).toBe(2);
      expect(await count({ contains: "123-45" })).toBe(1);
      for (const operator of ["contains", "startsWith", "endsWith"])
        expect(await refused(count({ [operator]: "none", fold: true }))).toEqual({
          code: "invalid_query",
          entity: "line",
          field: `number.${operator}`,
        });
    }),
  ],
};
