/** opportunities.clone: one like another. */
import { createCrm } from "@relata/core";
import { definePlugin, instant, json, money, text } from "@relata/core/plugin";
import { expect } from "vitest";
import * as z from "zod";
import { failure, refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { rolesOf, withContacts } from "./contact-roles.ts";
import { openDomain, pipelineOf, stageId, staysOf } from "./open-domain.ts";

const nowhere = "019b7ca9-8f2e-7000-8000-000000000000";
const eur = (amount: string) => ({ amount, currency: "EUR" });

/** One with a record in each of its lists. */
async function withLists(bench: CrmBench) {
  const sample = await withContacts(bench);
  const { crm, deal, ada, ben } = sample;
  await crm.users.createMany([
    { id: "ann", name: "Ann" },
    { id: "bob", name: "Bob" },
  ]);
  const account = await crm.accounts.create({ name: "Acme" });
  await crm.opportunities.update(deal.id, {
    accountId: account.id,
    ownerId: "ann",
    oneTimeAmount: eur("60"),
    recurringAmount: eur("40"),
    recurringInterval: "year",
    expectedCloseDate: "2026-12-15",
    source: "fair",
    nextStep: "Call",
  });
  await crm.opportunities.addContact(deal.id, { contactId: ada.id, role: "user" });
  await crm.opportunities.addContact(deal.id, { contactId: ben.id, role: "decision_maker", primary: true });
  await crm.opportunityMembers.create({ opportunityId: deal.id, userId: "bob", role: "pre_sales" });
  await crm.opportunities.setSplits(deal.id, "revenue", [
    { userId: "ann", percent: "75" },
    { userId: "bob", percent: "25" },
  ]);
  await crm.opportunities.setSplits(deal.id, "overlay", [{ userId: "bob", percent: "10" }]);
  await crm.opportunityCompetitors.create({ opportunityId: deal.id, name: "Globex", outcome: "lost" });
  await crm.opportunityProducts.create({ opportunityId: deal.id, name: "Seat", quantity: "3", unitPrice: eur("20") });
  return { ...sample, account };
}

export const cloning: CrmSuite = {
  name: "opportunities.clone",
  facts: [
    crmFact("copies the fields and the lists into a new open opportunity", async (bench) => {
      const { crm, deal, ben, account } = await withLists(bench);
      const copy = await crm.opportunities.clone(deal.id);
      expect(copy.id).not.toBe(deal.id);
      expect(copy).toMatchObject({
        name: "Rollout",
        accountId: account.id,
        contactId: ben.id,
        ownerId: "ann",
        amount: eur("100.00"),
        annualRecurring: eur("40.00"),
        source: "fair",
        nextStep: "Call",
        status: "open",
        expectedCloseDate: null,
      });
      expect(await rolesOf(crm, copy.id)).toBe("Ben* decision_maker, Ada user");
      const of = { where: { opportunityId: copy.id } };
      expect((await crm.opportunityMembers.list(of)).items).toMatchObject([{ userId: "bob", role: "pre_sales" }]);
      const shares = await crm.opportunitySplits.list({ ...of, orderBy: [{ kind: "asc" }, { userId: "asc" }] });
      expect(shares.items.map(({ kind, userId, amount }) => `${kind} ${userId} ${amount?.amount}`)).toEqual([
        "overlay bob 10.00",
        "revenue ann 75.00",
        "revenue bob 25.00",
      ]);
      expect((await crm.opportunityCompetitors.list(of)).items).toMatchObject([{ name: "Globex", outcome: "lost" }]);
      expect((await crm.opportunityProducts.list(of)).items).toMatchObject([{ name: "Seat", amount: eur("60.00") }]);
      expect(await crm.opportunities.get(deal.id)).toMatchObject({ name: "Rollout", contactId: ben.id });
    }),
    crmFact("begins anew: at the first stage of the same pipeline, with one stay and no activities", async (bench) => {
      const crm = await openDomain(bench);
      await crm.opportunities.create({ name: "In the default pipeline" });
      const renewals = await crm.pipelines.define(pipelineOf());
      const deal = await crm.opportunities.create({
        name: "Renewal",
        pipelineId: renewals.id,
        stageId: await stageId(crm, "offered", "renewals"),
        probability: "99",
      });
      await crm.activities.create({ kind: "note", subject: "Note", opportunityId: deal.id });
      await crm.opportunities.moveTo(deal.id, "ended");
      const copy = await crm.as({ actorId: "ann" }).opportunities.clone(deal.id, { name: "Next renewal" });
      expect(copy).toMatchObject({
        name: "Next renewal",
        pipelineId: renewals.id,
        stageId: await stageId(crm, "due", "renewals"),
        status: "open",
        probability: "40",
        actualCloseDate: null,
        salesCycleDays: null,
        lostReasonId: null,
        lostNote: null,
        version: 1,
        createdBy: "ann",
      });
      expect(await staysOf(crm, copy.id)).toEqual(["due … ann"]);
      expect(await crm.activities.count({ where: { opportunityId: copy.id } })).toBe(0);
    }),
    crmFact("prefers what is given, and derives from it", async (bench) => {
      const { crm, deal, cleo } = await withLists(bench);
      const copy = await crm.opportunities.clone(deal.id, {
        name: "Second",
        oneTimeAmount: eur("160"),
        ownerId: null,
        contactId: cleo.id,
        expectedCloseDate: "2027-01-31",
        source: undefined as never,
      });
      expect(copy).toMatchObject({
        name: "Second",
        amount: eur("200.00"),
        ownerId: null,
        contactId: cleo.id,
        expectedCloseDate: "2027-01-31",
        source: "fair",
      });
      expect(await rolesOf(crm, copy.id)).toBe("Ada user, Ben decision_maker, Cleo* contact");
      const where = { opportunityId: copy.id, kind: "revenue" as const };
      const shares = await crm.opportunitySplits.list({ where, orderBy: [{ userId: "asc" }] });
      expect(shares.items.map(({ amount }) => amount?.amount)).toEqual(["150.00", "50.00"]);
    }),
    crmFact("keeps an amount that was given by hand", async (bench) => {
      const crm = await openDomain(bench);
      const deal = await crm.opportunities.create({ name: "x", amount: eur("900"), oneTimeAmount: eur("5") });
      expect((await crm.opportunities.clone(deal.id, { oneTimeAmount: eur("6") })).amount).toEqual(eur("900.00"));
    }),
    crmFact("leaves out who is archived, and the account of a competitor that is", async (bench) => {
      const { crm, deal, ben } = await withLists(bench);
      const globex = await crm.accounts.create({ name: "Globex" });
      await crm.opportunityCompetitors.create({ opportunityId: deal.id, name: "Globex Ltd", accountId: globex.id });
      await crm.contacts.archive(ben.id);
      await crm.users.archive("bob");
      await crm.accounts.archive(globex.id);
      const copy = await crm.opportunities.clone(deal.id);
      expect(await rolesOf(crm, copy.id)).toBe("Ada* user");
      const where = { opportunityId: copy.id };
      expect(await crm.opportunityMembers.count({ where })).toBe(0);
      expect(await crm.opportunitySplits.count({ where })).toBe(3);
      const rivals = await crm.opportunityCompetitors.list({ where, orderBy: [{ name: "asc" }] });
      expect(rivals.items.map(({ name, accountId }) => [name, accountId])).toEqual([
        ["Globex", null],
        ["Globex Ltd", null],
      ]);
    }),
    crmFact("refuses an archived account or owner, unless another is given, and writes nothing", async (bench) => {
      const { crm, deal, account } = await withLists(bench);
      await crm.accounts.archive(account.id);
      const before = [await crm.opportunities.count(), await crm.opportunityContacts.count()];
      expect(await refused(crm.opportunities.clone(deal.id))).toEqual({
        code: "reference_archived",
        entity: "opportunity",
        field: "accountId",
      });
      expect([await crm.opportunities.count(), await crm.opportunityContacts.count()]).toEqual(before);
      expect((await crm.opportunities.clone(deal.id, { accountId: null })).accountId).toBeNull();
    }),
    crmFact("copies the columns of plugins that anyone may write, on the lists too", async (bench) => {
      const sized = definePlugin({
        id: "sized",
        extend: {
          opportunity: {
            size: text().optional(),
            fee: money().optional(),
            seenAt: instant().optional(),
            labels: json(z.array(z.string())).optional(),
            score: text().default("none").written("operations"),
            origin: text().optional().written("once"),
          },
          opportunityProduct: { colour: text().default("grey") },
        },
        operations: (context) => ({
          opportunity: { rate: async (id: string, score: string) => context.opportunities.update(id, { score }) },
        }),
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [sized] });
      const deal = await crm.opportunities.create({
        name: "Rollout",
        size: "large",
        fee: eur("5"),
        seenAt: new Date("2026-01-02T03:04:05.678Z"),
        labels: ["a", "b"],
        origin: "web",
      });
      await crm.opportunities.rate(deal.id, "high");
      await crm.opportunityProducts.create({ opportunityId: deal.id, name: "Seat", colour: "red" });
      const copy = await crm.opportunities.clone(deal.id, { labels: ["c"] });
      expect(copy).toMatchObject({
        size: "large",
        fee: eur("5.00"),
        seenAt: new Date("2026-01-02T03:04:05.678Z"),
        labels: ["c"],
        origin: "web",
        score: "none",
      });
      const [, seat] = (await crm.opportunityProducts.list({ orderBy: [{ createdAt: "asc" }] })).items;
      expect(seat).toMatchObject({ opportunityId: copy.id, colour: "red" });
    }),
    crmFact("refuses what is wrong, by its name, and writes nothing", async (bench) => {
      const { crm, deal } = await withLists(bench);
      const clone = (changes: unknown) => crm.opportunities.clone(deal.id, changes as never);
      const cases: readonly (readonly [() => Promise<unknown>, string, string])[] = [
        [() => clone("x"), "", "invalid_type"],
        [() => clone({ name: "" }), "name", "empty_text"],
        [() => clone({ nam: "x" }), "nam", "unknown_field"],
        [() => clone({ status: "won" }), "status", "read_only_field"],
        [() => clone({ monthlyRecurring: eur("1") }), "monthlyRecurring", "read_only_field"],
        [() => clone({ version: 7 }), "version", "read_only_field"],
        [() => clone({ oneTimeAmount: { amount: "1", currency: "USD" } }), "recurringAmount", "other_currency"],
      ];
      for (const [call, field, code] of cases)
        expect((await refusedDetails(call())).issues).toMatchObject([{ field, code }]);
      expect(await crm.opportunities.count()).toBe(1);
      expect((await refused(crm.opportunities.clone(nowhere))).code).toBe("not_found");
      expect((await refused(crm.as({ tenantId: "other" }).opportunities.clone(deal.id))).code).toBe("not_found");
    }),
    crmFact("is part of the unit around it, and undone with it", async (bench) => {
      const { crm, deal } = await withLists(bench);
      const undone = new Error("undone");
      const unit = crm.transaction(async (tx) => {
        const copy = await tx.opportunities.clone(deal.id);
        expect((await tx.opportunities.get(copy.id)).name).toBe("Rollout");
        throw undone;
      });
      expect(await failure(unit)).toBe(undone);
      expect([await crm.opportunities.count(), await crm.opportunityContacts.count()]).toEqual([1, 2]);
      expect((await refused(crm.asOf(new Date(bench.clock.now())).opportunities.clone(deal.id))).code).toBe(
        "past_is_read_only",
      );
    }),
    crmFact("is dated by at", async (bench) => {
      const { crm, deal } = await withLists(bench);
      bench.clock.set("2026-08-15T10:00:00Z");
      const copy = await crm.at(new Date("2026-07-01T00:00:00Z")).opportunities.clone(deal.id);
      expect(copy).toMatchObject({
        createdAt: new Date("2026-07-01T00:00:00Z"),
        updatedAt: new Date("2026-07-01T00:00:00Z"),
      });
    }),
  ],
};
