/** Two accounts, contacts, users or opportunities that are one: merged, and taken apart again. */
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { everything } from "../crm-suites/tangle.ts";
import { type DomainCrm, openDomain, pipelineOf, stageId, staysOf } from "./open-domain.ts";

/** Two of each, that refer to each other and to the same. */
async function twins(bench: CrmBench) {
  const crm = await openDomain(bench);
  await crm.teams.createMany([
    { id: "north", name: "North" },
    { id: "south", name: "South" },
  ]);
  await crm.users.createMany([
    { id: "ann", name: "Ann", email: "ann@x.test", teamId: "north" },
    { id: "ann2", name: "Ann B.", email: "ann.b@x.test", teamId: "south", managerId: "ann" },
    { id: "bob", name: "Bob", managerId: "ann2" },
  ]);
  await crm.teams.update("south", { managerId: "ann2" });
  const [acme, inc] = await crm.accounts.createMany([
    { name: "Acme", industry: "retail", ownerId: "ann" },
    { name: "Acme Inc.", domain: "acme.test", industry: "energy", ownerId: "ann2", teamId: "south" },
  ]);
  const [part] = await crm.accounts.createMany([{ name: "Part", parentId: inc!.id }]);
  const [jane, roe] = await crm.contacts.createMany([
    { givenName: "Jane", familyName: "Roe", accountId: acme!.id, ownerId: "ann" },
    { givenName: "J.", familyName: "Roe", email: "roe@acme.test", phone: "1", accountId: inc!.id, ownerId: "ann2" },
  ]);
  const [deal, twin, won] = await crm.opportunities.createMany([
    { name: "Rollout", accountId: acme!.id, contactId: jane!.id, ownerId: "ann" },
    { name: "Roll-out", accountId: inc!.id, contactId: roe!.id, amount: { amount: "10.00", currency: "EUR" } },
    { name: "Earlier", accountId: inc!.id, contactId: roe!.id, ownerId: "ann2" },
  ]);
  bench.clock.set("2026-06-15T11:00:00Z");
  await crm.opportunities.moveTo(twin!.id, "proposal");
  await crm.opportunities.moveTo(won!.id, "won");
  const [call, mail, note] = await crm.activities.createMany([
    { kind: "call", subject: "Call", accountId: inc!.id, contactId: roe!.id, opportunityId: twin!.id, ownerId: "ann2" },
    { kind: "email", subject: "Mail", contactId: jane!.id },
    { kind: "note", subject: "Note", contactId: roe!.id, ownerId: "ann2" },
  ]);
  await crm.activities.archive(note!.id);
  for (const [activity, entityType, id] of [
    [call!.id, "account", acme!.id],
    [call!.id, "account", inc!.id],
    [mail!.id, "account", inc!.id],
    [mail!.id, "contact", roe!.id],
    [mail!.id, "user", "ann2"],
    [call!.id, "opportunity", twin!.id],
  ] as const)
    await crm.activities.link(activity, { entityType, id });
  bench.clock.set("2026-06-15T12:00:00Z");
  const ids = {
    accounts: [acme!.id, inc!.id],
    contacts: [jane!.id, roe!.id],
    users: ["ann", "ann2"],
    teams: ["north", "south"],
    opportunities: [deal!.id, twin!.id],
    activities: [call!.id, mail!.id],
  } as const;
  return { crm, ids, part: part!.id, won: won!.id };
}

type Merging = Pick<DomainCrm["accounts"], "merge" | "unmerge">;

