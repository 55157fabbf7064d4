/** What becomes of the records of the domain when one that they refer to is deleted. */
import { expect } from "vitest";
import { refusedDetails } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, openDomain, pipelineOf } from "./open-domain.ts";

/** The reference that keeps a record from being deleted: "opportunity.ownerId 2". */
async function kept(call: Promise<unknown>): Promise<string> {
  const { entity, field, count } = await refusedDetails(call);
  return `${entity}.${field} ${count}`;
}

async function account(crm: DomainCrm) {
  return crm.accounts.create({ name: "Acme" });
}

export const deletions: CrmSuite = {
  name: "deletions in the domain",
  facts: [
    crmFact("take the stays with their opportunity, and leave those of others", async (bench) => {
      const crm = await openDomain(bench);
      const [gone, other] = await crm.opportunities.createMany([{ name: "Gone" }, { name: "Other" }]);
      await crm.opportunities.moveTo(gone!.id, "proposal");
      await crm.opportunities.delete(gone!.id);
      expect((await crm.opportunityStageEntries.list()).items.map((stay) => stay.recordId)).toEqual([other!.id]);
    }),
    crmFact("take the links with their activity", async (bench) => {
      const crm = await openDomain(bench);
      const acme = await account(crm);
      const [gone, other] = await crm.activities.createMany([
        { kind: "call", subject: "Gone" },
        { kind: "call", subject: "Other" },
      ]);
      for (const { id } of [gone!, other!]) await crm.activities.link(id, { entityType: "account", id: acme.id });
      await crm.activities.delete(gone!.id);
      expect((await crm.activityLinks.list()).items.map((link) => link.activityId)).toEqual([other!.id]);
    }),
    crmFact("leave an activity of an opportunity, without it", async (bench) => {
      const crm = await openDomain(bench);
      const deal = await crm.opportunities.create({ name: "Gone" });
      const note = await crm.activities.create({ kind: "note", subject: "Note", opportunityId: deal.id });
      await crm.opportunities.delete(deal.id);
      expect(await crm.activities.get(note.id)).toMatchObject({ opportunityId: null, version: 2 });
    }),
    crmFact("refuse an account that has opportunities, contacts or children", async (bench) => {
      const crm = await openDomain(bench);
      const [withDeal, withContact, parent] = [await account(crm), await account(crm), await account(crm)];
      await crm.opportunities.create({ name: "Rollout", accountId: withDeal.id });
      await crm.contacts.create({ familyName: "Roe", accountId: withContact.id });
      await crm.accounts.create({ name: "Child", parentId: parent.id });
      expect(await kept(crm.accounts.delete(withDeal.id))).toBe("opportunity.accountId 1");
      expect(await kept(crm.accounts.delete(withContact.id))).toBe("contact.accountId 1");
      expect(await kept(crm.accounts.delete(parent.id))).toBe("account.parentId 1");
      expect(await crm.accounts.count()).toBe(4);
    }),
    crmFact("detach activities from an account", async (bench) => {
      const crm = await openDomain(bench);
      const acme = await account(crm);
      const call = await crm.activities.create({ kind: "call", subject: "Call", accountId: acme.id });
      await crm.accounts.delete(acme.id);
      expect(await crm.activities.get(call.id)).toMatchObject({ accountId: null });
      expect(await crm.accounts.count({ archived: "include" })).toBe(0);
    }),
    crmFact("refuse a user who owns opportunities", async (bench) => {
      const crm = await openDomain(bench);
      await crm.users.create({ id: "ann", name: "Ann" });
      await crm.opportunities.createMany([
        { name: "One", ownerId: "ann" },
        { name: "Two", ownerId: "ann" },
      ]);
      expect(await kept(crm.users.delete("ann"))).toBe("opportunity.ownerId 2");
      expect(await crm.users.count()).toBe(1);
    }),
    crmFact("detach what else a user owned, managed and led", async (bench) => {
      const crm = await openDomain(bench);
      await crm.users.createMany([
        { id: "ann", name: "Ann" },
        { id: "bob", name: "Bob", managerId: "ann" },
      ]);
      await crm.teams.create({ id: "north", name: "North", managerId: "ann" });
      const owned = await crm.accounts.create({ name: "Acme", ownerId: "ann" });
      const contact = await crm.contacts.create({ familyName: "Roe", ownerId: "ann" });
      const call = await crm.activities.create({ kind: "call", subject: "Call", ownerId: "ann" });
      await crm.users.delete("ann");
      expect((await crm.users.get("bob")).managerId).toBeNull();
      expect((await crm.teams.get("north")).managerId).toBeNull();
      expect((await crm.accounts.get(owned.id)).ownerId).toBeNull();
      expect((await crm.contacts.get(contact.id)).ownerId).toBeNull();
      expect((await crm.activities.get(call.id)).ownerId).toBeNull();
    }),
    crmFact("detach the members, accounts and opportunities of a team", async (bench) => {
      const crm = await openDomain(bench);
      await crm.teams.create({ id: "north", name: "North" });
      await crm.users.create({ id: "ann", name: "Ann", teamId: "north" });
      const acme = await crm.accounts.create({ name: "Acme", teamId: "north" });
      const deal = await crm.opportunities.create({ name: "Rollout", teamId: "north" });
      await crm.teams.delete("north");
      expect([
        (await crm.users.get("ann")).teamId,
        (await crm.accounts.get(acme.id)).teamId,
        (await crm.opportunities.get(deal.id)).teamId,
      ]).toEqual([null, null, null]);
    }),
    crmFact("detach opportunities and activities from a contact, and take its roles along", async (bench) => {
      const crm = await openDomain(bench);
      const contact = await crm.contacts.create({ familyName: "Roe" });
      const deal = await crm.opportunities.create({ name: "Rollout", contactId: contact.id });
      const call = await crm.activities.create({ kind: "call", subject: "Call", contactId: contact.id });
      await crm.contacts.delete(contact.id);
      expect((await crm.opportunities.get(deal.id)).contactId).toBeNull();
      expect((await crm.activities.get(call.id)).contactId).toBeNull();
      expect(await crm.opportunityContacts.count()).toBe(0);
    }),
    crmFact("are undone without the roles of contacts who are gone by then, erased or deleted", async (bench) => {
      const crm = await openDomain(bench);
      const [ada, ben, cleo] = await crm.contacts.createMany([
        { givenName: "Ada", email: "ada@x.test" },
        { givenName: "Ben" },
        { givenName: "Cleo" },
      ]);
      const deal = await crm.opportunities.create({ name: "Rollout", contactId: ada!.id });
      for (const { id } of [ben!, cleo!]) await crm.opportunities.addContact(deal.id, { contactId: id });
      await crm.opportunities.delete(deal.id);
      await crm.contacts.erase(ada!.id);
      await crm.contacts.delete(ben!.id);
      await crm.opportunities.restore(deal.id);
      expect((await crm.opportunities.get(deal.id)).contactId).toBe(cleo!.id);
      const roles = await crm.opportunityContacts.list();
      expect(roles.items.map(({ contactId }) => contactId)).toEqual([cleo!.id]);
      expect(await crm.opportunityStageEntries.count()).toBe(1);
    }),
    crmFact("take the stages with an unused pipeline, and refuse one that is used", async (bench) => {
      const crm = await openDomain(bench);
      const [used, unused] = [
        await crm.pipelines.define(pipelineOf()),
        await crm.pipelines.define(pipelineOf({ key: "unused" })),
      ];
      await crm.opportunities.create({ name: "Rollout" });
      await crm.pipelines.delete(unused.id);
      expect(await crm.stages.count()).toBe(4);
      expect(await kept(crm.pipelines.delete(used.id))).toBe("opportunity.pipelineId 1");
      expect([
        await crm.pipelines.count(),
        await crm.stages.count(),
        await crm.opportunityStageEntries.count(),
      ]).toEqual([1, 4, 1]);
    }),
    crmFact("of many records at once write nothing when one is kept", async (bench) => {
      const crm = await openDomain(bench);
      await crm.users.create({ id: "ann", name: "Ann" });
      const owned = await crm.accounts.create({ name: "Acme", ownerId: "ann" });
      await crm.opportunities.create({ name: "Rollout", ownerId: "ann" });
      await refusedDetails(crm.users.delete("ann"));
      expect(await crm.accounts.get(owned.id)).toMatchObject({ ownerId: "ann", version: 1 });
    }),
  ],
};
