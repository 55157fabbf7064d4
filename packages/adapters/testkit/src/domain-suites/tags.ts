/** crm.tags: words that records of any entity are marked with. */
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, openDomain } from "./open-domain.ts";

async function sampled(bench: CrmBench) {
  const crm = await openDomain(bench);
  const [acme, base] = await crm.accounts.createMany([{ name: "Acme" }, { name: "Base" }]);
  const project = await crm.projects.create({ name: "Kitchen" });
  const account = { entityType: "account", id: acme!.id };
  return {
    crm,
    account,
    other: { entityType: "account", id: base!.id },
    project: { entityType: "project", id: project.id },
  };
}

async function namesOf(crm: DomainCrm, record: { readonly entityType: string; readonly id: string }): Promise<string> {
  return (await crm.tags.of(record)).map(({ name }) => name).join(" · ");
}

export const tags: CrmSuite = {
  name: "tags",
  facts: [
    crmFact("mark records of any entity, new ones are made, and once is enough", async (bench) => {
      const { crm, account, other, project } = await sampled(bench);
      const made = await crm.tags.add([account, project], ["Key account", "Solar"]);
      expect(made.map(({ name, color }) => [name, color])).toEqual([
        ["Key account", null],
        ["Solar", null],
      ]);
      expect((await crm.tags.add([account, other, account], ["  SOLÁR "]))[0]!.id).toBe(made[1]!.id);
      expect([await namesOf(crm, account), await namesOf(crm, other), await namesOf(crm, project)]).toEqual([
        "Key account · Solar",
        "Solar",
        "Key account · Solar",
      ]);
      expect([await crm.tags.count(), await crm.taggings.count()]).toEqual([2, 5]);
    }),
    crmFact("filter lists and figures of accounts, contacts, opportunities and activities", async (bench) => {
      const { crm, account } = await sampled(bench);
      const deal = await crm.opportunities.create({ name: "Roof" });
      const call = await crm.activities.create({ kind: "call", subject: "Call" });
      const ann = await crm.contacts.create({ givenName: "Ann" });
      const marked = [
        account,
        { entityType: "opportunity", id: deal.id },
        { entityType: "activity", id: call.id },
        { entityType: "contact", id: ann.id },
      ];
      await crm.tags.add(marked, ["Solar"]);
      const solar = { taggings: { some: { tag: { name: { eq: "SOLAR", fold: true } } } } } as const;
      expect((await crm.accounts.list({ where: solar })).items.map(({ name }) => name)).toEqual(["Acme"]);
      expect((await crm.accounts.list({ where: { not: solar } })).items.map(({ name }) => name)).toEqual(["Base"]);
      expect([
        await crm.contacts.count({ where: solar }),
        await crm.opportunities.count({ where: solar }),
        await crm.activities.count({ where: solar }),
      ]).toEqual([1, 1, 1]);
    }),
    crmFact("come off again, and stay as tags", async (bench) => {
      const { crm, account, other } = await sampled(bench);
      await crm.tags.add([account, other], ["Key", "Solar"]);
      await crm.tags.remove([account], ["solar", "unheard of"]);
      expect([await namesOf(crm, account), await namesOf(crm, other)]).toEqual(["Key", "Key · Solar"]);
      expect(await crm.tags.count()).toBe(2);
    }),
    crmFact("are renamed for all, and no two are alike", async (bench) => {
      const { crm, account } = await sampled(bench);
      const [solar] = await crm.tags.add([account], ["Solar", "Wind"]);
      await crm.tags.update(solar!.id, { name: "Photovoltaics", color: "#fc0" });
      expect(await namesOf(crm, account)).toBe("Photovoltaics · Wind");
      expect(await refused(crm.tags.update(solar!.id, { name: "WIND" }))).toMatchObject({ code: "not_unique" });
      expect(await refused(crm.tags.create({ name: " wínd" }))).toMatchObject({ code: "not_unique" });
      expect(await refused(crm.tags.create({ name: "   " }))).toMatchObject({ code: "invalid_input", field: "name" });
    }),
    crmFact("go with the record, and with the tag", async (bench) => {
      const { crm, account, other } = await sampled(bench);
      const [key] = await crm.tags.add([account, other], ["Key", "Solar"]);
      await crm.accounts.delete(account.id);
      expect(await crm.taggings.count()).toBe(2);
      await crm.accounts.restore(account.id);
      expect(await namesOf(crm, account)).toBe("Key · Solar");
      await crm.tags.delete(key!.id);
      expect(await namesOf(crm, other)).toBe("Solar");
    }),
    crmFact("that were archived come back when they are used", async (bench) => {
      const { crm, account } = await sampled(bench);
      const [key] = await crm.tags.add([account], ["Key"]);
      await crm.tags.remove([account], ["Key"]);
      await crm.tags.archive(key!.id);
      expect(await crm.tags.add([account], ["key"])).toMatchObject([{ id: key!.id, archivedAt: null }]);
    }),
    crmFact("mark once, however many do it at the same time", async (bench) => {
      const { crm, account } = await sampled(bench);
      await Promise.all(Array.from({ length: 8 }, () => crm.tags.add([account], ["Key"])));
      expect([await crm.tags.count(), await crm.taggings.count()]).toEqual([1, 1]);
    }),
    crmFact("refuse what is wrong, and leave nothing", async (bench) => {
      const { crm, account, project } = await sampled(bench);
      const absent = { entityType: "account", id: "019b7ca9-8f2e-7000-8000-000000000000" };
      expect(await refused(crm.tags.add([account, absent], ["Key"]))).toMatchObject({ code: "reference_not_found" });
      expect(await refused(crm.tags.add([account, { ...project, id: absent.id }], ["Key"]))).toMatchObject({
        code: "reference_not_found",
      });
      expect(await refused(crm.tags.add([{ entityType: "planet", id: "x" }], ["Key"]))).toMatchObject({
        entity: "tagging",
        field: "entityType",
      });
      expect(await refused(crm.tags.of([] as never))).toMatchObject({ code: "invalid_input" });
      expect(await refused(crm.tags.add([], ["Key"]))).toMatchObject({ code: "invalid_input", field: "records" });
      expect(await refused(crm.tags.add([account], []))).toMatchObject({ code: "invalid_input", field: "names" });
      expect((await refusedDetails(crm.tags.add([account], ["a", 7 as never]))).issues).toMatchObject([
        { field: "names.1" },
      ]);
      expect(await refused(crm.tags.add([{ entityType: "account" } as never], ["Key"]))).toMatchObject({
        field: "0.id",
      });
      expect(
        await refused(crm.taggings.create({ tagId: "x", entityType: "account", recordId: account.id })),
      ).toMatchObject({ code: "read_only_entity" });
      expect([await crm.tags.count(), await crm.taggings.count()]).toEqual([0, 0]);
    }),
  ],
};
