/** opportunities.moveToPipeline: from one pipeline to another, by a map of stages. */
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { lostReasonId, open, openDomain, pipelineOf, stageId, staysOf } from "./open-domain.ts";

/** Beside "sales": "partner" shares the keys proposal, won and lost with it, and the phase "talks" with its discovery. */
async function twoPipelines(bench: CrmBench) {
  const crm = await openDomain(bench);
  await crm.phases.create({ entityType: "opportunity", key: "talks", name: "Talks" });
  const sales = await crm.pipelines.define({
    key: "sales",
    name: "Sales",
    entityType: "opportunity",
    stages: [
      open("qualification", "10"),
      open("discovery", "25", { phase: "talks" }),
      open("proposal", "50"),
      { key: "won", name: "Won", outcome: "won" },
      { key: "lost", name: "Lost", outcome: "lost" },
    ],
  });
  const partner = await crm.pipelines.define(
    pipelineOf({
      key: "partner",
      stages: [
        open("met", "5", { phase: "talks" }),
        open("proposal", "60", { requiredFields: ["amount"] }),
        { key: "won", name: "Won", outcome: "won" },
        { key: "lost", name: "Lost", outcome: "lost" },
      ],
    }),
  );
  await crm.lostReasons.create({ entityType: "opportunity", key: "price", name: "Price" });
  bench.clock.set("2026-06-25T09:00:00Z");
  const at = (key: string) => stageId(crm, key, "sales");
  return { crm, sales, partner, at };
}

const eur = (amount: string) => ({ amount, currency: "EUR" });

