/** The keys that records have in other systems. */
import { createCrm, upsertByExternalId } from "@relata/core";
import { defineEntity, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { failure, refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, openDomain } from "./open-domain.ts";

const contacts = { source: "erp", entityType: "contact", into: (tx: DomainCrm) => tx.contacts };

async function keys(crm: DomainCrm): Promise<string> {
  const { items } = await crm.externalIds.list({ orderBy: [{ key: "asc" }] });
  return items.map(({ key }) => key).join(" ");
}

export const externalIds: CrmSuite = {
  name: "keys of other systems",
  facts: [
    crmFact("bring records in, and find them again: created, updated, unchanged", async (bench) => {
      const crm = await openDomain(bench);
      const first = await upsertByExternalId(crm, contacts, [
        { key: "1", input: { familyName: "Roe", email: "roe@x.test" } },
        { key: "2", input: { familyName: "Doe" } },
      ]);
      expect(first.map(({ status, record }) => `${status} ${record.familyName}`)).toEqual([
        "created Roe",
        "created Doe",
      ]);
      const again = await upsertByExternalId(crm, contacts, [
        { key: "3", input: { familyName: "Moe" } },
        { key: "2", input: { familyName: "Dow" } },
        { key: "1", input: { familyName: "Roe" } },
      ]);
      expect(again.map(({ status, record }) => `${status} ${record.familyName} ${record.version}`)).toEqual([
        "created Moe 1",
        "updated Dow 2",
        "unchanged Roe 1",
      ]);
      expect(again[1]!.record.id).toBe(first[1]!.record.id);
      expect([await crm.contacts.count(), await keys(crm)]).toEqual([3, "1 2 3"]);
    }),
    crmFact("are resolved to ids, those of one source and entity only", async (bench) => {
      const crm = await openDomain(bench);
      const [made] = await upsertByExternalId(crm, contacts, [{ key: "1", input: {} }]);
      await crm.accounts.create({ name: "Acme" });
      const query = { source: "erp", entityType: "contact", keys: ["1", "2", "1", "__proto__"] };
      expect([...(await crm.externalIds.resolve(query))]).toEqual([["1", made!.record.id]]);
      expect((await crm.externalIds.resolve({ ...query, source: "shop" })).size).toBe(0);
      expect((await crm.externalIds.resolve({ ...query, entityType: "account" })).size).toBe(0);
      expect((await crm.as({ tenantId: "other" }).externalIds.resolve(query)).size).toBe(0);
    }),
    crmFact("are unique for each source and entity", async (bench) => {
      const crm = await openDomain(bench);
      const acme = await crm.accounts.create({ name: "Acme" });
      const own = { source: "erp", entityType: "account", recordId: acme.id, key: "1" };
      await crm.externalIds.create(own);
      await crm.externalIds.createMany([
        { ...own, source: "shop" },
        { ...own, key: "2" },
      ]);
      expect((await refused(crm.externalIds.create(own))).code).toBe("not_unique");
      await crm.as({ tenantId: "other" }).externalIds.count();
    }),
    crmFact("name a record that is there, and go and come back with it", async (bench) => {
      const crm = await openDomain(bench);
      const nobody = {
        source: "erp",
        entityType: "contact",
        recordId: "019b7ca9-8f2e-7000-8000-000000000000",
        key: "1",
      };
      expect((await refused(crm.externalIds.create(nobody))).code).toBe("reference_not_found");
      const [made] = await upsertByExternalId(crm, contacts, [{ key: "1", input: {} }]);
      await crm.contacts.delete(made!.record.id);
      expect(await keys(crm)).toBe("");
      await crm.contacts.restore(made!.record.id);
      expect(await keys(crm)).toBe("1");
    }),
    crmFact("are kept for the records of any entity, with their own fields", async (bench) => {
      const machine = defineEntity("machine", { plural: "machines", fields: { serial: text() } });
      const options = await bench.options();
      const crm = await createCrm({
        ...options,
        entities: [machine],
        extend: { account: { tier: text().optional() } },
      });
      const machines = { source: "iot", entityType: "machine", into: (tx: typeof crm) => tx.machines };
      const accounts = { source: "erp", entityType: "account", into: (tx: typeof crm) => tx.accounts };
      const [one] = await upsertByExternalId(crm, machines, [{ key: "m", input: { serial: "7" } }]);
      const [two] = await upsertByExternalId(crm, accounts, [{ key: "a", input: { name: "Acme", tier: "gold" } }]);
      expect([one!.record.serial, two!.record.tier]).toEqual(["7", "gold"]);
    }),
    crmFact("write nothing where one of the records is wrong, and say which", async (bench) => {
      const crm = await openDomain(bench);
      await upsertByExternalId(crm, contacts, [{ key: "1", input: { familyName: "Roe" } }]);
      const upsert = (records: readonly unknown[]) => failure(upsertByExternalId(crm, contacts, records as never));
      expect(
        await upsert([
          { key: "0", input: { familyName: "New" } },
          { key: "1", input: { familyName: "Changed" } },
          { key: "2", input: { email: "none" } },
        ]),
      ).toMatchObject({
        code: "invalid_input",
        details: { entity: "contact", field: "email", issues: [{ field: "email" }] },
      });
      expect(
        await upsert([
          { key: "1", input: { familyName: "Changed" } },
          { key: "2", input: { email: "a@x.test" } },
          { key: "3", input: { emial: "b@x.test" } },
        ]),
      ).toMatchObject({ code: "invalid_input", details: { field: "emial", issues: [{ field: "emial", index: 2 }] } });
      expect(
        await upsert([
          { key: "4", input: {} },
          { key: "4", input: {} },
        ]),
      ).toMatchObject({
        details: { field: "key", issues: [{ code: "repeated", index: 1 }] },
      });
      expect(await upsert([{ key: 5, input: {} }])).toMatchObject({
        code: "invalid_input",
        details: { field: "0.key" },
      });
      expect([await crm.contacts.count(), await keys(crm), (await crm.contacts.find({}))!.familyName]).toEqual([
        1,
        "1",
        "Roe",
      ]);
    }),
    crmFact("take part in the unit of whoever brings the records in", async (bench) => {
      const crm = await openDomain(bench);
      const undone = crm.transaction(async (tx) => {
        await upsertByExternalId(tx, contacts, [{ key: "1", input: {} }]);
        throw new Error("no");
      });
      await expect(undone).rejects.toThrow("no");
      expect([await crm.contacts.count(), await keys(crm)]).toEqual([0, ""]);
    }),
    crmFact("are not brought in without a repository", async (bench) => {
      const crm = await openDomain(bench);
      for (const target of [null, { source: "erp", entityType: "contact" }])
        expect(await refused(upsertByExternalId(crm, target as never, []))).toMatchObject({
          code: "invalid_input",
          field: "into",
        });
    }),
  ],
};
