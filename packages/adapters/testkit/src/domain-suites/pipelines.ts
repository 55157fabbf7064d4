/** pipelines.define: a pipeline as code, repeatable. */
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, open, openDomain, pipelineOf, stageId, stagesOf } from "./open-domain.ts";

const stages = pipelineOf().stages;
const [due, offered, renewed, ended] = stages as [
  (typeof stages)[0],
  (typeof stages)[0],
  (typeof stages)[0],
  (typeof stages)[0],
];

async function defined(bench: CrmBench): Promise<DomainCrm> {
  const crm = await openDomain(bench);
  await crm.pipelines.define(pipelineOf());
  return crm;
}

async function defaults(crm: DomainCrm): Promise<string> {
  const page = await crm.pipelines.list({ orderBy: [{ key: "asc" }] });
  return page.items.map(({ key, isDefault }) => `${key}${isDefault ? "*" : ""}`).join(" ");
}

/** Refused with this field and code, and without a trace. */
function refusal(
  name: string,
  change: Parameters<typeof pipelineOf>[0] | unknown,
  expected: { field: string; issue: string },
) {
  return crmFact(`refuses ${name}`, async (bench) => {
    const crm = await defined(bench);
    const definition = typeof change === "object" && change !== null ? { ...pipelineOf(), ...change } : change;
    const details = await refusedDetails(crm.pipelines.define(definition as never));
    expect([details.issues?.[0]?.field, details.issues?.[0]?.code]).toEqual([expected.field, expected.issue]);
    expect(await stagesOf(crm, "renewals")).toBe("due 40 · offered 60 · renewed 100 · ended 0");
    expect(await crm.pipelines.count()).toBe(1);
  });
}

