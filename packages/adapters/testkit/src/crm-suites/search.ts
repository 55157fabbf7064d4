/** Search over folded text, by words and by parts of them. */
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import type { AccountWhere, SampleCrm } from "./sample-crm.ts";

async function withAccounts(bench: CrmBench): Promise<SampleCrm> {
  const crm = await bench.open();
  await crm.accounts.createMany([
    { name: "Müller GmbH", industry: "Retail" },
    { name: "Müller & Söhne", domain: "mueller-soehne.example", industry: "Energy" },
    { name: "GMBH Register Müllerei" },
    { name: "Acme", domain: "acme.example" },
    { name: "ACME Rockets", industry: "Aerospace" },
    { name: "The Acme Store" },
    { name: "Pacmen", country: "acme" },
    { name: "Tacme Ltd" },
    { name: "東京三菱銀行" },
    { name: "ＭＵＦＧ銀行" },
    { name: "100% Juice_Co" },
  ]);
  return crm;
}

async function found(crm: SampleCrm, where: AccountWhere): Promise<readonly string[]> {
  const page = await crm.accounts.list({ where, orderBy: [{ name: "asc" }] });
  return page.items.map(({ name }) => name);
}

async function ranked(crm: SampleCrm, text: string, query: Parameters<SampleCrm["accounts"]["search"]>[1] = {}) {
  return (await crm.accounts.search(text, query)).map(({ name }) => name);
}

