/** One primary contact as soon as there is one, whichever way contacts come and go. */
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { rolesOf, withContacts } from "./contact-roles.ts";
import type { DomainCrm } from "./open-domain.ts";

/** Opportunities that break the rule: roles without a primary contact, or a primary contact without a role. */
async function broken(crm: DomainCrm): Promise<readonly string[]> {
  const { items } = await crm.opportunities.list({ include: { contactRoles: true }, limit: 1_000 });
  return items
    .filter(({ contactId, contactRoles }) => {
      const contacts = contactRoles.map((role) => role.contactId);
      return contactId === null ? contacts.length > 0 : !contacts.includes(contactId);
    })
    .map(({ name }) => name);
}

export const primaryContacts: CrmSuite = {
  name: "the primary contact of an opportunity",
  facts: [
    crmFact("is the first whose role is created, also of many at once", async (bench) => {
      const { crm, deal, ada, ben } = await withContacts(bench);
      const other = await crm.opportunities.create({ name: "Other" });
      await crm.opportunityContacts.createMany([
        { opportunityId: deal.id, contactId: ben.id },
        { opportunityId: other.id, contactId: ada.id, role: "user" },
        { opportunityId: deal.id, contactId: ada.id },
      ]);
      expect(await rolesOf(crm, deal.id)).toBe("Ben* contact, Ada contact");
      expect(await rolesOf(crm, other.id)).toBe("Ada* user");
    }),
    crmFact("gets a role when an opportunity is created with it, or updated to it", async (bench) => {
      const { crm, ada, ben } = await withContacts(bench);
      const [one, two] = await crm.opportunities.createMany([
        { name: "One", contactId: ada.id },
        { name: "Two", contactId: ben.id },
      ]);
      expect(one).toMatchObject({ contactId: ada.id, version: 1 });
      expect(await rolesOf(crm, two!.id)).toBe("Ben* contact");
      await crm.opportunities.updateMany([
        { id: one!.id, contactId: ben.id },
        { id: two!.id, contactId: ada.id },
      ]);
      expect(await rolesOf(crm, one!.id)).toBe("Ada contact, Ben* contact");
      expect(await rolesOf(crm, two!.id)).toBe("Ben contact, Ada* contact");
    }),
    crmFact("that is cleared gives way to the earliest other one, and the only one stays", async (bench) => {
      const { crm, deal, ada, ben, cleo } = await withContacts(bench);
      for (const { id } of [ada, ben, cleo]) await crm.opportunities.addContact(deal.id, { contactId: id });
      expect((await crm.opportunities.update(deal.id, { contactId: null })).contactId).toBe(ben.id);
      expect((await crm.opportunities.update(deal.id, { contactId: null })).contactId).toBe(ada.id);
      expect(await rolesOf(crm, deal.id)).toBe("Ada* contact, Ben contact, Cleo contact");
      const alone = await crm.opportunities.create({ name: "Alone", contactId: ada.id });
      const cleared = await crm.opportunities.updateMany([
        { id: alone.id, contactId: null, name: "Still" },
        { id: deal.id, contactId: null },
      ]);
      expect(cleared.map(({ contactId, name }) => [contactId, name])).toEqual([
        [ada.id, "Still"],
        [ben.id, "Rollout"],
      ]);
    }),
    crmFact("goes on to the earliest other one when its last role is deleted or archived", async (bench) => {
      const { crm, deal, ada, ben, cleo } = await withContacts(bench);
      const roles = await crm.opportunityContacts.createMany(
        [ada, ada, ben, cleo].map(({ id }, i) => ({ opportunityId: deal.id, contactId: id, role: `r${i}` })),
      );
      await crm.opportunityContacts.delete(roles[0]!.id);
      expect(await rolesOf(crm, deal.id)).toBe("Ada* r1, Ben r2, Cleo r3");
      await crm.opportunityContacts.archive(roles[1]!.id);
      expect(await rolesOf(crm, deal.id)).toBe("Ben* r2, Cleo r3");
      await crm.opportunityContacts.restore(roles[1]!.id);
      expect(await rolesOf(crm, deal.id)).toBe("Ada r1, Ben* r2, Cleo r3");
    }),
    crmFact("has an archived role brought back", async (bench) => {
      const { crm, deal, ada, ben } = await withContacts(bench);
      const role = await crm.opportunities.addContact(deal.id, { contactId: ada.id, role: "user" });
      await crm.opportunities.addContact(deal.id, { contactId: ben.id });
      await crm.opportunityContacts.archive(role.id);
      expect(await rolesOf(crm, deal.id)).toBe("Ben* contact");
      await crm.opportunities.update(deal.id, { contactId: ada.id });
      expect(await rolesOf(crm, deal.id)).toBe("Ada* user, Ben contact");
    }),
    crmFact("that is deleted hands over, and is an ordinary contact when it is restored", async (bench) => {
      const { crm, deal, ada, ben } = await withContacts(bench);
      for (const { id } of [ada, ben]) await crm.opportunities.addContact(deal.id, { contactId: id });
      await crm.contacts.delete(ada.id);
      expect(await rolesOf(crm, deal.id)).toBe("Ben* contact");
      await crm.contacts.restore(ada.id);
      expect(await rolesOf(crm, deal.id)).toBe("Ada contact, Ben* contact");
    }),
    crmFact("that goes does not hand over to a contact who is archived, and who is it once back", async (bench) => {
      const { crm, deal, ada, ben, cleo } = await withContacts(bench);
      for (const { id } of [ada, ben, cleo]) await crm.opportunities.addContact(deal.id, { contactId: id });
      await crm.contacts.archive(ben.id);
      await crm.contacts.delete(ada.id);
      expect(await rolesOf(crm, deal.id)).toBe("Ben contact, Cleo* contact");
      await crm.opportunities.update(deal.id, { contactId: null });
      expect(await rolesOf(crm, deal.id)).toBe("Ben contact, Cleo* contact");
      await crm.contacts.erase(cleo.id);
      expect([await rolesOf(crm, deal.id), (await crm.opportunities.get(deal.id)).contactId]).toEqual([
        "Ben contact",
        null,
      ]);
      await crm.contacts.restore(ben.id);
      expect(await rolesOf(crm, deal.id)).toBe("Ben* contact");
    }),
    crmFact("that was the only one is it again when it is restored", async (bench) => {
      const { crm, deal, ada } = await withContacts(bench);
      await crm.opportunities.addContact(deal.id, { contactId: ada.id, role: "user" });
      await crm.contacts.delete(ada.id);
      expect([await rolesOf(crm, deal.id), (await crm.opportunities.get(deal.id)).contactId]).toEqual(["", null]);
      await crm.contacts.restore(ada.id);
      expect(await rolesOf(crm, deal.id)).toBe("Ada* user");
    }),
    crmFact("that is erased leaves its opportunities, with others in its place", async (bench) => {
      const { crm, deal, ada, ben } = await withContacts(bench);
      const alone = await crm.opportunities.create({ name: "Alone", contactId: ada.id });
      for (const { id } of [ada, ben]) await crm.opportunities.addContact(deal.id, { contactId: id });
      await crm.contacts.erase(ada.id);
      expect(await rolesOf(crm, deal.id)).toBe("Ben* contact");
      expect((await crm.opportunities.get(alone.id)).contactId).toBeNull();
      expect(await broken(crm)).toEqual([]);
    }),
    crmFact("comes back with a deleted opportunity", async (bench) => {
      const { crm, deal, ada, ben } = await withContacts(bench);
      for (const { id } of [ada, ben]) await crm.opportunities.addContact(deal.id, { contactId: id });
      await crm.opportunities.setPrimaryContact(deal.id, ben.id);
      await crm.opportunities.delete(deal.id);
      expect(await crm.opportunityContacts.count()).toBe(0);
      await crm.opportunities.restore(deal.id);
      expect(await rolesOf(crm, deal.id)).toBe("Ada contact, Ben* contact");
    }),
    crmFact("is one, whoever adds and removes contacts at the same time", async (bench) => {
      const { crm, deal, ada, ben, cleo } = await withContacts(bench);
      const contacts = [ada, ben, cleo];
      await crm.opportunities.addContact(deal.id, { contactId: ada.id });
      const calls = Array.from({ length: 24 }, (_, i) => {
        const { id } = contacts[i % 3]!;
        if (i % 4 === 0) return crm.opportunities.removeContact(deal.id, id);
        if (i % 4 === 1) return crm.opportunities.setPrimaryContact(deal.id, id);
        return crm.opportunities.addContact(deal.id, { contactId: id, role: `r${i}`, primary: i % 5 === 0 });
      });
      await Promise.all(calls);
      expect(await broken(crm)).toEqual([]);
      await Promise.all(contacts.map(({ id }) => crm.opportunities.removeContact(deal.id, id)));
      expect([await rolesOf(crm, deal.id), (await crm.opportunities.get(deal.id)).contactId]).toEqual(["", null]);
    }),
    crmFact("is not changed by who has read an earlier version", async (bench) => {
      const { crm, deal, ada, ben } = await withContacts(bench);
      await crm.opportunities.addContact(deal.id, { contactId: ada.id });
      const late = crm.opportunities.update(deal.id, { contactId: ben.id }, { version: deal.version });
      expect((await refused(late)).code).toBe("stale_version");
      expect(await rolesOf(crm, deal.id)).toBe("Ada* contact");
    }),
    crmFact("costs the same statements for many opportunities as for few", async (bench) => {
      const cost = async (many: number) => {
        const { crm, calls } = await bench.openCounted();
        const [ada, ben] = await crm.contacts.createMany([{ givenName: "Ada" }, { givenName: "Ben" }]);
        await crm.opportunities.create({ name: "First" });
        const before = calls.find + calls.write;
        const inputs = Array.from({ length: many }, (_, i) => ({ name: `Deal ${i}`, contactId: ada!.id }));
        const deals = await crm.opportunities.createMany(inputs);
        await crm.opportunities.updateMany(deals.map(({ id }) => ({ id, contactId: ben!.id })));
        await crm.contacts.delete(ben!.id);
        expect(await crm.opportunities.count({ where: { contactId: ada!.id } })).toBe(many);
        expect(await crm.opportunityContacts.count()).toBe(many);
        return calls.find + calls.write - before;
      };
      expect(await cost(400)).toBe(await cost(20));
    }),
  ],
};
