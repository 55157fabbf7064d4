/** Names, days and languages of contacts. */
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { openDomain } from "./open-domain.ts";

async function born(bench: CrmBench, days: readonly string[]) {
  const crm = await openDomain(bench);
  await crm.contacts.createMany(days.map((birthDate) => ({ givenName: birthDate, birthDate })));
  const birthdays = async (from: string, to: string) =>
    (await crm.contacts.birthdays({ from, to })).items.map(({ birthDate }) => birthDate).join(" ");
  return { crm, birthdays };
}

export const people: CrmSuite = {
  name: "names and days of contacts",
  facts: [
    crmFact("are a full name in the order of its culture, and follow what it is made of", async (bench) => {
      const crm = await openDomain(bench);
      const [ann, yamada, kim, nameless] = await crm.contacts.createMany([
        { givenName: "Ann", familyName: "Roe", honorific: "Dr." },
        { givenName: "太郎", familyName: "山田", honorific: "様" },
        { givenName: "철수", familyName: "김" },
        { email: "x@x.test" },
      ]);
      expect([ann, yamada, kim, nameless].map((each) => each!.fullName)).toEqual([
        "Dr. Ann Roe",
        "山田太郎様",
        "김철수",
        null,
      ]);
      expect((await crm.contacts.update(ann!.id, { familyName: "Doe" })).fullName).toBe("Dr. Ann Doe");
      expect((await crm.contacts.update(ann!.id, { nameOrder: "family_first" })).fullName).toBe("Dr. Doe Ann");
      expect((await crm.contacts.update(ann!.id, { givenName: null, familyName: null })).fullName).toBeNull();
      expect(await crm.contacts.count({ where: { fullName: { fold: true, contains: "太郎" } } })).toBe(1);
    }),
    crmFact("are not a full name that somebody writes", async (bench) => {
      const crm = await openDomain(bench);
      expect(await refused(crm.contacts.create({ fullName: "Ann" } as never))).toMatchObject({ field: "fullName" });
      expect(await refused(crm.contacts.create({ birthday: "05-17" } as never))).toMatchObject({ field: "birthday" });
    }),
    crmFact("are sorted by the reader's locale", async (bench) => {
      const crm = await openDomain(bench);
      await crm.contacts.createMany(
        ["Zorn", "Öberg", "Olsen", "Ångström", "Andersson", "zach"].map((familyName) => ({ familyName })),
      );
      const list = async (locale: string) =>
        (await crm.contacts.listByName({ locale })).items.map(({ familyName }) => familyName).join(" ");
      expect(await list("de")).toBe("Andersson Ångström Öberg Olsen zach Zorn");
      expect(await list("sv")).toBe("Andersson Olsen zach Zorn Ångström Öberg");
    }),
    crmFact("are sorted by family name, its reading, then given name, then id; nobody's come last", async (bench) => {
      const crm = await openDomain(bench);
      await crm.contacts.createMany([
        { givenName: "nameless", familyName: null, email: "a@x.test" },
        { familyName: "鈴木", givenName: "一", familyNameReading: "すずき", givenNameReading: "はじめ" },
        { familyName: "佐藤", givenName: "花", familyNameReading: "さとう", givenNameReading: "はな" },
        { familyName: "佐藤", givenName: "愛", familyNameReading: "さとう", givenNameReading: "あい" },
        { email: "b@x.test" },
      ]);
      const { items } = await crm.contacts.listByName({ locale: "ja" });
      expect(items.map(({ fullName, email }) => fullName ?? email)).toEqual([
        "nameless",
        "佐藤愛",
        "佐藤花",
        "鈴木一",
        "b@x.test",
      ]);
    }),
    crmFact("are sorted in pages that go on where they ended, whatever comes and goes", async (bench) => {
      const crm = await openDomain(bench);
      const made = await crm.contacts.createMany(["E", "C", "A", "D", "B"].map((familyName) => ({ familyName })));
      const first = await crm.contacts.listByName({ locale: "en", limit: 2 });
      expect(first.items.map(({ familyName }) => familyName)).toEqual(["A", "B"]);
      await crm.contacts.delete(made[4]!.id);
      await crm.contacts.createMany([{ familyName: "AA" }, { familyName: "BB" }]);
      const second = await crm.contacts.listByName({ locale: "en", limit: 2, after: first.next });
      expect(second.items.map(({ familyName }) => familyName)).toEqual(["BB", "C"]);
      const third = await crm.contacts.listByName({ locale: "en", limit: 2, after: second.next });
      expect([third.items.map(({ familyName }) => familyName), third.next]).toEqual([["D", "E"], undefined]);
      const some = await crm.contacts.listByName({ locale: "en", where: { familyName: { in: ["E", "A"] } } });
      expect(some.items.map(({ familyName }) => familyName)).toEqual(["A", "E"]);
      const of = (query: object) => refused(crm.contacts.listByName(query as never));
      expect(await of({ locale: "de", after: first.next })).toMatchObject({ code: "invalid_cursor" });
      expect(await of({ locale: "en", after: "%" })).toMatchObject({ code: "invalid_cursor" });
      expect(await of({ locale: "not a locale" })).toMatchObject({ code: "invalid_input", field: "locale" });
      expect(await of({})).toMatchObject({ field: "locale" });
      expect(await of({ locale: "en", limit: 0 })).toMatchObject({ field: "limit" });
    }),
    crmFact("know of a day as much as is known", async (bench) => {
      const crm = await openDomain(bench);
      for (const birthDate of ["1980", "1980-05", "1980-05-17"])
        expect(await crm.contacts.create({ birthDate })).toMatchObject({ birthDate });
      const wrong = [
        { birthDate: "1980-02-30" },
        { deathDate: "80" },
        { birthDate: "2000", deathDate: "1999-12" },
        { birthDate: "2000", deathDate: "2000-01-01" },
      ];
      expect(await refusedDetails(crm.contacts.createMany(wrong))).toMatchObject({
        issues: [
          { field: "birthDate", code: "invalid_value", index: 0 },
          { field: "deathDate", code: "invalid_value", index: 1 },
          { field: "deathDate", code: "out_of_range", index: 2 },
        ],
      });
      const ann = await crm.contacts.create({ birthDate: "1980-05-17" });
      expect((await refused(crm.contacts.update(ann.id, { deathDate: "1979" }))).field).toBe("deathDate");
      expect(await crm.contacts.update(ann.id, { birthDate: "1980" })).toMatchObject({ birthday: null });
    }),
    crmFact("are birthdays within some days, in their order, of those who live", async (bench) => {
      const { crm, birthdays } = await born(bench, [
        "1980-05-17",
        "1990-05-01",
        "1970-06-01",
        "1985-05",
        "1999",
        "2001-05-31",
      ]);
      expect(await birthdays("2026-05-01", "2026-05-31")).toBe("1990-05-01 1980-05-17 2001-05-31");
      expect(await birthdays("2026-05-17", "2026-05-17")).toBe("1980-05-17");
      const page = await crm.contacts.birthdays({
        from: "2026-05-01",
        to: "2026-05-31",
        limit: 2,
        where: { birthDate: { ne: "1990-05-01" } },
      });
      expect([page.items.map(({ birthDate }) => birthDate), page.next]).toEqual([
        ["1980-05-17", "2001-05-31"],
        undefined,
      ]);
      await crm.contacts.update(page.items[0]!.id, { deathDate: "2026" });
      expect(await birthdays("2026-05-01", "2026-05-31")).toBe("1990-05-01 2001-05-31");
    }),
    crmFact("are birthdays over the turn of a year, page by page", async (bench) => {
      const { crm, birthdays } = await born(bench, [
        "1980-01-02",
        "1981-12-30",
        "1982-12-31",
        "1983-01-01",
        "1984-06-01",
      ]);
      expect(await birthdays("2026-12-30", "2027-01-01")).toBe("1981-12-30 1982-12-31 1983-01-01");
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await crm.contacts.birthdays({ from: "2026-12-01", to: "2027-01-31", limit: 2, after });
        seen.push(page.items.map(({ birthDate }) => birthDate).join(" "));
        after = page.next;
      } while (after !== undefined);
      expect(seen).toEqual(["1981-12-30 1982-12-31", "1983-01-01 1980-01-02"]);
    }),
    crmFact("are birthdays on 28 February for those of the 29th, in years that have none", async (bench) => {
      const { birthdays } = await born(bench, ["2000-02-29", "2001-02-28", "2001-03-01"]);
      expect(await birthdays("2026-02-28", "2026-02-28")).toBe("2001-02-28 2000-02-29");
      expect(await birthdays("2026-03-01", "2026-03-01")).toBe("2001-03-01");
      expect(await birthdays("2028-02-28", "2028-02-28")).toBe("2001-02-28");
      expect(await birthdays("2028-02-29", "2028-02-29")).toBe("2000-02-29");
    }),
    crmFact("are no birthdays of days that make no range", async (bench) => {
      const { crm } = await born(bench, []);
      const of = (query: object) => refused(crm.contacts.birthdays(query as never));
      expect(await of({ from: "2026-05-02", to: "2026-05-01" })).toMatchObject({ code: "invalid_input", field: "to" });
      expect(await of({ from: "2026-05-02", to: "2027-05-02" })).toMatchObject({ field: "to" });
      expect(await of({ from: "2026-05-02", to: "2029-01-01" })).toMatchObject({ field: "to" });
      expect(await of({ from: "2026-02-30", to: "2026-03-01" })).toMatchObject({ field: "from" });
      expect(await of({ from: "2026-05-01", to: "2026-05-02", after: "x" })).toMatchObject({ field: "after" });
    }),
    crmFact("have a language by its tag", async (bench) => {
      const crm = await openDomain(bench);
      expect((await crm.contacts.create({ preferredLanguage: "PT-br" })).preferredLanguage).toBe("pt-BR");
      const wrong = crm.contacts.create({ preferredLanguage: "portuguese (brazil)" });
      expect(await refused(wrong)).toMatchObject({ code: "invalid_input", field: "preferredLanguage" });
    }),
  ],
};