export const search: CrmSuite = {
  name: "search",
  facts: [
    crmFact("asks for every word, as a part of any folded field", async (bench) => {
      const crm = await withAccounts(bench);
      const cases: readonly (readonly [string, readonly string[]])[] = [
        ["müller gmbh", ["GMBH Register Müllerei", "Müller GmbH"]],
        ["  MULLER\tGmbH\n", ["GMBH Register Müllerei", "Müller GmbH"]],
        ["müller energy", ["Müller & Söhne"]],
        ["soehne.ex", ["Müller & Söhne"]],
        ["菱銀", ["東京三菱銀行"]],
        ["銀行", ["東京三菱銀行", "ＭＵＦＧ銀行"]],
        ["mufg", ["ＭＵＦＧ銀行"]],
        ["銀行　東京", ["東京三菱銀行"]],
        ["0%", ["100% Juice_Co"]],
        ["%", ["100% Juice_Co"]],
        ["juice_", ["100% Juice_Co"]],
        ["nobody", []],
      ];
      for (const [text, names] of cases) expect([text, await found(crm, { search: text })]).toEqual([text, names]);
    }),
    crmFact("combines with other conditions, and stands wherever they do", async (bench) => {
      const crm = await withAccounts(bench);
      const acme = await crm.accounts.find({ where: { name: "Acme" } });
      await crm.contacts.create({ givenName: "Ann", familyName: "Able", accountId: acme!.id });
      expect(await found(crm, { search: "müller", industry: "Retail" })).toEqual(["Müller GmbH"]);
      expect(await found(crm, { or: [{ search: "juice" }, { search: "pacmen" }] })).toEqual([
        "100% Juice_Co",
        "Pacmen",
      ]);
      expect(await found(crm, { search: "acme", not: { search: "rocket" }, domain: null })).toEqual([
        "Pacmen",
        "Tacme Ltd",
        "The Acme Store",
      ]);
      expect(await crm.accounts.count({ where: { search: "acme" } })).toBe(5);
      expect(await crm.contacts.count({ where: { account: { search: "ACME" } } })).toBe(1);
      expect(await crm.accounts.count({ where: { contacts: { some: { search: "able" } } } })).toBe(1);
    }),
    crmFact("ranks: what is equal, begins so, has a word that begins so, has the parts", async (bench) => {
      const crm = await withAccounts(bench);
      expect(await ranked(crm, "acme")).toEqual(["Acme", "Pacmen", "ACME Rockets", "The Acme Store", "Tacme Ltd"]);
      expect(await ranked(crm, " Acme  rockets ")).toEqual(["ACME Rockets"]);
      expect(await ranked(crm, "gmbh")).toEqual(["GMBH Register Müllerei", "Müller GmbH"]);
      expect(await ranked(crm, "gmbh müller")).toEqual(["GMBH Register Müllerei", "Müller GmbH"]);
      expect(await ranked(crm, "銀")).toEqual(["ＭＵＦＧ銀行", "東京三菱銀行"]);
    }),
    crmFact("gives a record once, up to the limit, ranked alike among few matches and among many", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      await crm.accounts.createMany(["Pacme", "An Acme", "Acme 2", "Acme 1", "Acme"].map((name) => ({ name })));
      const asking = async (limit: number) => {
        calls.find = 0;
        const names = (await crm.accounts.search("acme", { limit })).map(({ name }) => name);
        return [calls.find, ...names];
      };
      const few = [await asking(1), await asking(2), await asking(4), await asking(9)];
      expect(few).toEqual([
        [2, "Acme"],
        [2, "Acme", "Acme 1"],
        [2, "Acme", "Acme 1", "Acme 2", "An Acme"],
        [2, "Acme", "Acme 1", "Acme 2", "An Acme", "Pacme"],
      ]);
      calls.find = 0;
      expect([await crm.accounts.search("nobody"), calls.find]).toEqual([[], 1]);
      // Among many: two queries more than the ranks that it takes.
      await crm.accounts.createMany(Array.from({ length: 195 }, (_, i) => ({ name: `Zacme ${100 + i}` })));
      const many = [await asking(1), await asking(2), await asking(4), await asking(6)];
      expect(many).toEqual([
        [3, "Acme"],
        [4, "Acme", "Acme 1"],
        [5, "Acme", "Acme 1", "Acme 2", "An Acme"],
        [6, "Acme", "Acme 1", "Acme 2", "An Acme", "Pacme", "Zacme 100"],
      ]);
    }),
    crmFact("shapes what it finds", async (bench) => {
      const crm = await withAccounts(bench);
      const [first] = await crm.accounts.search("müller", {
        where: { industry: "Energy" },
        select: ["name"],
        include: { owner: true },
      });
      expect(first).toEqual({ id: first!.id, name: "Müller & Söhne", owner: null });
    }),
    crmFact("leaves archived records out unless they are asked for", async (bench) => {
      const crm = await withAccounts(bench);
      const acme = await crm.accounts.find({ where: { name: "Acme" } });
      await crm.accounts.archive(acme!.id);
      expect(await ranked(crm, "acme", { limit: 1 })).toEqual(["Pacmen"]);
      expect(await ranked(crm, "acme", { limit: 1, archived: "include" })).toEqual(["Acme"]);
    }),
    crmFact("finds nothing for a text without words, which as a condition is refused", async (bench) => {
      const crm = await withAccounts(bench);
      for (const text of ["", "  ", "\t\n", "　"]) {
        expect(await crm.accounts.search(text)).toEqual([]);
        await expect(crm.accounts.count({ where: { search: text } })).rejects.toMatchObject({
          code: "invalid_query",
          message: "account.search has no word: leave it out to find everything.",
        });
      }
    }),
    crmFact("of one tenant tells nothing to another", async (bench) => {
      const crm = await withAccounts(bench);
      const other = crm.as({ tenantId: "other" });
      expect(await other.accounts.search("acme")).toEqual([]);
      expect(await other.accounts.count({ where: { search: "acme" } })).toBe(0);
    }),
    crmFact("is refused without folded fields, and for what is no text", async (bench) => {
      const crm = await withAccounts(bench);
      const bad: readonly (readonly [string, () => Promise<unknown>])[] = [
        ["search", () => crm.crates.search("x")],
        ["search", () => crm.crates.count({ where: { search: "x" } })],
        ["search", () => crm.crates.search("")],
        ["search", () => crm.accounts.search(5 as never)],
        ["search", () => crm.accounts.search(undefined as never)],
        ["search", () => crm.accounts.count({ where: { search: { contains: "x" } as never } })],
        ["search", () => crm.accounts.count({ where: { search: null as never } })],
        ["search", () => crm.accounts.count({ where: { search: undefined as never } })],
        ["search", () => crm.accounts.search("a\0")],
        ["search", () => crm.accounts.search("\ud800")],
        ["search", () => crm.accounts.search("a ".repeat(21))],
        ["limit", () => crm.accounts.search("a", { limit: 0 })],
        ["limit", () => crm.accounts.search("", { limit: 1_001 })],
        ["orderBy", () => crm.accounts.search("a", { orderBy: [] } as never)],
        ["colour", () => crm.accounts.search("a", { where: { colour: 1 } as never })],
      ];
      for (const [field, call] of bad)
        expect([field, await refused(call())]).toMatchObject([field, { code: "invalid_query", field }]);
    }),
  ],
};
