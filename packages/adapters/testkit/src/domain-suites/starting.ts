/** Where opportunities begin. */
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { openDomain, pipelineOf, stageId, staysOf } from "./open-domain.ts";

const nowhere = "019b7ca9-8f2e-7000-8000-000000000000";

export const starting: CrmSuite = {
  name: "opportunities.create",
  facts: [
    crmFact("starts in the first open stage of the default pipeline", async (bench) => {
      const crm = await openDomain(bench);
      const deal = await crm.as({ actorId: "ann" }).opportunities.create({ name: "Rollout" });
      expect(deal).toMatchObject({
        stageId: await stageId(crm, "qualification"),
        status: "open",
        probability: "10",
        stageEnteredAt: new Date("2026-06-15T10:00:00Z"),
        actualCloseDate: null,
        salesCycleDays: null,
        lostReasonId: null,
        amount: null,
        version: 1,
      });
      expect(await staysOf(crm, deal.id)).toEqual(["qualification … ann"]);
    }),
    crmFact("starts in the first open stage by position, closed ones before it notwithstanding", async (bench) => {
      const crm = await openDomain(bench);
      const [due, offered, renewed, ended] = pipelineOf().stages;
      await crm.pipelines.define(pipelineOf({ stages: [ended!, renewed!, offered!, due!] }));
      const deal = await crm.opportunities.create({ name: "Rollout" });
      expect([deal.stageId, deal.probability]).toEqual([await stageId(crm, "offered", "renewals"), "60"]);
    }),
    crmFact("starts in the first open stage of the pipeline that is named", async (bench) => {
      const crm = await openDomain(bench);
      await crm.opportunities.create({ name: "First" });
      const renewals = await crm.pipelines.define(pipelineOf());
      const deal = await crm.opportunities.create({ name: "Rollout", pipelineId: renewals.id });
      expect(deal).toMatchObject({
        pipelineId: renewals.id,
        stageId: await stageId(crm, "due", "renewals"),
        probability: "40",
      });
    }),
    crmFact("starts in the stage that is named, with or without its pipeline", async (bench) => {
      const crm = await openDomain(bench);
      const renewals = await crm.pipelines.define(pipelineOf());
      const offered = await stageId(crm, "offered", "renewals");
      const deals = await crm.opportunities.createMany([
        { name: "One", stageId: offered },
        { name: "Two", stageId: offered, pipelineId: renewals.id },
      ]);
      for (const deal of deals)
        expect(deal).toMatchObject({ pipelineId: renewals.id, stageId: offered, probability: "60" });
    }),
    crmFact("starts closed in a stage that closes: what was won on the day it became known", async (bench) => {
      const crm = await openDomain(bench);
      await crm.opportunities.board();
      const won = await crm.opportunities.create({ name: "Walk-in", stageId: await stageId(crm, "won") });
      expect(won).toMatchObject({
        status: "won",
        probability: "100",
        actualCloseDate: "2026-06-15",
        salesCycleDays: 0,
        lostReasonId: null,
      });
      const lost = await crm.opportunities.create({ name: "Passed by", stageId: await stageId(crm, "lost") });
      expect(lost).toMatchObject({
        status: "lost",
        probability: "0",
        actualCloseDate: "2026-06-15",
        salesCycleDays: 0,
      });
    }),
    crmFact("keeps a probability given by hand until the next move, and 0 is one", async (bench) => {
      const crm = await openDomain(bench);
      const [sure, none] = await crm.opportunities.createMany([
        { name: "Sure", probability: "99.5" },
        { name: "None", probability: "0" },
      ]);
      expect([sure!.probability, none!.probability]).toEqual(["99.5", "0"]);
      expect((await crm.opportunities.update(sure!.id, { probability: "0" })).probability).toBe("0");
      expect((await crm.opportunities.update(sure!.id, { name: "Surer" })).probability).toBe("0");
      expect((await crm.opportunities.moveTo(sure!.id, "proposal")).probability).toBe("50");
      expect((await crm.opportunities.moveTo(none!.id, "discovery")).probability).toBe("25");
    }),
    crmFact("starts many at once, each with one stay, in the order of the inputs", async (bench) => {
      const crm = await openDomain(bench);
      await crm.opportunities.board();
      const proposal = await stageId(crm, "proposal");
      const inputs = Array.from({ length: 1_200 }, (_, i) => ({
        name: `Deal ${i}`,
        ...(i % 2 ? { stageId: proposal } : {}),
      }));
      const deals = await crm.opportunities.createMany(inputs);
      expect(deals.map(({ name }) => name)).toEqual(inputs.map(({ name }) => name));
      expect(await crm.opportunities.count({ where: { stageId: proposal } })).toBe(600);
      expect(await crm.opportunityStageEntries.count()).toBe(1_200);
    }),
    crmFact("is dated by at, with its stay", async (bench) => {
      const crm = await openDomain(bench);
      const deal = await crm.at(new Date("2026-01-05T08:00:00Z")).opportunities.create({ name: "Imported" });
      expect(deal).toMatchObject({
        createdAt: new Date("2026-01-05T08:00:00Z"),
        stageEnteredAt: new Date("2026-01-05T08:00:00Z"),
      });
      const [stay] = (await crm.opportunityStageEntries.list()).items;
      expect(stay).toMatchObject({
        enteredAt: new Date("2026-01-05T08:00:00Z"),
        leftAt: null,
        durationMs: null,
        enteredBy: null,
      });
    }),
    crmFact("makes nothing in a dry run", async (bench) => {
      const crm = await openDomain(bench);
      expect(await crm.opportunities.validate({ create: { name: "Rollout" } })).toEqual({ ok: true });
      expect([
        await crm.opportunities.count(),
        await crm.pipelines.count(),
        await crm.opportunityStageEntries.count(),
      ]).toEqual([0, 0, 0]);
    }),
    crmFact("refuses a stage of another pipeline", async (bench) => {
      const crm = await openDomain(bench);
      const renewals = await crm.pipelines.define(pipelineOf());
      await crm.pipelines.define(pipelineOf({ key: "other" }));
      const create = crm.opportunities.create({
        name: "Rollout",
        pipelineId: renewals.id,
        stageId: await stageId(crm, "due", "other"),
      });
      expect((await refusedDetails(create)).issues).toEqual([
        { field: "stageId", code: "not_allowed", message: "is a stage of another pipeline" },
      ]);
      expect(await crm.opportunities.count()).toBe(0);
    }),
    crmFact("refuses a pipeline of another entity type, and its stages", async (bench) => {
      const crm = await openDomain(bench);
      const projects = await crm.pipelines.define(pipelineOf({ key: "delivery", entityType: "project" }));
      const byPipeline = crm.opportunities.create({ name: "Rollout", pipelineId: projects.id });
      expect(await refused(byPipeline)).toMatchObject({
        code: "invalid_input",
        entity: "opportunity",
        field: "pipelineId",
      });
      const byStage = crm.opportunities.create({ name: "Rollout", stageId: await stageId(crm, "due", "delivery") });
      expect(await refused(byStage)).toMatchObject({ code: "invalid_input", entity: "opportunity", field: "stageId" });
      expect(await crm.opportunities.count()).toBe(0);
    }),
    crmFact("refuses pipelines and stages that are not there, those of other tenants among them", async (bench) => {
      const crm = await openDomain(bench);
      const foreign = await crm.as({ tenantId: "other" }).opportunities.create({ name: "Theirs" });
      for (const [field, id] of [
        ["pipelineId", nowhere],
        ["stageId", nowhere],
        ["pipelineId", foreign.pipelineId],
        ["stageId", foreign.stageId],
      ] as const) {
        const details = await refusedDetails(crm.opportunities.create({ name: "Rollout", [field]: id }));
        expect(details.issues).toMatchObject([{ field, code: "reference_not_found" }]);
      }
    }),
    crmFact("refuses archived pipelines and stages", async (bench) => {
      const crm = await openDomain(bench);
      const renewals = await crm.pipelines.define(pipelineOf());
      const offered = await stageId(crm, "offered", "renewals");
      await crm.stages.archive(offered);
      expect(await refused(crm.opportunities.create({ name: "Rollout", stageId: offered }))).toMatchObject({
        field: "stageId",
      });
      await crm.pipelines.archive(renewals.id);
      expect(await refused(crm.opportunities.create({ name: "Rollout", pipelineId: renewals.id }))).toMatchObject({
        field: "pipelineId",
      });
    }),
    crmFact("refuses what only moves may write", async (bench) => {
      const crm = await openDomain(bench);
      for (const field of [
        "status",
        "actualCloseDate",
        "stageEnteredAt",
        "salesCycleDays",
        "lostReasonId",
        "lostNote",
      ]) {
        const details = await refusedDetails(crm.opportunities.create({ name: "Rollout", [field]: "won" } as never));
        expect(details.issues).toEqual([
          { field, code: "read_only_field", message: "is written by the operations of opportunity only" },
        ]);
      }
    }),
    crmFact("refuses an update of the stage or the pipeline", async (bench) => {
      const crm = await openDomain(bench);
      const deal = await crm.opportunities.create({ name: "Rollout" });
      for (const field of ["stageId", "pipelineId"] as const) {
        const details = await refusedDetails(crm.opportunities.update(deal.id, { [field]: deal[field] } as never));
        expect(details.issues).toEqual([{ field, code: "read_only_field", message: "is written once, at creation" }]);
      }
    }),
  ],
};
