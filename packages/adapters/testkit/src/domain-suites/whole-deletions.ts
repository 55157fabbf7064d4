/** What goes with a contact or an account that has everything, told beforehand; that it all comes back; and what an erased person leaves. */
import { count, sum } from "@relata/core";
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { everything } from "../crm-suites/tangle.ts";
import { partsOfContact, wholeParties } from "./whole-parties.ts";

interface Told {
  readonly entity: string;
  readonly field?: string;
  readonly count: number;
}

/** "emailAddress 2, opportunity.contactId 1" */
const told = (all: readonly Told[]) =>
  all
    .map(({ entity, field, count }) => `${field ? `${entity}.${field}` : entity} ${count}`)
    .sort()
    .join(", ");

export const wholeDeletions: CrmSuite = {
  name: "deleting what has everything",
  facts: [
    crmFact("is told beforehand of a contact, and all of it comes back", async (bench) => {
      const { crm, joan, both } = await wholeParties(bench);
      // Where she has a role besides others, one of them takes her place, and keeps it.
      await crm.opportunities.update(both, {
        contactId: (await crm.contacts.find({ where: { givenName: "Jane" } }))!.id,
      });
      const before = await everything(crm);
      const impact = await crm.contacts.impact(joan);
      expect({ ...impact, deleted: told(impact.deleted), detached: told(impact.detached) }).toEqual({
        ok: true,
        refusing: [],
        deleted:
          "activityLink 1, activityParticipant 1, affiliation 3, attachment 1, contactRestriction 2, contactStageEntry 1, emailAddress 2, externalId 1, favorite 1, opportunityContact 3, phoneNumber 2, postalAddress 1, tagging 2",
        detached: "activity.contactId 1, opportunity.contactId 1",
      });
      expect(await everything(crm)).toEqual(before);
      const parts = await partsOfContact(crm, joan);
      await crm.contacts.delete(joan);
      // The contact, and the 21 that go with it.
      expect(before.size - (await everything(crm)).size).toBe(22);
      await crm.contacts.restore(joan);
      expect(await partsOfContact(crm, joan)).toEqual(parts);
      expect(await everything(crm)).toEqual(before);
    }),
    crmFact("is told beforehand of an account: what keeps it, and then what goes, which comes back", async (bench) => {
      const { crm, acme, inc } = await wholeParties(bench);
      const goes =
        "accountDomain 2, accountStageEntry 1, activityLink 1, activityParticipant 1, affiliation 1, attachment 1, externalId 1, favorite 1, phoneNumber 1, postalAddress 1, tagging 2";
      const kept = await crm.accounts.impact(inc);
      expect({
        ...kept,
        refusing: told(kept.refusing),
        deleted: told(kept.deleted),
        detached: told(kept.detached),
      }).toEqual({
        ok: false,
        refusing: "account.parentId 1, contact.accountId 1, opportunity.accountId 2",
        deleted: goes,
        detached: "activity.accountId 1",
      });
      expect((await refused(crm.accounts.delete(inc))).code).toBe("still_referenced");
      const where = { accountId: inc };
      for (const { id } of (await crm.opportunities.list({ where })).items)
        await crm.opportunities.update(id, { accountId: acme });
      for (const { id } of (await crm.contacts.list({ where })).items)
        await crm.contacts.update(id, { accountId: acme });
      for (const { id } of (await crm.accounts.list({ where: { parentId: inc } })).items)
        await crm.accounts.update(id, { parentId: null });
      const before = await everything(crm);
      const impact = await crm.accounts.impact(inc);
      expect({ ...impact, deleted: told(impact.deleted), detached: told(impact.detached) }).toEqual({
        ok: true,
        refusing: [],
        deleted: goes,
        detached: "activity.accountId 1",
      });
      await crm.accounts.delete(inc);
      expect(before.size - (await everything(crm)).size).toBe(14);
      await crm.accounts.restore(inc);
      expect(await everything(crm)).toEqual(before);
    }),
    crmFact(
      "erasing the primary contact of won deals leaves the deals and their totals, now and then",
      async (bench) => {
        const { crm, joan, jane, both, alone } = await wholeParties(bench);
        const then = new Date("2026-06-15T12:00:00Z");
        bench.clock.set("2026-06-15T13:00:00Z");
        await crm.opportunities.moveTo(both, "won");
        bench.clock.set("2026-06-16T12:00:00Z");
        const won = { where: { status: "won" }, measures: { won: count(), total: sum("amount") } } as const;
        const figures = async () => [
          await crm.opportunities.aggregate(won),
          await crm.asOf(then).opportunities.aggregate(won),
        ];
        const before = await figures();
        const rows = await crm.opportunityStageEntries.list();
        await crm.contacts.erase(joan);
        expect(await figures()).toEqual(before);
        expect(before).toEqual([
          [{ won: 2, total: [{ amount: "15.00", currency: "EUR" }] }],
          [{ won: 1, total: [{ amount: "5.00", currency: "EUR" }] }],
        ]);
        expect((await crm.opportunityStageEntries.list()).items).toEqual(rows.items);
        expect(await crm.opportunities.get(alone)).toMatchObject({ status: "won", contactId: null });
        expect(await crm.opportunities.get(both)).toMatchObject({ status: "won", contactId: jane });
        expect(await crm.asOf(then).opportunities.get(alone)).toMatchObject({ status: "won" });
        for (const query of ["Joan", "Doe", "joan@secret.test", "777"]) {
          expect([query, await crm.search(query)]).toEqual([query, []]);
        }
        const seen = [await everything(crm), await everything(crm.asOf(then))].map((all) => JSON.stringify([...all]));
        for (const word of ["Joan", "Doe", "joan@", "York", "secret 2", "secret form", "secret letter"])
          expect([word, seen.join().includes(word)]).toEqual([word, false]);
      },
    ),
  ],
};
