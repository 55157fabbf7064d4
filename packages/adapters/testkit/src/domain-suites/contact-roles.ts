/** The contacts of an opportunity, their roles, and what is done to them by operations. */
import { expect } from "vitest";
import { failure, refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, openDomain } from "./open-domain.ts";

const nowhere = "019b7ca9-8f2e-7000-8000-000000000000";

export async function withContacts(bench: CrmBench) {
  const crm = await openDomain(bench);
  const [ada, ben, cleo] = await crm.contacts.createMany([
    { givenName: "Ada" },
    { givenName: "Ben" },
    { givenName: "Cleo" },
  ]);
  const deal = await crm.opportunities.create({ name: "Rollout" });
  return { crm, deal, ada: ada!, ben: ben!, cleo: cleo! };
}

/** "Ada* contact, Ben decision_maker": who has which role, the earliest first, and a star for the primary one. */
export async function rolesOf(crm: DomainCrm, opportunityId: string): Promise<string> {
  const { contactId } = await crm.opportunities.get(opportunityId);
  const page = await crm.opportunityContacts.list({
    where: { opportunityId },
    orderBy: [{ createdAt: "asc" }],
    include: { contact: true },
  });
  return page.items
    .map(({ contact, role }) => `${contact!.givenName}${contact!.id === contactId ? "*" : ""} ${role}`)
    .join(", ");
}

