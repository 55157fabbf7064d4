/** What becomes of the contacts and splits of opportunities when contacts or opportunities are merged, and taken apart again. */
import { expect } from "vitest";
import { type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { everything } from "../crm-suites/tangle.ts";
import { rolesOf, withContacts } from "./contact-roles.ts";

export const mergingOpportunities: CrmSuite = {
  name: "merging and the parts of opportunities",
  facts: [
    crmFact("moves the roles of a contact, and the primary contact with them", async (bench) => {
      const { crm, deal, ada, ben, cleo } = await withContacts(bench);
      const alone = await crm.opportunities.create({ name: "Alone", contactId: ben.id });
      await crm.opportunities.addContact(deal.id, { contactId: cleo.id });
      await crm.opportunities.addContact(deal.id, { contactId: ben.id, role: "user", primary: true });
      const both = await crm.opportunities.create({ name: "Both", contactId: ben.id });
      await crm.opportunities.addContact(both.id, { contactId: ada.id });
      await crm.opportunities.addContact(both.id, { contactId: ben.id, role: "sponsor" });
      const before = await everything(crm);
      const { mergeId } = await crm.contacts.merge(ada.id, ben.id);
      expect(await rolesOf(crm, alone.id)).toBe("Ada* contact");
      expect(await rolesOf(crm, deal.id)).toBe("Cleo contact, Ada* user");
      expect(await rolesOf(crm, both.id)).toBe("Ada* contact, Ada* sponsor");
      await crm.contacts.unmerge(mergeId);
      expect(await rolesOf(crm, both.id)).toBe("Ben* contact, Ada contact, Ben* sponsor");
      expect(await everything(crm)).toEqual(before);
    }),
    crmFact("moves the roles of an opportunity to one that has none, and takes them back", async (bench) => {
      const { crm, deal, ada, ben } = await withContacts(bench);
      const twin = await crm.opportunities.create({ name: "Twin", contactId: ben.id });
      await crm.opportunities.addContact(twin.id, { contactId: ada.id, role: "user" });
      const before = await everything(crm);
      const { mergeId } = await crm.opportunities.merge(deal.id, twin.id);
      expect(await rolesOf(crm, deal.id)).toBe("Ben* contact, Ada user");
      await crm.opportunities.unmerge(mergeId);
      expect(await everything(crm)).toEqual(before);
    }),
    crmFact("takes the other's primary contact where that is chosen", async (bench) => {
      const { crm, deal, ada, ben } = await withContacts(bench);
      await crm.opportunities.addContact(deal.id, { contactId: ada.id });
      const twin = await crm.opportunities.create({ name: "Twin", contactId: ben.id });
      const before = await everything(crm);
      const { record, mergeId } = await crm.opportunities.merge(deal.id, twin.id, { take: { contactId: "other" } });
      expect(record.contactId).toBe(ben.id);
      expect(await rolesOf(crm, deal.id)).toBe("Ada contact, Ben* contact");
      await crm.opportunities.unmerge(mergeId);
      expect(await everything(crm)).toEqual(before);
    }),
    crmFact("keeps the splits of the survivor, so that they still add up", async (bench) => {
      const { crm, deal } = await withContacts(bench);
      await crm.users.createMany(["ann", "bob"].map((id) => ({ id, name: id })));
      const twin = await crm.opportunities.create({ name: "Twin", amount: { amount: "10", currency: "EUR" } });
      await crm.opportunities.setSplits(deal.id, "revenue", [{ userId: "ann", percent: "100" }]);
      await crm.opportunities.setSplits(twin.id, "revenue", [{ userId: "bob", percent: "100" }]);
      const before = await everything(crm);
      const { mergeId } = await crm.opportunities.merge(deal.id, twin.id);
      const { items } = await crm.opportunitySplits.list();
      expect(items.map(({ userId, amount }) => `${userId} ${amount?.amount}`)).toEqual(["ann 10.00"]);
      await crm.opportunities.unmerge(mergeId);
      expect(await everything(crm)).toEqual(before);
    }),
  ],
};
