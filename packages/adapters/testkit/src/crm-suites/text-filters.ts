/** Text as people write it: literal operators, and folding that knows scripts. */
import { expect } from "vitest";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import { codesWhere, type SampleCrm } from "./sample-crm.ts";

/** Makes one specimen for each title; its code is the position, from 0. */
async function withTitles(crm: SampleCrm, titles: readonly string[]): Promise<void> {
  await crm.specimens.createMany(titles.map((title, number) => ({ code: String(number), title })));
}

const folded = (crm: SampleCrm, operator: "eq" | "contains" | "startsWith" | "endsWith", value: string) =>
  codesWhere(crm, { title: { fold: true, [operator]: value } });

export const textFilters: CrmSuite = {
  name: "text",
  facts: [
    crmFact("takes no character for a wildcard", async (bench) => {
      const crm = await bench.open();
      await withTitles(crm, ["50% off", "50x off", "a_b", "axb", "back\\slash", "quo'te", "[ab]*?", "^a$", "a.b"]);
      expect(await codesWhere(crm, { title: { contains: "0% o" } })).toBe("0");
      expect(await codesWhere(crm, { title: { contains: "a_b" } })).toBe("2");
      expect(await codesWhere(crm, { title: { endsWith: "\\slash" } })).toBe("4");
      expect(await codesWhere(crm, { title: { contains: "'" } })).toBe("5");
      expect(await codesWhere(crm, { title: { startsWith: "[ab]*?" } })).toBe("6");
      expect(await codesWhere(crm, { title: { eq: "^a$" } })).toBe("7");
      expect(await codesWhere(crm, { title: { contains: "a.b" } })).toBe("8");
      expect(await codesWhere(crm, { title: { startsWith: "%" } })).toBe("");
      expect(await codesWhere(crm, { title: { endsWith: "_" } })).toBe("");
      expect(await folded(crm, "contains", "0% O")).toBe("0");
      expect(await folded(crm, "startsWith", "A_")).toBe("2");
    }),
    crmFact("compares by code point, beyond the first plane too", async (bench) => {
      const crm = await bench.open();
      await withTitles(crm, ["\uFF5E", "\u{1F98A}", "z", "\uE000"]);
      expect(await codesWhere(crm, { title: { gt: "\uFF5E" } })).toBe("1");
      expect(await codesWhere(crm, { title: { lt: "\u{10000}" } })).toBe("0 2 3");
      const page = await crm.specimens.list({ orderBy: [{ title: "asc" }] });
      expect(page.items.map(({ code }) => code)).toEqual(["2", "3", "0", "1"]);
    }),
    crmFact("finds text however it was composed", async (bench) => {
      const crm = await bench.open();
      await withTitles(crm, ["Zoe\u0308", "Zo\u00eb", "Zoe"]);
      expect(await codesWhere(crm, { title: "Zoe\u0308" })).toBe("0 1");
      expect(await codesWhere(crm, { title: { contains: "e\u0308" } })).toBe("0 1");
      expect(await codesWhere(crm, { title: { in: ["Zoe\u0308"] } })).toBe("0 1");
      expect(await codesWhere(crm, { title: { endsWith: "e" } })).toBe("2");
    }),
    crmFact("tells case and accents apart unless folded", async (bench) => {
      const crm = await bench.open();
      await withTitles(crm, ["Café", "CAFÉ", "cafe", "ｃａｆｅ", "Cafe\u0301"]);
      expect(await codesWhere(crm, { title: "Café" })).toBe("0 4");
      expect(await codesWhere(crm, { title: { fold: false, eq: "cafe" } })).toBe("2");
      expect(await folded(crm, "eq", "café")).toBe("0 1 2 3 4");
      expect(await folded(crm, "startsWith", "CAF")).toBe("0 1 2 3 4");
      expect(await codesWhere(crm, { title: { fold: true, in: ["CAFÉ", "x"] } })).toBe("0 1 2 3 4");
      expect(await codesWhere(crm, { title: { fold: true, ne: "cafe" } })).toBe("");
      expect(await codesWhere(crm, { title: { fold: true, notIn: ["cafe"] } })).toBe("");
      expect(await codesWhere(crm, { title: { fold: true, between: ["CAF", "CAFF"] } })).toBe("0 1 2 3 4");
    }),
    crmFact("folds ß with ss, both sigmas, and full and half width", async (bench) => {
      const crm = await bench.open();
      await withTitles(crm, [
        "Straße",
        "STRASSE",
        "Οδυσσεύς",
        "ΟΔΥΣΣΕΥΣ",
        "οδυσσευσ",
        "ＡＢＣ株式会社",
        "abc株式会社",
        "ｱﾊﾟｰﾄ",
        "アパート",
      ]);
      expect(await folded(crm, "eq", "strasse")).toBe("0 1");
      expect(await folded(crm, "contains", "aße")).toBe("0 1");
      expect(await folded(crm, "eq", "οδυσσεύς")).toBe("2 3 4");
      expect(await folded(crm, "endsWith", "ΕΥΣ")).toBe("2 3 4");
      expect(await folded(crm, "startsWith", "ΟΔΥΣ")).toBe("2 3 4");
      expect(await folded(crm, "contains", "δυς")).toBe("2 3 4");
      expect(await folded(crm, "startsWith", "ABC株")).toBe("5 6");
      expect(await folded(crm, "eq", "アパート")).toBe("7 8");
    }),
    crmFact("folds the Turkish İ as i, and leaves the dotless ı alone", async (bench) => {
      const crm = await bench.open();
      await withTitles(crm, ["İstanbul", "istanbul", "ISTANBUL", "Ișık"]);
      expect(await folded(crm, "eq", "İSTANBUL")).toBe("0 1 2");
      expect(await folded(crm, "contains", "istan")).toBe("0 1 2");
    }),
    crmFact("keeps the marks that carry meaning in Thai, Japanese, Hindi and Korean", async (bench) => {
      const crm = await bench.open();
      await withTitles(crm, ["น้ำ", "นำ", "が", "か", "पिता", "पता", "한국", "한극"]);
      expect(await folded(crm, "eq", "น้ำ")).toBe("0");
      expect(await folded(crm, "eq", "นำ")).toBe("1");
      expect(await folded(crm, "eq", "が")).toBe("2");
      expect(await folded(crm, "contains", "か")).toBe("3");
      expect(await folded(crm, "eq", "पिता")).toBe("4");
      expect(await folded(crm, "startsWith", "한국")).toBe("6");
    }),
    crmFact("keeps the folded form in step with what is written", async (bench) => {
      const crm = await bench.open();
      const { id } = await crm.specimens.create({ code: "a", title: "Älter" });
      expect(await folded(crm, "eq", "alter")).toBe("a");
      await crm.specimens.update(id, { title: "Neuer" });
      expect(await folded(crm, "eq", "alter")).toBe("");
      expect(await folded(crm, "eq", "NEUER")).toBe("a");
      await crm.specimens.update(id, { title: "NEUER" });
      expect((await crm.specimens.get(id)).version).toBe(3);
      await crm.specimens.update(id, { title: null });
      expect(await folded(crm, "contains", "")).toBe("");
      expect(await codesWhere(crm, { title: { fold: true, ne: "neuer" } })).toBe("a");
    }),
    crmFact("matches nothing with an empty folded needle that was not empty, as a mark alone", async (bench) => {
      const crm = await bench.open();
      await withTitles(crm, ["plain", ""]);
      expect(await codesWhere(crm, { title: { contains: "\u0301" } })).toBe("");
      expect(await codesWhere(crm, { title: { eq: "" } })).toBe("1");
    }),
    crmFact("finds text of many megabytes and of odd characters", async (bench) => {
      const crm = await bench.open();
      const body = `${"x".repeat(999_990)}\u{1F98A}\u200Bend`;
      await crm.activities.create({ kind: "note", subject: "long", body });
      expect(await crm.activities.count({ where: { body: { endsWith: "\u{1F98A}\u200Bend" } } })).toBe(1);
      expect((await crm.activities.find({}))?.body).toHaveLength(999_996);
    }),
  ],
};