export const merging: CrmSuite = {
  name: "merging in the domain",
  facts: [
    crmFact("of two accounts moves contacts, opportunities, activities, links and parts", async (bench) => {
      const { crm, ids, part, won } = await twins(bench);
      const [acme, inc] = ids.accounts;
      const { record, mergeId } = await crm.accounts.merge(acme, inc, { take: { industry: "other" } });
      expect(record).toMatchObject({
        name: "Acme",
        industry: "energy",
        domain: "acme.test",
        ownerId: "ann",
        teamId: "south",
      });
      expect(await crm.contacts.count({ where: { accountId: acme } })).toBe(2);
      expect(await crm.opportunities.count({ where: { accountId: acme } })).toBe(3);
      expect(await crm.opportunities.get(won)).toMatchObject({ status: "won", accountId: acme });
      expect(await crm.accounts.get(part)).toMatchObject({ parentId: acme });
      expect(await crm.activityLinks.count({ where: { entityType: "account", recordId: acme } })).toBe(2);
      const { moved, dropped } = await crm.merges.get(mergeId);
      expect(moved.map(({ entity, field, ids: all }) => `${entity}.${field} ${all.length}`).sort()).toEqual([
        "account.parentId 1",
        "accountDomain.accountId 1",
        "activity.accountId 1",
        "activityLink.recordId 1",
        "affiliation.accountId 1",
        "contact.accountId 1",
        "opportunity.accountId 2",
      ]);
      expect(dropped.map(({ entity, ids: all }) => `${entity} ${all.length}`)).toEqual(["activityLink 1"]);
    }),
    crmFact("of two opportunities keeps the stays of the survivor, and moves the rest", async (bench) => {
      const { crm, ids } = await twins(bench);
      const [deal, twin] = ids.opportunities;
      const { record, mergeId } = await crm.opportunities.merge(deal, twin);
      expect(record).toMatchObject({ status: "open", amount: { amount: "10.00", currency: "EUR" }, ownerId: "ann" });
      expect(await staysOf(crm, deal)).toEqual(["qualification … -"]);
      expect(await crm.activities.count({ where: { opportunityId: deal } })).toBe(1);
      await crm.opportunities.unmerge(mergeId);
      expect(await staysOf(crm, deal)).toEqual(["qualification … -"]);
      expect(await staysOf(crm, twin)).toEqual(["qualification 3600000 -", "proposal … -"]);
    }),
    crmFact("of two stages or pipelines is refused: what is in them moves by their rules", async (bench) => {
      const { crm } = await twins(bench);
      const other = await crm.pipelines.define(pipelineOf());
      const sales = (await crm.pipelines.find({ where: { key: "sales" } }))!;
      const [proposal, won] = [await stageId(crm, "proposal"), await stageId(crm, "won")];
      const before = await everything(crm);
      expect((await refused(crm.stages.merge(proposal, won))).code).toBe("move_not_allowed");
      expect((await refused(crm.pipelines.merge(sales.id, other.id))).code).toBe("move_not_allowed");
      expect(await everything(crm)).toEqual(before);
    }),
    crmFact("and undone restores every record of every entity, whichever survives", async (bench) => {
      const { crm, ids } = await twins(bench);
      const before = await everything(crm);
      expect(before.size).toBeGreaterThan(25);
      for (const [plural, pair] of Object.entries(ids)) {
        const repository = crm[plural as keyof typeof ids] as unknown as Merging;
        for (const [survivor, other] of [pair, pair.toReversed()] as [string, string][]) {
          const { mergeId } = await repository.merge(survivor, other);
          expect(await everything(crm)).not.toEqual(before);
          const { left, lost, kept } = await repository.unmerge(mergeId);
          expect({ plural, survivor, left, lost, kept }).toEqual({ plural, survivor, left: [], lost: [], kept: [] });
          expect(await everything(crm)).toEqual(before);
        }
      }
    }),
    crmFact("all at once and undone in the opposite order, restores every record", async (bench) => {
      const { crm, ids } = await twins(bench);
      const before = await everything(crm);
      const merges: [Merging, string][] = [];
      for (const [plural, [survivor, other]] of Object.entries(ids)) {
        const repository = crm[plural as keyof typeof ids] as unknown as Merging;
        merges.push([repository, (await repository.merge(survivor, other)).mergeId]);
      }
      expect([await crm.accounts.count(), await crm.contacts.count(), await crm.users.count()]).toEqual([2, 1, 2]);
      for (const [repository, mergeId] of merges.reverse()) await repository.unmerge(mergeId);
      expect(await everything(crm)).toEqual(before);
    }),
    crmFact("leaves a person who is erased afterwards in no place", async (bench) => {
      const { crm, ids } = await twins(bench);
      const [jane, roe] = ids.contacts;
      await crm.contacts.merge(jane, roe);
      await crm.opportunities.updateMany(
        (await crm.opportunities.list({ where: { contactId: jane } })).items.map(({ id }) => ({ id, contactId: null })),
      );
      expect(await crm.contacts.impact(jane)).toMatchObject({ ok: true });
      await crm.contacts.erase(jane);
      const then = crm.asOf(new Date("2026-06-15T11:30:00Z"));
      const seen = [await everything(crm), await everything(then)].map((all) => JSON.stringify([...all.values()]));
      for (const word of ["Roe", "roe@acme.test"]) expect(seen.join()).not.toContain(word);
      expect(await crm.merges.count()).toBe(0);
    }),
  ],
};
