/** Two contacts, or two accounts, that have everything become one, and two again; and nothing is left of a person who is erased then. */
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { everything } from "../crm-suites/tangle.ts";
import { partsOfContact, wholeParties } from "./whole-parties.ts";

/** Keeps what is to be delivered: nothing arrives. */
const outbox = {
  subscribers: {
    mirror: {
      on: ["contact.created", "contact.updated", "contact.merged", "contact.deleted", "contact.erased"],
      deliver: () => Promise.reject(new Error("not now")),
    },
  },
} as const;

export const mergingParties: CrmSuite = {
  name: "merging parties that have everything",
  facts: [
    crmFact("of contacts keeps one primary of each kind, the survivor's, and what is the same once", async (bench) => {
      const { crm, jane, joan, acme } = await wholeParties(bench);
      const { record, mergeId } = await crm.contacts.merge(jane, joan);
      expect(record).toMatchObject({
        fullName: "Jane Roe",
        email: "jane@x.test",
        phone: "555 1",
        accountId: acme,
        status: "open",
      });
      expect(await partsOfContact(crm, jane)).toEqual({
        emails: "jane@x.test* 2026-01-02, joan@secret.test -",
        phones: "555 1*, 777",
        addresses: "Bath*, secret York",
        affiliations: "employer Acme*, employer Inc., household Household*",
        restrictions: "email 2026-01-01, phone 2026-02-01",
        externalIds: "1, secret 2",
        roles: "Alone* contact, Both* contact, Both* sponsor",
        stays: "prospect …",
        tags: "Ski, VIP",
        counts: "activities 1, participants 1, links 1, favorites 1, attachments 2",
      });
      const { moved, dropped } = await crm.merges.get(mergeId);
      const counted = (all: readonly { readonly entity: string; readonly ids: readonly string[] }[]) =>
        all
          .map(({ entity, ids }) => `${entity} ${ids.length}`)
          .sort()
          .join(", ");
      expect([counted(moved), counted(dropped)]).toEqual([
        "activity 1, affiliation 2, attachment 1, contactRestriction 1, emailAddress 1, externalId 1, opportunity 2, opportunityContact 2, phoneNumber 1, postalAddress 1, tagging 1, tagging 1",
        "activityLink 1, activityParticipant 1, affiliation 1, contactRestriction 1, contactStageEntry 1, emailAddress 1, favorite 1, opportunityContact 1, phoneNumber 1, tagging 1",
      ]);
    }),
    crmFact("of contacts takes the name, the primary address and the employer that are chosen", async (bench) => {
      const { crm, jane, joan, inc } = await wholeParties(bench);
      const before = await everything(crm);
      const take = { familyName: "other", email: "other", phone: "other", accountId: "other" } as const;
      const { record, mergeId } = await crm.contacts.merge(jane, joan, { take });
      expect(record).toMatchObject({
        fullName: "Jane Doe",
        email: "joan@secret.test",
        phone: "777",
        accountId: inc,
      });
      expect(await partsOfContact(crm, jane)).toMatchObject({
        emails: "jane@x.test 2026-01-02, joan@secret.test* -",
        phones: "555 1, 777*",
        affiliations: "employer Acme, employer Inc.*, household Household*",
      });
      const { left, lost, kept } = await crm.contacts.unmerge(mergeId);
      expect({ left, lost, kept }).toEqual({ left: [], lost: [], kept: [] });
      expect(await everything(crm)).toEqual(before);
    }),
    crmFact("of contacts gives it an address that neither had, where that is said", async (bench) => {
      const { crm, jane, joan } = await wholeParties(bench);
      const before = await everything(crm);
      const { record, mergeId } = await crm.contacts.merge(jane, joan, { values: { email: "new@x.test" } });
      expect(record).toMatchObject({ email: "new@x.test" });
      expect(await partsOfContact(crm, jane)).toMatchObject({
        emails: "jane@x.test 2026-01-02, joan@secret.test -, new@x.test* -",
      });
      await crm.contacts.unmerge(mergeId);
      expect(await everything(crm)).toEqual(before);
    }),
    crmFact("of accounts moves all, and both are as they were when it is undone", async (bench) => {
      const { crm, acme, inc } = await wholeParties(bench);
      const before = await everything(crm);
      const { record, mergeId } = await crm.accounts.merge(acme, inc);
      expect(record).toMatchObject({ domain: "acme.test", phone: "100", industry: "energy", status: null });
      const where = { accountId: acme };
      const shown = {
        domains: (await crm.accountDomains.list({ where })).items.map(({ domain, isPrimary }) => [domain, isPrimary]),
        phones: (await crm.phoneNumbers.list({ where })).items.map(({ number, isPrimary }) => [number, isPrimary]),
        contacts: await crm.contacts.count({ where }),
        affiliations: await crm.affiliations.count({ where }),
        opportunities: await crm.opportunities.count({ where }),
        addresses: await crm.postalAddresses.count({ where }),
        parts: await crm.accounts.count({ where: { parentId: acme } }),
        stays: await crm.accountStageEntries.count(),
      };
      expect(shown).toEqual({
        domains: [
          ["acme.test", true],
          ["inc.test", false],
        ],
        phones: [
          ["100", true],
          ["200", false],
        ],
        contacts: 2,
        // Joan's two are one and the same now.
        affiliations: 2,
        opportunities: 2,
        addresses: 1,
        parts: 1,
        stays: 0,
      });
      const { left, lost, kept } = await crm.accounts.unmerge(mergeId);
      expect({ left, lost, kept }).toEqual({ left: [], lost: [], kept: [] });
      expect(await everything(crm)).toEqual(before);
    }),
    crmFact("undone, whichever survives, leaves everything as it was", async (bench) => {
      const { crm, jane, joan, acme, inc, both, alone } = await wholeParties(bench);
      const before = await everything(crm);
      for (const [repository, one, two] of [
        [crm.contacts, jane, joan],
        [crm.contacts, joan, jane],
        [crm.accounts, acme, inc],
        [crm.accounts, inc, acme],
        [crm.opportunities, both, alone],
        [crm.opportunities, alone, both],
      ] as const) {
        const { mergeId } = await repository.merge(one, two);
        const { left, lost, kept } = await repository.unmerge(mergeId);
        expect({ left, lost, kept }).toEqual({ left: [], lost: [], kept: [] });
        expect(await everything(crm)).toEqual(before);
      }
    }),
    crmFact("and undone in one unit, in a tenant of its own, leaves everything as it was", async (bench) => {
      const { crm, jane, joan, acme, inc } = await wholeParties(bench);
      const before = await everything(crm);
      const other = crm.as({ tenantId: "other" });
      const [one, two] = await other.contacts.createMany([
        { familyName: "One", email: "same@x.test" },
        { familyName: "Two", email: "SAME@x.test" },
      ]);
      await other.contacts.merge(one!.id, two!.id);
      expect(await other.emailAddresses.count()).toBe(1);
      expect((await refused(other.contacts.merge(one!.id, joan))).code).toBe("not_found");
      expect(await everything(crm)).toEqual(before);
      await crm.transaction(async (tx) => {
        const contacts = await tx.contacts.merge(jane, joan);
        const accounts = await tx.accounts.merge(acme, inc);
        await tx.accounts.unmerge(accounts.mergeId);
        await tx.contacts.unmerge(contacts.mergeId);
      });
      expect(await everything(crm)).toEqual(before);
    }),
    crmFact(
      "gives the survivor the employer of the other one, also where it has a place there already",
      async (bench) => {
        const { crm, jane, joan, acme, inc } = await wholeParties(bench);
        await crm.contacts.update(jane, { accountId: null });
        const [own] = (await crm.affiliations.list({ where: { contactId: jane } })).items;
        expect(own).toMatchObject({ accountId: acme, isPrimary: false });
        await crm.contacts.update(joan, { accountId: acme });
        const before = await everything(crm);
        const { mergeId, record } = await crm.contacts.merge(jane, joan);
        expect(record.accountId).toBe(acme);
        const { affiliations } = await partsOfContact(crm, jane);
        expect(affiliations).toBe("employer Acme*, employer Inc., household Household*");
        await crm.contacts.unmerge(mergeId);
        expect(await everything(crm)).toEqual(before);
        expect((await crm.contacts.merge(jane, joan, { values: { accountId: inc } })).record.accountId).toBe(inc);
        expect((await partsOfContact(crm, jane)).affiliations).toBe(
          "employer Acme, employer Inc.*, household Household*",
        );
      },
    ),
    crmFact("undone after changes tells what stays, and each contact has one primary of each kind", async (bench) => {
      const { crm, jane, joan, inc, both } = await wholeParties(bench);
      const { mergeId } = await crm.contacts.merge(jane, joan, { take: { familyName: "other" } });
      await crm.contacts.update(jane, { email: "joan@secret.test", familyName: "Poe" });
      const gone = (await crm.phoneNumbers.find({ where: { number: "777" } }))!.id;
      await crm.phoneNumbers.delete(gone);
      await crm.emailAddresses.create({ contactId: jane, address: "later@x.test" });
      await crm.opportunities.update(both, { name: "Renamed" });
      const undone = await crm.contacts.unmerge(mergeId);
      expect({ left: undone.left, lost: undone.lost, kept: undone.kept }).toEqual({
        left: [{ entity: "phoneNumber", field: "contactId", ids: [gone] }],
        lost: [],
        kept: ["familyName"],
      });
      expect(undone.survivor).toMatchObject({ fullName: "Jane Poe", email: "jane@x.test", phone: "555 1" });
      expect(undone.other).toMatchObject({
        fullName: "Joan secret Doe",
        email: "joan@secret.test",
        phone: "5551",
        accountId: inc,
      });
      expect([await partsOfContact(crm, jane), await partsOfContact(crm, joan)]).toMatchObject([
        { emails: "jane@x.test* -, later@x.test -", phones: "555 1*", affiliations: "employer Acme*" },
        {
          emails: "joan@secret.test* -, Jane@X.test 2026-01-02",
          phones: "5551*",
          affiliations: "employer Inc.*, household Household*, employer Acme",
        },
      ]);
      expect(await crm.opportunities.get(both)).toMatchObject({ name: "Renamed", contactId: joan });
    }),
    crmFact("then erased, leaves no word of either person in any place", async (bench) => {
      const { crm, jane, joan, both, alone } = await wholeParties(bench, outbox);
      await crm.contacts.merge(jane, joan, { take: { givenName: "other", email: "other" } });
      const total = async () => [
        (await crm.opportunities.get(both)).amount,
        (await crm.opportunities.get(alone)).amount,
      ];
      const before = await total();
      await crm.contacts.erase(jane);
      const past = [
        new Date("2026-06-15T10:00:00Z"),
        new Date("2026-06-15T11:30:00Z"),
        new Date("2026-06-15T12:00:00Z"),
      ];
      const seen = [await everything(crm)];
      for (const then of past) seen.push(await everything(crm.asOf(then)));
      const books = [
        (await crm.merges.list()).items,
        (await crm.erasures.list()).items,
        (await crm.eventDeliveries.list({ limit: 1_000 })).items,
      ];
      expect(books[2]!.length).toBeGreaterThan(0);
      const text = JSON.stringify([seen.map((all) => [...all]), books]);
      for (const word of ["Joan", "Roe", "Doe", "jane@", "joan@", "secret form", "555 1", "777", "York", "secret 2"])
        expect([word, text.includes(word)]).toEqual([word, false]);
      for (const id of [jane, joan]) expect((await refused(crm.contacts.history(id))).code).toBe("not_found");
      expect(await total()).toEqual(before);
    }),
  ],
};
