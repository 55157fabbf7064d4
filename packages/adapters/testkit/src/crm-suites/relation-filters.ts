/** Conditions on related records: through to-one references to any depth, and through to-many sides. */
import { expect } from "vitest";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import type { AccountWhere, SampleCrm } from "./sample-crm.ts";

/**
 * Alps > Base > Camp, and Dome alone. Alps has the contacts Ann and Bob, Base has Cyd; the owner of Alps and Dome is Una, whose
 * manager is Max.
 */
async function withAccounts(bench: CrmBench): Promise<SampleCrm> {
  const crm = await bench.open();
  await crm.users.createMany([
    { id: "max", name: "Max" },
    { id: "una", name: "Una", managerId: "max" },
  ]);
  const alps = await crm.accounts.create({ name: "Alps", industry: "retail", ownerId: "una" });
  const base = await crm.accounts.create({ name: "Base", parentId: alps.id, industry: "energy" });
  await crm.accounts.create({ name: "Camp", parentId: base.id });
  await crm.accounts.create({ name: "Dome", industry: "energy", ownerId: "una" });
  await crm.contacts.createMany([
    { givenName: "Ann", jobTitle: "CEO", accountId: alps.id },
    { givenName: "Bob", accountId: alps.id, ownerId: "una" },
    { givenName: "Cyd", jobTitle: "CEO", accountId: base.id },
    { givenName: "Dan", jobTitle: "CEO" },
  ]);
  return crm;
}

async function names(crm: SampleCrm, where: AccountWhere): Promise<string> {
  const page = await crm.accounts.list({ where, orderBy: [{ name: "asc" }] });
  return page.items.map(({ name }) => name).join(" ");
}

function accountConditions(name: string, cases: readonly (readonly [AccountWhere, string])[]) {
  return crmFact(name, async (bench) => {
    const crm = await withAccounts(bench);
    for (const [where, expected] of cases) {
      const label = JSON.stringify(where);
      expect(`${label}: ${await names(crm, where)}`).toBe(`${label}: ${expected}`);
    }
  });
}

export const relationFilters: CrmSuite = {
  name: "conditions on related records",
  facts: [
    accountConditions("go through a to-one reference", [
      [{ parent: { name: "Alps" } }, "Base"],
      [{ parent: { industry: { in: ["retail", "energy"] } } }, "Base Camp"],
      [{ parent: {} }, "Base Camp"],
      [{ parent: null }, "Alps Dome"],
      [{ owner: { name: "Una" } }, "Alps Dome"],
      [{ parent: { name: { ne: "Alps" } } }, "Camp"],
      [{ parent: { parentId: null } }, "Base"],
    ]),
    accountConditions("go through several references", [
      [{ parent: { parent: { name: "Alps" } } }, "Camp"],
      [{ owner: { manager: { name: "Max" } } }, "Alps Dome"],
      [{ parent: { owner: { manager: { id: "max" } } } }, "Base"],
      [{ parent: { parent: { parent: {} } } }, ""],
      [{ owner: { manager: { manager: null } } }, "Alps Dome"],
    ]),
    accountConditions("ask for some, none or every related record", [
      [{ contacts: { some: { givenName: "Ann" } } }, "Alps"],
      [{ contacts: { some: {} } }, "Alps Base"],
      [{ contacts: { none: {} } }, "Camp Dome"],
      [{ contacts: { some: { jobTitle: "CEO" } } }, "Alps Base"],
      [{ contacts: { none: { jobTitle: "CEO" } } }, "Camp Dome"],
      [{ contacts: { every: { jobTitle: "CEO" } } }, "Base Camp Dome"],
      [{ contacts: { every: {} } }, "Alps Base Camp Dome"],
      [{ contacts: { some: {}, every: { jobTitle: "CEO" } } }, "Base"],
      [{ contacts: { some: { givenName: "Ann" }, none: { givenName: "Bob" } } }, ""],
      [{ contacts: {} }, "Alps Base Camp Dome"],
      [{ contacts: { every: { jobTitle: { ne: "CEO" } } } }, "Camp Dome"],
      [{ contacts: { every: { ownerId: null } } }, "Base Camp Dome"],
    ]),
    accountConditions("nest, there and back again", [
      [{ children: { some: { contacts: { some: { givenName: "Cyd" } } } } }, "Alps"],
      [{ children: { some: { children: { some: { name: "Camp" } } } } }, "Alps"],
      [{ children: { none: { children: { some: {} } } } }, "Base Camp Dome"],
      [{ contacts: { some: { account: { name: "Alps" } } } }, "Alps"],
      [{ contacts: { some: { account: { children: { some: {} } }, jobTitle: "CEO" } } }, "Alps Base"],
      [{ parent: { contacts: { every: { jobTitle: "CEO" } } } }, "Camp"],
      [{ owner: { accounts: { some: { name: "Dome" } } } }, "Alps Dome"],
    ]),
    accountConditions("combine with other conditions", [
      [{ or: [{ parent: { name: "Alps" } }, { contacts: { some: { givenName: "Ann" } } }] }, "Alps Base"],
      [{ not: { parent: { name: "Alps" } } }, "Alps Camp Dome"],
      [{ not: { contacts: { some: {} } } }, "Camp Dome"],
      [{ not: { contacts: { every: { jobTitle: "CEO" } } } }, "Alps"],
      [{ not: { contacts: { none: {} } } }, "Alps Base"],
      [{ contacts: { some: { or: [{ givenName: "Ann" }, { givenName: "Cyd" }] } }, parent: null }, "Alps"],
      [{ industry: "energy", owner: { id: "una" } }, "Dome"],
      [{ contacts: { some: { not: { jobTitle: "CEO" } } } }, "Alps"],
    ]),
    crmFact("count the same records", async (bench) => {
      const crm = await withAccounts(bench);
      expect(await crm.accounts.count({ where: { contacts: { some: {} } } })).toBe(2);
      expect(await crm.contacts.count({ where: { account: { industry: { fold: true, eq: "RETAIL" } } } })).toBe(2);
      expect(
        await crm.users.count({ where: { accounts: { every: { industry: { in: ["retail", "energy"] } } } } }),
      ).toBe(2);
    }),
    crmFact("see archived related records as they see live ones", async (bench) => {
      const crm = await withAccounts(bench);
      const alps = await crm.accounts.find({ where: { name: "Alps" } });
      await crm.accounts.archive(alps!.id);
      expect(await names(crm, { parent: { name: "Alps" } })).toBe("Base");
      expect(await crm.contacts.count({ where: { account: { name: "Alps" } } })).toBe(2);
    }),
  ],
};