export const pipelines: CrmSuite = {
  name: "pipelines.define",
  facts: [
    crmFact("returns the pipeline with its stages, in order", async (bench) => {
      const crm = await openDomain(bench);
      const defined = await crm.pipelines.define(pipelineOf());
      expect(defined.stages.map(({ key }) => key)).toEqual(["due", "offered", "renewed", "ended"]);
      const [due] = defined.stages;
      expect(await crm.opportunities.create({ name: "Rollout", stageId: due!.id })).toMatchObject({
        probability: "40",
      });
    }),
    crmFact("creates the pipeline and its stages in order; won is 100 and lost is 0", async (bench) => {
      const crm = await openDomain(bench);
      const made = await crm.pipelines.define(pipelineOf());
      expect(made).toMatchObject({
        key: "renewals",
        name: "Renewals",
        entityType: "opportunity",
        isDefault: true,
        version: 1,
      });
      expect(await stagesOf(crm, "renewals")).toBe("due 40 · offered 60 · renewed 100 · ended 0");
    }),
    crmFact("changes nothing when it is repeated", async (bench) => {
      const crm = await defined(bench);
      const before = (await crm.stages.list()).items;
      bench.clock.set("2026-06-16T10:00:00Z");
      expect(await crm.pipelines.define(pipelineOf())).toMatchObject({ version: 1, isDefault: true });
      expect((await crm.stages.list()).items).toEqual(before);
    }),
    crmFact("makes one pipeline when it is called ten times at once", async (bench) => {
      const crm = await openDomain(bench);
      await Promise.all(Array.from({ length: 10 }, () => crm.pipelines.define(pipelineOf())));
      expect([await crm.pipelines.count(), await crm.stages.count()]).toEqual([1, 4]);
    }),
    crmFact("leaves one default of ten that want to be it at once", async (bench) => {
      const crm = await openDomain(bench);
      const keys = Array.from({ length: 10 }, (_, i) => `p${i}`);
      await Promise.all(keys.map((key) => crm.pipelines.define(pipelineOf({ key, isDefault: true }))));
      expect([await crm.pipelines.count(), await crm.pipelines.count({ where: { isDefault: true } })]).toEqual([10, 1]);
    }),
    crmFact("puts stages into another order", async (bench) => {
      const crm = await defined(bench);
      const id = await stageId(crm, "due", "renewals");
      await crm.pipelines.define(pipelineOf({ stages: [offered, due, ended, renewed] }));
      expect(await stagesOf(crm, "renewals")).toBe("offered 60 · due 40 · ended 0 · renewed 100");
      expect(await stageId(crm, "due", "renewals")).toBe(id);
    }),
    crmFact("renames the pipeline and its stages, found by their keys", async (bench) => {
      const crm = await defined(bench);
      const id = await stageId(crm, "due", "renewals");
      const renamed = {
        ...due,
        name: "Up for renewal",
        probability: "45.5",
        staleAfterDays: 30,
        nextStages: ["offered"],
      };
      const made = await crm.pipelines.define(
        pipelineOf({ name: "Contract renewals", stages: [renamed, offered, renewed, ended] }),
      );
      expect(made).toMatchObject({ name: "Contract renewals", version: 2 });
      expect(await crm.stages.get(id)).toMatchObject({
        name: "Up for renewal",
        probability: "45.5",
        staleAfterDays: 30,
        nextStages: ["offered"],
        version: 2,
      });
    }),
    crmFact("clears what is no longer said of a stage", async (bench) => {
      const crm = await openDomain(bench);
      await crm.pipelines.define(
        pipelineOf({ stages: [{ ...due, staleAfterDays: 30, nextStages: ["offered"] }, offered] }),
      );
      await crm.pipelines.define(pipelineOf({ stages: [due, offered] }));
      expect(await crm.stages.get(await stageId(crm, "due", "renewals"))).toMatchObject({
        staleAfterDays: null,
        nextStages: null,
      });
    }),
    crmFact("adds a stage between others", async (bench) => {
      const crm = await defined(bench);
      await crm.pipelines.define(pipelineOf({ stages: [due, open("called", "50"), offered, renewed, ended] }));
      expect(await stagesOf(crm, "renewals")).toBe("due 40 · called 50 · offered 60 · renewed 100 · ended 0");
    }),
    crmFact("removes a stage in which nothing has ever been", async (bench) => {
      const crm = await defined(bench);
      await crm.pipelines.define(pipelineOf({ stages: [due, renewed, ended] }));
      expect(await stagesOf(crm, "renewals")).toBe("due 40 · renewed 100 · ended 0");
    }),
    crmFact("refuses to remove a stage in which an opportunity is, and changes nothing", async (bench) => {
      const crm = await defined(bench);
      await crm.opportunities.create({ name: "Rollout", stageId: await stageId(crm, "offered", "renewals") });
      const change = crm.pipelines.define(
        pipelineOf({ name: "Changed", stages: [open("new", "1"), due, renewed, ended] }),
      );
      expect((await refused(change)).code).toBe("still_referenced");
      expect(await stagesOf(crm, "renewals")).toBe("due 40 · offered 60 · renewed 100 · ended 0");
      expect((await crm.pipelines.list()).items).toMatchObject([{ name: "Renewals", version: 1 }]);
    }),
    crmFact("refuses to remove a stage in which an opportunity has been", async (bench) => {
      const crm = await defined(bench);
      const deal = await crm.opportunities.create({ name: "Rollout" });
      await crm.opportunities.moveTo(deal.id, "offered");
      const change = crm.pipelines.define(pipelineOf({ stages: [offered, renewed, ended] }));
      expect(await refused(change)).toEqual({
        code: "still_referenced",
        entity: "opportunityStageEntry",
        field: "stageId",
      });
    }),
    crmFact("refuses to change an outcome, for which another stage is needed", async (bench) => {
      const crm = await defined(bench);
      const details = await refusedDetails(
        crm.pipelines.define(pipelineOf({ stages: [due, { ...offered, outcome: "won", probability: "100" }] })),
      );
      expect(details.issues).toEqual([
        {
          field: "stages.offered",
          code: "outcome_fixed",
          message: "has the outcome open, which cannot change: add another stage",
        },
      ]);
    }),
    crmFact("brings back what was archived", async (bench) => {
      const crm = await defined(bench);
      await crm.stages.archive(await stageId(crm, "offered", "renewals"));
      await crm.pipelines.archive((await crm.pipelines.find({}))!.id);
      expect(await crm.pipelines.define(pipelineOf())).toMatchObject({ archivedAt: null, isDefault: true });
      expect(await stagesOf(crm, "renewals")).toBe("due 40 · offered 60 · renewed 100 · ended 0");
    }),
    crmFact("makes the first pipeline the default one, and a later one only when it says so", async (bench) => {
      const crm = await openDomain(bench);
      await crm.pipelines.define(pipelineOf({ key: "a" }));
      await crm.pipelines.define(pipelineOf({ key: "b" }));
      expect(await defaults(crm)).toBe("a* b");
      await crm.pipelines.define(pipelineOf({ key: "b", isDefault: true }));
      expect(await defaults(crm)).toBe("a b*");
      await crm.pipelines.define(pipelineOf({ key: "b" }));
      await crm.pipelines.define(pipelineOf({ key: "a", isDefault: false }));
      expect(await defaults(crm)).toBe("a b*");
    }),
    crmFact("leaves an entity no moment without a default pipeline", async (bench) => {
      const crm = await openDomain(bench);
      await crm.pipelines.define(pipelineOf({ key: "a", isDefault: false }));
      await crm.pipelines.define(pipelineOf({ key: "a", isDefault: false }));
      expect(await defaults(crm)).toBe("a*");
    }),
    crmFact("keeps one default for each entity type, and the same key in both", async (bench) => {
      const crm = await openDomain(bench);
      await crm.pipelines.define(pipelineOf({ key: "a" }));
      await crm.pipelines.define(pipelineOf({ key: "a", entityType: "project" }));
      expect(await defaults(crm)).toBe("a* a*");
      expect(await crm.stages.count()).toBe(8);
    }),
    crmFact("gives stages phases, which those of other pipelines share", async (bench) => {
      const crm = await defined(bench);
      const talks = await crm.phases.create({ entityType: "opportunity", key: "talks", name: "Talks" });
      await crm.pipelines.define(pipelineOf({ stages: [{ ...due, phase: "talks" }, offered] }));
      await crm.pipelines.define(pipelineOf({ key: "other", stages: [{ ...offered, phase: "talks" }] }));
      const inPhase = await crm.stages.list({ where: { phaseId: talks.id } });
      expect(inPhase.items.map(({ key }) => key).sort()).toEqual(["due", "offered"]);
      await crm.pipelines.define(pipelineOf({ stages: [due, offered] }));
      expect(await crm.stages.count({ where: { phaseId: talks.id } })).toBe(1);
    }),
    crmFact("keeps an archived phase, and gives it to no other stage", async (bench) => {
      const crm = await defined(bench);
      const talks = await crm.phases.create({ entityType: "opportunity", key: "talks", name: "Talks" });
      const stages = [{ ...due, phase: "talks" }, offered];
      await crm.pipelines.define(pipelineOf({ stages }));
      await crm.phases.archive(talks.id);
      expect(await crm.pipelines.define(pipelineOf({ stages, name: "Again" }))).toMatchObject({ name: "Again" });
      const anew = crm.pipelines.define(pipelineOf({ stages: [due, { ...offered, phase: "talks" }] }));
      expect((await refused(anew)).code).toBe("reference_archived");
    }),
    crmFact("refuses phases of another entity or tenant, naming each stage", async (bench) => {
      const crm = await defined(bench);
      await crm.phases.create({ entityType: "project", key: "talks", name: "Talks" });
      await crm.as({ tenantId: "other" }).phases.create({ entityType: "opportunity", key: "talks", name: "Talks" });
      const stages = [
        { ...due, phase: "talks" },
        { ...offered, phase: "nowhere" },
      ];
      expect((await refusedDetails(crm.pipelines.define(pipelineOf({ stages })))).issues).toEqual([
        {
          field: "stages.due.phase",
          code: "not_allowed",
          message: 'is "talks", which is no phase of opportunity: create it in phases first',
        },
        {
          field: "stages.offered.phase",
          code: "not_allowed",
          message: 'is "nowhere", which is no phase of opportunity: create it in phases first',
        },
      ]);
    }),
    crmFact("refuses everything that is wrong at once", async (bench) => {
      const crm = await defined(bench);
      const stages = [
        { ...renewed, probability: "90" },
        { ...ended, nextStages: ["nowhere"], requiredFields: ["name", "color"] },
      ];
      const details = await refusedDetails(crm.pipelines.define(pipelineOf({ entityType: "nothing", stages })));
      expect(details.issues?.map(({ field, code }) => `${field} ${code}`)).toEqual([
        "stages missing_field",
        "entityType not_allowed",
        "stages.renewed.probability out_of_range",
        "stages.ended.nextStages not_allowed",
      ]);
    }),
    crmFact("belongs to one tenant", async (bench) => {
      const crm = await openDomain(bench);
      const other = crm.as({ tenantId: "other" });
      await crm.pipelines.define(pipelineOf());
      await other.pipelines.define(pipelineOf({ stages: [due] }));
      expect(await stagesOf(crm, "renewals")).toBe("due 40 · offered 60 · renewed 100 · ended 0");
      expect(await stagesOf(other, "renewals")).toBe("due 40");
    }),
    crmFact("is part of the unit around it", async (bench) => {
      const crm = await openDomain(bench);
      const undone = new Error("undone");
      const unit = crm.transaction(async (tx) => {
        await tx.pipelines.define(pipelineOf());
        throw undone;
      });
      await expect(unit).rejects.toBe(undone);
      expect([await crm.pipelines.count(), await crm.stages.count()]).toEqual([0, 0]);
    }),
    refusal("no definition at all", undefined, { field: "", issue: "invalid_type" }),
    refusal("a pipeline without a key", { key: undefined }, { field: "key", issue: "missing_field" }),
    refusal("an empty key", { key: "" }, { field: "key", issue: "invalid_value" }),
    refusal("an empty name", { name: "" }, { field: "name", issue: "invalid_value" }),
    refusal("a word that it does not know", { stagse: [] }, { field: "stagse", issue: "unknown_field" }),
    refusal("a pipeline without stages", { stages: [] }, { field: "stages", issue: "missing_field" }),
    refusal("stages that are no list", { stages: "due" }, { field: "stages", issue: "invalid_type" }),
    refusal(
      "a pipeline without an open stage",
      { stages: [renewed, ended] },
      { field: "stages", issue: "missing_field" },
    ),
    refusal("a stage twice", { stages: [due, due] }, { field: "stages", issue: "repeated" }),
    refusal(
      "an outcome that is none",
      { stages: [due, { ...offered, outcome: "maybe" }] },
      { field: "stages.1.outcome", issue: "not_allowed" },
    ),
    refusal(
      "an open stage without a probability",
      { stages: [{ ...due, probability: undefined }] },
      { field: "stages.due.probability", issue: "missing_field" },
    ),
    refusal(
      "a probability above 100",
      { stages: [{ ...due, probability: "100.01" }] },
      { field: "probability", issue: "out_of_range" },
    ),
    refusal(
      "a probability below 0",
      { stages: [{ ...due, probability: "-1" }] },
      { field: "probability", issue: "out_of_range" },
    ),
    refusal(
      "a probability that is no number",
      { stages: [{ ...due, probability: "often" }] },
      { field: "probability", issue: "invalid_number" },
    ),
    refusal(
      "a probability given as a number",
      { stages: [{ ...due, probability: 40 }] },
      { field: "stages.0.probability", issue: "invalid_type" },
    ),
    refusal(
      "a won stage that is not certain",
      { stages: [due, offered, { ...renewed, probability: "90" }, ended] },
      { field: "stages.renewed.probability", issue: "out_of_range" },
    ),
    refusal(
      "a lost stage that has a chance",
      { stages: [due, offered, renewed, { ...ended, probability: "5" }] },
      { field: "stages.ended.probability", issue: "out_of_range" },
    ),
    refusal(
      "a next stage that is none",
      { stages: [{ ...due, nextStages: ["nowhere"] }, offered] },
      { field: "stages.due.nextStages", issue: "not_allowed" },
    ),
    refusal(
      "a required field that the entity does not have",
      { stages: [{ ...due, requiredFields: ["amount", "color"] }, offered] },
      { field: "stages.due.requiredFields", issue: "unknown_field" },
    ),
    refusal("an entity that is not there", { entityType: "nothing" }, { field: "entityType", issue: "not_allowed" }),
    refusal(
      "negative days",
      { stages: [{ ...due, staleAfterDays: -1 }] },
      { field: "staleAfterDays", issue: "out_of_range" },
    ),
    refusal("a key with a NUL", { key: "a\0" }, { field: "key", issue: "invalid_text" }),
  ],
};
