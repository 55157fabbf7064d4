/** An empty database is enough to begin with. */
import { createCrm } from "@relata/core";
import { expect } from "vitest";
import { type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { openDomain, stagesOf } from "./open-domain.ts";

const standardStages = "qualification 10 · discovery 25 · proposal 50 · negotiation 75 · won 100 · lost 0";

export const firstUse: CrmSuite = {
  name: "first use",
  facts: [
    crmFact("runs the lines of the README on an empty database", async (bench) => {
      const crm = await createCrm(await bench.options());
      const acme = await crm.accounts.create({ name: "Acme" });
      const deal = await crm.opportunities.create({
        name: "Acme rollout",
        accountId: acme.id,
        amount: { amount: "12500.00", currency: "EUR" },
        expectedCloseDate: "2026-12-15",
      });
      const moved = await crm.opportunities.moveTo(deal.id, "proposal");
      expect(moved).toMatchObject({
        id: deal.id,
        name: "Acme rollout",
        accountId: acme.id,
        amount: { amount: "12500.00", currency: "EUR" },
        expectedCloseDate: "2026-12-15",
        status: "open",
        probability: "50",
        version: 2,
      });
    }),
    crmFact("finds no pipeline until one is needed", async (bench) => {
      const crm = await openDomain(bench);
      await crm.accounts.create({ name: "Acme" });
      expect(await crm.pipelines.count()).toBe(0);
    }),
    crmFact("makes the standard pipeline with the first opportunity, as the default one", async (bench) => {
      const crm = await openDomain(bench);
      await crm.opportunities.create({ name: "Rollout" });
      const { items } = await crm.pipelines.list();
      expect(items).toMatchObject([{ key: "sales", name: "Sales", entityType: "opportunity", isDefault: true }]);
      expect(await stagesOf(crm, "sales")).toBe(standardStages);
    }),
    crmFact("makes the standard pipeline with the first look at the board", async (bench) => {
      const crm = await openDomain(bench);
      const board = await crm.opportunities.board();
      expect(board.map(({ stage, count }) => [stage.key, count])).toEqual([
        ["qualification", 0],
        ["discovery", 0],
        ["proposal", 0],
        ["negotiation", 0],
        ["won", 0],
        ["lost", 0],
      ]);
    }),
    crmFact("makes it once, also for ten first opportunities at the same time", async (bench) => {
      const crm = await openDomain(bench);
      const names = Array.from({ length: 10 }, (_, i) => `Deal ${i}`);
      const deals = await Promise.all(names.map((name) => crm.opportunities.create({ name })));
      expect(new Set(deals.map((deal) => deal.stageId)).size).toBe(1);
      expect(await crm.pipelines.count()).toBe(1);
      expect(await crm.stages.count()).toBe(6);
      expect(await crm.opportunityStageEntries.count()).toBe(10);
    }),
    crmFact("makes it once for ten boards at the same time", async (bench) => {
      const crm = await openDomain(bench);
      await Promise.all(Array.from({ length: 10 }, () => crm.opportunities.board()));
      expect([await crm.pipelines.count(), await crm.stages.count()]).toEqual([1, 6]);
    }),
    crmFact("makes one for each tenant", async (bench) => {
      const crm = await openDomain(bench);
      const [one, other] = [crm.as({ tenantId: "one" }), crm.as({ tenantId: "other" })];
      const deal = await one.opportunities.create({ name: "Rollout" });
      expect(await other.pipelines.count()).toBe(0);
      const otherDeal = await other.opportunities.create({ name: "Rollout" });
      expect(otherDeal.pipelineId).not.toBe(deal.pipelineId);
      expect([await one.pipelines.count(), await other.pipelines.count(), await crm.pipelines.count()]).toEqual([
        1, 1, 0,
      ]);
    }),
    crmFact("takes the default pipeline that the application has defined, and makes no other", async (bench) => {
      const crm = await openDomain(bench);
      const stages = [{ key: "new", name: "New", outcome: "open", probability: "5" }] as const;
      const own = await crm.pipelines.define({ key: "own", name: "Own", entityType: "opportunity", stages });
      const deal = await crm.opportunities.create({ name: "Rollout" });
      expect([deal.pipelineId, deal.probability]).toEqual([own.id, "5"]);
      expect(await crm.pipelines.count()).toBe(1);
    }),
    crmFact("does not bring back a pipeline that was archived, nor replace it", async (bench) => {
      const crm = await openDomain(bench);
      const deal = await crm.opportunities.create({ name: "Rollout" });
      await crm.pipelines.archive(deal.pipelineId);
      await expect(crm.opportunities.create({ name: "Another" })).rejects.toMatchObject({
        code: "not_found",
        message: 'There is no default pipeline for "opportunity": define one.',
      });
      expect(await crm.pipelines.count({ archived: "include" })).toBe(1);
    }),
    crmFact("leaves nothing behind when the first opportunity is refused", async (bench) => {
      const crm = await openDomain(bench);
      const nobody = crm.opportunities.create({ name: "Rollout", ownerId: "nobody" });
      await expect(nobody).rejects.toMatchObject({ code: "reference_not_found" });
      expect([
        await crm.pipelines.count(),
        await crm.stages.count(),
        await crm.opportunityStageEntries.count(),
      ]).toEqual([0, 0, 0]);
    }),
  ],
};