export const betweenPipelines: CrmSuite = {
  name: "opportunities.moveToPipeline",
  facts: [
    crmFact("goes to the stage of the same key, and else of the same phase", async (bench) => {
      const { crm, partner, at } = await twoPipelines(bench);
      const [talks, proposal] = await crm.opportunities.createMany([
        { name: "Talks", stageId: await at("discovery") },
        { name: "Proposal", stageId: await at("proposal"), amount: eur("1.00") },
      ]);
      bench.clock.set("2026-06-25T10:00:00Z");
      const moved = await crm.opportunities.moveToPipeline([proposal!.id, talks!.id], { pipeline: "partner" });
      expect(moved).toMatchObject([
        { pipelineId: partner.id, stageId: await stageId(crm, "proposal", "partner"), probability: "60", version: 2 },
        { pipelineId: partner.id, stageId: await stageId(crm, "met", "partner"), probability: "5", version: 2 },
      ]);
      expect(await staysOf(crm, talks!.id)).toEqual(["discovery 3600000 -", "met … -"]);
    }),
    crmFact("goes where the map says, or all to one stage", async (bench) => {
      const { crm, at } = await twoPipelines(bench);
      const deals = await crm.opportunities.createMany([
        { name: "A", stageId: await at("qualification") },
        { name: "B", stageId: await at("discovery") },
        { name: "C" },
      ]);
      const mapped = await crm.opportunities.moveToPipeline([deals[0]!.id, deals[1]!.id], {
        pipeline: "partner",
        stages: { qualification: "met", discovery: "proposal" },
        set: { amount: eur("2.00") },
      });
      expect(mapped.map(({ probability }) => probability)).toEqual(["5", "60"]);
      const won = await crm.opportunities.moveToPipeline(deals[2]!.id, {
        pipeline: "partner",
        stage: "won",
        closeDate: "2026-06-25",
      });
      expect(won).toMatchObject({ status: "won", actualCloseDate: "2026-06-25", amount: null });
    }),
    crmFact("refuses stages that lead nowhere, naming them, and moves nothing", async (bench) => {
      const { crm, at } = await twoPipelines(bench);
      await crm.opportunities.createMany([
        { name: "A", stageId: await at("qualification") },
        { name: "B", stageId: await at("discovery") },
      ]);
      const move = crm.opportunities.moveToPipeline({ where: {} }, { pipeline: "partner" });
      await expect(move).rejects.toMatchObject({
        code: "move_not_allowed",
        details: { entity: "opportunity", field: "stages", pipeline: "partner", unmapped: ["qualification"] },
        message:
          'Pipeline partner has no stage for qualification: say where they go by stages, such as { qualification: "met" }, or by stage.',
      });
      expect(await crm.opportunities.count({ where: { version: 1 } })).toBe(2);
      expect(await crm.opportunityStageEntries.count()).toBe(2);
    }),
    crmFact("keeps what is closed closed as it was", async (bench) => {
      const { crm, at } = await twoPipelines(bench);
      const [won, lost] = await crm.opportunities.createMany([
        { name: "Won", stageId: await at("won") },
        { name: "Lost" },
      ]);
      await crm.opportunities.moveTo(lost!.id, "lost", { lostReason: "price", lostNote: "Too dear" });
      bench.clock.set("2026-07-10T10:00:00Z");
      const moved = await crm.opportunities.moveToPipeline([won!.id, lost!.id], { pipeline: "partner" });
      expect(moved).toMatchObject([
        { status: "won", actualCloseDate: "2026-06-25", salesCycleDays: 0, probability: "100" },
        {
          status: "lost",
          actualCloseDate: "2026-06-25",
          lostReasonId: await lostReasonId(crm, "price"),
          lostNote: "Too dear",
        },
      ]);
      expect(moved[0]!.stageEnteredAt).toEqual(new Date("2026-07-10T10:00:00Z"));
    }),
    crmFact("asks for the required fields of the new stage", async (bench) => {
      const { crm, at } = await twoPipelines(bench);
      const [, b] = await crm.opportunities.createMany([
        { name: "A", stageId: await at("discovery") },
        { name: "B", stageId: await at("proposal") },
      ]);
      const { issues } = await refusedDetails(crm.opportunities.moveToPipeline(b!.id, { pipeline: "partner" }));
      expect(issues).toMatchObject([{ field: "amount", code: "missing_field" }]);
    }),
    crmFact("empties a pipeline: 2,500 records, the archived ones too", async (bench) => {
      const { crm, sales, partner } = await twoPipelines(bench);
      const deals = await crm.opportunities.createMany(
        Array.from({ length: 2_500 }, (_, i) => ({ name: `Deal ${i}`, pipelineId: sales.id })),
      );
      await crm.opportunities.archive(deals[7]!.id);
      const moved = await crm.opportunities.moveToPipeline(
        { where: { pipelineId: sales.id } },
        { pipeline: "partner", stages: { qualification: "met" } },
      );
      expect(moved).toHaveLength(2_500);
      const left = { where: { pipelineId: sales.id }, archived: "include" } as const;
      expect(await crm.opportunities.count(left)).toBe(0);
      expect(await crm.opportunityStageEntries.count({ where: { leftAt: null } })).toBe(2_500);
      await crm.pipelines.archive(sales.id);
      expect(partner.isDefault).toBe(false);
    }),
    crmFact("leaves alone what is in the pipeline already", async (bench) => {
      const { crm } = await twoPipelines(bench);
      const deal = await crm.opportunities.create({ name: "Rollout" });
      expect(await crm.opportunities.moveToPipeline(deal.id, { pipeline: "sales", stage: "proposal" })).toEqual(deal);
      expect(await crm.opportunities.moveToPipeline({ where: { name: "x" } }, { pipeline: "partner" })).toEqual([]);
      expect(await crm.opportunities.moveToPipeline([], { pipeline: "partner" })).toEqual([]);
    }),
    crmFact("begins in a pipeline what was in none", async (bench) => {
      const { crm } = await twoPipelines(bench);
      for (const key of ["one", "other"]) await crm.pipelines.define(pipelineOf({ key, entityType: "account" }));
      const acme = await crm.accounts.create({ name: "Acme" });
      const begun = await crm.accounts.moveToPipeline(acme.id, { pipeline: "other" });
      expect(begun).toMatchObject({ status: "open", stageId: await stageId(crm, "due", "other") });
    }),
    crmFact("is told of by events with both pipelines", async (bench) => {
      const { crm, sales, partner } = await twoPipelines(bench);
      const deal = await crm.opportunities.create({ name: "Rollout" });
      const heard: unknown[] = [];
      crm.on("opportunity.stage_changed", ({ data: { from, to } }) =>
        heard.push([from?.pipelineId, from?.stage, to.pipelineId, to.stage]),
      );
      await crm.opportunities.moveToPipeline(deal.id, { pipeline: "partner", stage: "met" });
      expect(heard).toEqual([[sales.id, "qualification", partner.id, "met"]]);
    }),
    crmFact("refuses pipelines that are not there, are archived, or are of another entity", async (bench) => {
      const { crm, partner } = await twoPipelines(bench);
      const deal = await crm.opportunities.create({ name: "Rollout" });
      await crm.pipelines.define(pipelineOf({ key: "delivery", entityType: "project" }));
      await crm.pipelines.archive(partner.id);
      for (const pipeline of ["nowhere", "delivery", "partner"]) {
        const move = crm.opportunities.moveToPipeline(deal.id, { pipeline });
        expect(await refused(move)).toEqual({ code: "not_found", entity: "pipeline" });
      }
    }),
    crmFact("refuses bad input, naming each field", async (bench) => {
      const { crm } = await twoPipelines(bench);
      const deal = await crm.opportunities.create({ name: "Rollout" });
      const { moveToPipeline } = crm.opportunities;
      const issuesOf = async (which: unknown, to: unknown) => {
        const { issues } = await refusedDetails(moveToPipeline(which as never, to as never) as Promise<unknown>);
        return issues?.map(({ field, code }) => `${field} ${code}`).join(", ");
      };
      expect(await issuesOf(7, {})).toBe(" invalid_type, pipeline missing_field");
      expect(await issuesOf({}, { pipeline: "partner" })).toBe(" invalid_type");
      expect(await issuesOf(deal.id, undefined)).toBe(" invalid_type");
      expect(await issuesOf([deal.id, deal.id], { pipeline: "partner" })).toBe("id repeated");
      expect(await issuesOf(deal.id, { pipeline: "partner", stagse: {}, stage: 5 })).toBe(
        "stage invalid_type, stagse unknown_field",
      );
      expect(await issuesOf(deal.id, { pipeline: "partner", set: { status: "won" } })).toBe("status read_only_field");
      const stages = { qualification: "nowhere", sleeping: "met" };
      expect(await issuesOf(deal.id, { pipeline: "partner", stage: "nowhere", stages })).toBe(
        "stage not_allowed, stages.qualification not_allowed, stages.sleeping unknown_field",
      );
      expect(await crm.opportunities.get(deal.id)).toEqual(deal);
    }),
    crmFact("does not see the records of other tenants", async (bench) => {
      const { crm } = await twoPipelines(bench);
      const deal = await crm.opportunities.create({ name: "Rollout" });
      const other = crm.as({ tenantId: "other" });
      await other.pipelines.define(pipelineOf({ key: "partner" }));
      const move = other.opportunities.moveToPipeline(deal.id, { pipeline: "partner" });
      expect(await refused(move)).toEqual({ code: "not_found", entity: "opportunity" });
      expect(await other.opportunities.moveToPipeline({ where: {} }, { pipeline: "partner" })).toEqual([]);
    }),
    crmFact("is part of the unit around it", async (bench) => {
      const { crm } = await twoPipelines(bench);
      const deal = await crm.opportunities.create({ name: "Rollout" });
      const undone = new Error("undone");
      const unit = crm.transaction(async (tx) => {
        await tx.opportunities.moveToPipeline(deal.id, { pipeline: "partner", stage: "met" });
        throw undone;
      });
      await expect(unit).rejects.toBe(undone);
      expect(await crm.opportunities.get(deal.id)).toEqual(deal);
    }),
  ],
};