export const contactRoles: CrmSuite = {
  name: "contacts of opportunities",
  facts: [
    crmFact("have roles; the first one is the primary one", async (bench) => {
      const { crm, deal, ada, ben } = await withContacts(bench);
      const first = await crm.opportunities.addContact(deal.id, { contactId: ada.id, role: "decision_maker" });
      await crm.opportunities.addContact(deal.id, { contactId: ben.id });
      expect(first).toMatchObject({ opportunityId: deal.id, contactId: ada.id, role: "decision_maker", version: 1 });
      expect(await rolesOf(crm, deal.id)).toBe("Ada* decision_maker, Ben contact");
    }),
    crmFact("are primary when they are added so, and when they are made so", async (bench) => {
      const { crm, deal, ada, ben, cleo } = await withContacts(bench);
      await crm.opportunities.addContact(deal.id, { contactId: ada.id });
      await crm.opportunities.addContact(deal.id, { contactId: ben.id, role: "user", primary: true });
      expect(await rolesOf(crm, deal.id)).toBe("Ada contact, Ben* user");
      expect((await crm.opportunities.setPrimaryContact(deal.id, ada.id)).contactId).toBe(ada.id);
      expect(await rolesOf(crm, deal.id)).toBe("Ada* contact, Ben user");
      await crm.opportunities.setPrimaryContact(deal.id, cleo.id);
      expect(await rolesOf(crm, deal.id)).toBe("Ada contact, Ben user, Cleo* contact");
    }),
    crmFact("may have several roles, each once", async (bench) => {
      const { crm, deal, ada } = await withContacts(bench);
      const first = await crm.opportunities.addContact(deal.id, { contactId: ada.id, role: "user" });
      await crm.opportunities.addContact(deal.id, { contactId: ada.id, role: "sponsor" });
      expect(await crm.opportunities.addContact(deal.id, { contactId: ada.id, role: "user" })).toEqual(first);
      expect(await rolesOf(crm, deal.id)).toBe("Ada* user, Ada* sponsor");
      expect(await crm.opportunities.get(deal.id)).toMatchObject({ contactId: ada.id, version: 2 });
    }),
    crmFact("are taken off with all their roles; the earliest of the others becomes the primary one", async (bench) => {
      const { crm, deal, ada, ben, cleo } = await withContacts(bench);
      for (const contact of [ada, ben, cleo]) await crm.opportunities.addContact(deal.id, { contactId: contact.id });
      await crm.opportunities.addContact(deal.id, { contactId: ada.id, role: "user" });
      await crm.opportunities.removeContact(deal.id, cleo.id);
      expect(await rolesOf(crm, deal.id)).toBe("Ada* contact, Ben contact, Ada* user");
      await crm.opportunities.removeContact(deal.id, ada.id);
      await crm.opportunities.removeContact(deal.id, ada.id);
      expect(await rolesOf(crm, deal.id)).toBe("Ben* contact");
      await crm.opportunities.removeContact(deal.id, ben.id);
      expect(await rolesOf(crm, deal.id)).toBe("");
      expect((await crm.opportunities.get(deal.id)).contactId).toBeNull();
    }),
    crmFact("find opportunities, and are found by them", async (bench) => {
      const { crm, deal, ada, ben } = await withContacts(bench);
      await crm.opportunities.addContact(deal.id, { contactId: ada.id, role: "decision_maker" });
      const other = await crm.opportunities.create({ name: "Other", contactId: ben.id });
      const decided = await crm.opportunities.list({ where: { contactRoles: { some: { role: "decision_maker" } } } });
      expect(decided.items.map(({ id }) => id)).toEqual([deal.id]);
      const { items } = await crm.contacts.list({ where: { opportunityRoles: { some: { opportunityId: other.id } } } });
      expect(items.map(({ id }) => id)).toEqual([ben.id]);
    }),
    crmFact("are as they were, as of then", async (bench) => {
      const { crm, deal, ada, ben } = await withContacts(bench);
      await crm.opportunities.addContact(deal.id, { contactId: ada.id });
      bench.clock.set("2026-06-16T10:00:00Z");
      await crm.opportunities.addContact(deal.id, { contactId: ben.id, primary: true });
      await crm.opportunities.removeContact(deal.id, ada.id);
      const past = crm.asOf(new Date("2026-06-15T12:00:00Z"));
      expect(await rolesOf(past as DomainCrm, deal.id)).toBe("Ada* contact");
      expect(await rolesOf(crm, deal.id)).toBe("Ben* contact");
      expect((await refused(past.opportunities.removeContact(deal.id, ada.id))).code).toBe("past_is_read_only");
    }),
    crmFact("are added in the unit around them, or not at all", async (bench) => {
      const { crm, deal, ada, ben } = await withContacts(bench);
      const undone = new Error("undone");
      const unit = crm.transaction(async (tx) => {
        await tx.opportunities.addContact(deal.id, { contactId: ada.id });
        await tx.opportunities.addContact(deal.id, { contactId: ben.id, primary: true });
        await tx.opportunities.removeContact(deal.id, ada.id);
        expect((await tx.opportunities.get(deal.id)).contactId).toBe(ben.id);
        throw undone;
      });
      expect(await failure(unit)).toBe(undone);
      expect(await rolesOf(crm, deal.id)).toBe("");
      expect(await crm.opportunities.get(deal.id)).toMatchObject({ contactId: null, version: 1 });
    }),
    crmFact("are dated by at", async (bench) => {
      const crm = await openDomain(bench);
      const then = crm.at(new Date("2026-03-01T09:00:00Z"));
      const contact = await then.contacts.create({ givenName: "Dan" });
      const deal = await then.opportunities.create({ name: "Old", contactId: contact.id });
      const [role] = (await crm.opportunityContacts.list({ where: { opportunityId: deal.id } })).items;
      expect(role).toMatchObject({ contactId: contact.id, createdAt: new Date("2026-03-01T09:00:00Z") });
    }),
    crmFact("refuse what is wrong, by its name, and write nothing", async (bench) => {
      const { crm, deal, ada } = await withContacts(bench);
      const { addContact, removeContact, setPrimaryContact } = crm.opportunities;
      const cases: readonly (readonly [() => Promise<unknown>, string, string])[] = [
        [() => addContact(deal.id, undefined as never), "", "invalid_type"],
        [() => addContact(deal.id, {} as never), "contactId", "missing_field"],
        [() => addContact(deal.id, { contactId: "ada" }), "contactId", "invalid_id"],
        [() => addContact(deal.id, { contactId: ada.id, role: 7 } as never), "role", "invalid_type"],
        [() => addContact(deal.id, { contactId: ada.id, role: "" }), "role", "empty_text"],
        [() => addContact(deal.id, { contactId: ada.id, role: "x".repeat(101) }), "role", "text_too_long"],
        [() => addContact(deal.id, { contactId: ada.id, role: "a\0b" }), "role", "invalid_text"],
        [() => addContact(deal.id, { contactId: ada.id, primary: "yes" } as never), "primary", "invalid_type"],
        [() => addContact(deal.id, { contactId: ada.id, rule: "user" } as never), "rule", "unknown_field"],
        [() => removeContact(deal.id, undefined as never), "contactId", "missing_field"],
        [() => removeContact(deal.id, "ada"), "contactId", "invalid_id"],
        [() => setPrimaryContact(deal.id, null as never), "contactId", "invalid_type"],
      ];
      for (const [call, field, code] of cases) {
        const details = await refusedDetails(call());
        expect(details.issues).toMatchObject([{ field, code }]);
      }
      expect(await crm.opportunityContacts.count()).toBe(0);
    }),
    crmFact(
      "refuse contacts and opportunities that are not there, those of other tenants among them",
      async (bench) => {
        const { crm, deal, ada } = await withContacts(bench);
        const other = crm.as({ tenantId: "other" });
        const theirs = await other.contacts.create({ givenName: "Theirs" });
        const { addContact, removeContact, setPrimaryContact } = crm.opportunities;
        for (const contactId of [nowhere, theirs.id]) {
          expect(await refused(addContact(deal.id, { contactId, primary: true }))).toEqual({
            code: "reference_not_found",
            entity: "opportunityContact",
            field: "contactId",
          });
          expect((await refused(setPrimaryContact(deal.id, contactId))).code).toBe("reference_not_found");
        }
        for (const call of [
          () => addContact(nowhere, { contactId: ada.id }),
          () => removeContact(nowhere, ada.id),
          () => setPrimaryContact(nowhere, ada.id),
          () => other.opportunities.addContact(deal.id, { contactId: theirs.id }),
          () => other.opportunities.removeContact(deal.id, ada.id),
        ])
          expect(await refused(call())).toMatchObject({ code: "not_found", entity: "opportunity" });
        expect(await rolesOf(crm, deal.id)).toBe("");
      },
    ),
    crmFact("refuse a new role of who is archived", async (bench) => {
      const { crm, deal, ada } = await withContacts(bench);
      await crm.contacts.archive(ada.id);
      expect(await refused(crm.opportunities.addContact(deal.id, { contactId: ada.id }))).toEqual({
        code: "reference_archived",
        entity: "opportunityContact",
        field: "contactId",
      });
    }),
    crmFact("and members of the team are listed beside the owner, each once", async (bench) => {
      const { crm, deal } = await withContacts(bench);
      await crm.users.createMany([
        { id: "ann", name: "Ann" },
        { id: "bob", name: "Bob" },
      ]);
      await crm.opportunities.update(deal.id, { ownerId: "ann" });
      await crm.opportunityMembers.create({ opportunityId: deal.id, userId: "bob", role: "pre_sales" });
      const again = crm.opportunityMembers.create({ opportunityId: deal.id, userId: "bob" });
      expect((await refused(again)).code).toBe("not_unique");
      const unknown = crm.opportunityMembers.create({ opportunityId: deal.id, userId: "eve" });
      expect(await refused(unknown)).toMatchObject({ code: "reference_not_found", field: "userId" });
      const mine = await crm.opportunities.list({ where: { members: { some: { userId: "bob" } } } });
      expect(mine.items.map(({ id }) => id)).toEqual([deal.id]);
      expect((await crm.opportunityMembers.list()).items.map(({ role }) => role)).toEqual(["pre_sales"]);
    }),
  ],
};
