/** Pipelines that change while records are in them: stages retired and merged. */
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, open, openDomain, pipelineOf, stageId, stagesOf, staysOf } from "./open-domain.ts";

const definition = pipelineOf({
  key: "renewals",
  stages: [
    open("due", "40", { nextStages: ["called", "offered"] }),
    open("called", "50", { staleAfterDays: 7 }),
    open("offered", "60"),
    { key: "renewed", name: "Renewed", outcome: "won" },
    { key: "ended", name: "Ended", outcome: "lost" },
  ],
});
const [due, called, offered, renewed, ended] = definition.stages;

/** One opportunity came to "called" by way of "due", another one is in "offered". */
async function inUse(bench: CrmBench) {
  const crm = await openDomain(bench);
  await crm.pipelines.define(definition);
  const [calling, offering] = await crm.opportunities.createMany([{ name: "Calling" }, { name: "Offering" }]);
  bench.clock.set("2026-06-16T10:00:00Z");
  await crm.opportunities.moveMany([
    { id: calling!.id, stage: "called" },
    { id: offering!.id, stage: "offered" },
  ]);
  bench.clock.set("2026-06-18T10:00:00Z");
  return { crm, calling: calling!.id, offering: offering!.id };
}

const nextOf = async (crm: DomainCrm, key: string) =>
  (await crm.stages.find({ where: { key, pipeline: { key: "renewals" } } }))!.nextStages;

export const stagesInUse: CrmSuite = {
  name: "stages in use",
  facts: [
    crmFact("are renamed, reordered and joined by others, and records stay in them", async (bench) => {
      const { crm, calling } = await inUse(bench);
      await crm.pipelines.define({
        ...definition,
        stages: [open("new", "10"), { ...called!, name: "On the phone" }, due!, offered!, renewed!, ended!],
      });
      expect(await crm.opportunities.get(calling, { include: { stage: true } })).toMatchObject({
        version: 2,
        stage: { key: "called", name: "On the phone", position: 1 },
      });
      expect(await crm.opportunities.moveTo(calling, "new")).toMatchObject({ probability: "10" });
    }),
    crmFact("are not removed, and it is told what can be done", async (bench) => {
      const { crm } = await inUse(bench);
      const change = crm.pipelines.define({
        ...definition,
        stages: [{ ...due!, nextStages: undefined }, offered!, renewed!, ended!],
      });
      await expect(change).rejects.toMatchObject({
        code: "still_referenced",
        details: { stage: "called" },
        message:
          "Stage called of pipeline renewals is left out, but records are or have been in it. Retire it (retireStage), or merge it into another one (mergeStages), and define the pipeline then.",
      });
      expect(await stagesOf(crm, "renewals")).toBe("due 40 · called 50 · offered 60 · renewed 100 · ended 0");
    }),
    crmFact("are retired: nothing enters, what is in it stays and may leave", async (bench) => {
      const { crm, calling, offering } = await inUse(bench);
      const made = await crm.opportunities.retireStage({ pipeline: "renewals", stage: "called" });
      expect(made.stages.filter(({ archivedAt }) => archivedAt === null).map(({ key }) => key)).toEqual([
        "due",
        "offered",
        "renewed",
        "ended",
      ]);
      expect(await nextOf(crm, "due")).toEqual(["offered"]);
      expect(await crm.opportunities.get(calling)).toMatchObject({ status: "open", version: 2 });
      expect((await refused(crm.opportunities.moveTo(offering, "called"))).code).toBe("move_not_allowed");
      expect(await crm.opportunities.moveTo(calling, "offered")).toMatchObject({ probability: "60" });
      expect(await staysOf(crm, calling)).toEqual(["due 86400000 -", "called 172800000 -", "offered … -"]);
    }),
    crmFact(
      "stay retired when the pipeline is defined without them, and come back when they are named",
      async (bench) => {
        const { crm } = await inUse(bench);
        await crm.opportunities.retireStage({ pipeline: "renewals", stage: "called" });
        await crm.pipelines.define({
          ...definition,
          stages: [{ ...due!, nextStages: ["offered"] }, offered!, renewed!, ended!],
        });
        expect(await stagesOf(crm, "renewals")).toBe("due 40 · offered 60 · renewed 100 · ended 0");
        expect(await crm.stages.count({ where: { key: "called" }, archived: "only" })).toBe(1);
        await crm.pipelines.define(definition);
        expect(await stagesOf(crm, "renewals")).toBe("due 40 · called 50 · offered 60 · renewed 100 · ended 0");
      },
    ),
    crmFact("are retired, and what is in them is moved on, by ordinary moves", async (bench) => {
      const { crm, calling } = await inUse(bench);
      await crm.opportunities.archive(calling);
      const heard: string[] = [];
      crm.on("opportunity.stage_changed", ({ data: { from, to } }) => heard.push(`${from?.stage} ${to.stage}`));
      await crm.opportunities.retireStage({ pipeline: "renewals", stage: "called", moveTo: "renewed" });
      expect(await crm.opportunities.get(calling)).toMatchObject({ status: "won", actualCloseDate: "2026-06-18" });
      expect(await staysOf(crm, calling)).toEqual(["due 86400000 -", "called 172800000 -", "renewed … -"]);
      expect(await nextOf(crm, "due")).toEqual(["renewed", "offered"]);
      expect(heard).toEqual(["called renewed"]);
    }),
    crmFact("are merged: records stay where and since when they are, under the other stage", async (bench) => {
      const { crm, calling, offering } = await inUse(bench);
      const heard: unknown[] = [];
      crm.on("opportunity.stage_changed", (event) => heard.push(event));
      await crm.opportunities.mergeStages({ pipeline: "renewals", from: "called", into: "offered" });
      expect(await crm.opportunities.get(calling)).toMatchObject({
        stageId: await stageId(crm, "offered", "renewals"),
        stageEnteredAt: new Date("2026-06-16T10:00:00Z"),
        probability: "60",
        status: "open",
      });
      expect(await staysOf(crm, calling)).toEqual(["due 86400000 -", "offered … -"]);
      expect(await staysOf(crm, offering)).toEqual(["due 86400000 -", "offered … -"]);
      expect(await stagesOf(crm, "renewals")).toBe("due 40 · offered 60 · renewed 100 · ended 0");
      expect(await nextOf(crm, "due")).toEqual(["offered"]);
      expect(heard).toEqual([]);
      expect(await crm.opportunities.moveTo(calling, "renewed")).toMatchObject({ status: "won" });
    }),
    crmFact("are merged with their past stays; as of then they are what they were", async (bench) => {
      const { crm, calling } = await inUse(bench);
      await crm.opportunities.moveTo(calling, "renewed");
      bench.clock.set("2026-06-20T10:00:00Z");
      await crm.opportunities.mergeStages({ pipeline: "renewals", from: "called", into: "offered" });
      expect(await staysOf(crm, calling)).toEqual(["due 86400000 -", "offered 172800000 -", "renewed … -"]);
      const before = crm.asOf(new Date("2026-06-19T10:00:00Z"));
      expect(await staysOf(before as DomainCrm, calling)).toEqual([
        "due 86400000 -",
        "called 172800000 -",
        "renewed … -",
      ]);
    }),
    crmFact("are merged, and a probability set by hand stays", async (bench) => {
      const { crm, calling } = await inUse(bench);
      await crm.opportunities.update(calling, { probability: "0" });
      await crm.opportunities.mergeStages({ pipeline: "renewals", from: "called", into: "offered" });
      expect((await crm.opportunities.get(calling)).probability).toBe("0");
    }),
    crmFact("are merged with 2,500 records in them", async (bench) => {
      const { crm } = await inUse(bench);
      const from = await stageId(crm, "called", "renewals");
      await crm.opportunities.createMany(
        Array.from({ length: 2_500 }, (_, i) => ({ name: `Deal ${i}`, stageId: from })),
      );
      await crm.opportunities.mergeStages({ pipeline: "renewals", from: "called", into: "offered" });
      const into = await stageId(crm, "offered", "renewals");
      expect(await crm.opportunities.count({ where: { stageId: into } })).toBe(2_502);
      expect(await crm.opportunityStageEntries.count({ where: { stageId: from } })).toBe(0);
      expect(await crm.opportunityStageEntries.count({ where: { stageId: into, leftAt: null } })).toBe(2_502);
    }),
    crmFact("of different outcomes are not merged", async (bench) => {
      const { crm, calling } = await inUse(bench);
      const merge = crm.opportunities.mergeStages({ pipeline: "renewals", from: "called", into: "renewed" });
      expect((await refusedDetails(merge)).issues).toEqual([
        {
          field: "into",
          code: "not_allowed",
          message: "is won, and called is open: records would be closed or opened unasked. Move them instead",
        },
      ]);
      expect(await crm.opportunities.get(calling)).toMatchObject({ version: 2 });
    }),
    crmFact("are not merged where a record lacks what the other stage requires, and nothing changes", async (bench) => {
      const { crm } = await inUse(bench);
      await crm.pipelines.define({
        ...definition,
        stages: [due!, called!, { ...offered!, requiredFields: ["amount"] }, renewed!, ended!],
      });
      const merge = crm.opportunities.mergeStages({ pipeline: "renewals", from: "called", into: "offered" });
      expect((await refusedDetails(merge)).field).toBe("amount");
      expect(await stagesOf(crm, "renewals")).toBe("due 40 · called 50 · offered 60 · renewed 100 · ended 0");
    }),
    crmFact("are kept where another stage would lead nowhere, or no open one would be left", async (bench) => {
      const { crm } = await inUse(bench);
      await crm.pipelines.define(
        pipelineOf({ key: "line", stages: [open("a", "1", { nextStages: ["b"] }), open("b", "2"), renewed!] }),
      );
      const alone = await refusedDetails(crm.opportunities.retireStage({ pipeline: "line", stage: "b" }));
      expect(alone.issues).toEqual([
        { field: "stage", code: "not_allowed", message: "is where alone a leads: define its nextStages first" },
      ]);
      await crm.pipelines.define(pipelineOf({ key: "short", stages: [open("a", "1"), renewed!] }));
      const last = await refusedDetails(crm.opportunities.retireStage({ pipeline: "short", stage: "a" }));
      expect(last.issues).toMatchObject([{ field: "stages", message: "need at least one open stage" }]);
      expect([await stagesOf(crm, "line"), await stagesOf(crm, "short")]).toEqual([
        "a 1 · b 2 · renewed 100",
        "a 1 · renewed 100",
      ]);
    }),
    crmFact("keep what else is said of the pipeline: phases, required fields, the default", async (bench) => {
      const { crm } = await inUse(bench);
      await crm.phases.create({ entityType: "opportunity", key: "talks", name: "Talks" });
      const more = { ...offered!, phase: "talks", requiredFields: ["name"], staleAfterDays: 3 };
      await crm.pipelines.define({ ...definition, stages: [due!, called!, more, renewed!, ended!] });
      const made = await crm.opportunities.retireStage({ pipeline: "renewals", stage: "called" });
      expect(made).toMatchObject({ isDefault: true, name: "Renewals" });
      expect(
        await crm.stages.get(await stageId(crm, "offered", "renewals"), { include: { phase: true } }),
      ).toMatchObject({
        phase: { key: "talks" },
        requiredFields: ["name"],
        staleAfterDays: 3,
      });
    }),
    crmFact("are refused by names that are none", async (bench) => {
      const { crm, calling } = await inUse(bench);
      const issuesOf = async (call: Promise<unknown>) =>
        (await refusedDetails(call)).issues?.map(({ field, code }) => `${field} ${code}`).join(", ");
      const { retireStage, mergeStages } = crm.opportunities;
      expect(await issuesOf(retireStage({ pipeline: "renewals", stage: "x", moveTo: "y" }))).toBe(
        "stage not_allowed, moveTo not_allowed",
      );
      expect(await issuesOf(retireStage({ pipeline: "renewals", stage: "called", moveTo: "called" }))).toBe(
        "moveTo repeated",
      );
      expect(await issuesOf(mergeStages({ pipeline: "renewals", from: "called", into: "called" }))).toBe(
        "into repeated",
      );
      expect(await issuesOf(mergeStages({ pipeline: 5, from: "called" } as never))).toBe(
        "pipeline invalid_type, into missing_field",
      );
      expect(await issuesOf(retireStage(undefined as never))).toBe(" invalid_type");
      expect((await refused(retireStage({ pipeline: "nowhere", stage: "called" }))).code).toBe("not_found");
      const other = crm.as({ tenantId: "other" }).opportunities;
      expect((await refused(other.retireStage({ pipeline: "renewals", stage: "called" }))).code).toBe("not_found");
      expect(await crm.opportunities.get(calling)).toMatchObject({ version: 2 });
    }),
    crmFact("change while records move: the one comes first, and then the other", async (bench) => {
      const { crm, calling } = await inUse(bench);
      const results = await Promise.allSettled([
        crm.opportunities.moveTo(calling, "offered"),
        crm.opportunities.retireStage({ pipeline: "renewals", stage: "offered", moveTo: "renewed" }),
        crm.opportunities.moveTo(calling, "due"),
        crm.pipelines.define({ ...definition, name: "Changed" }),
      ]);
      // A move to the stage comes too late where that has been retired.
      const codes = results.flatMap((each) => (each.status === "rejected" ? [each.reason.code] : []));
      expect(codes.filter((code) => !["move_not_allowed", "reference_archived"].includes(code))).toEqual([]);
      const record = await crm.opportunities.get(calling);
      const { items } = await crm.opportunityStageEntries.list({ where: { recordId: calling, leftAt: null } });
      expect(items.map((stay) => stay.stageId)).toEqual([record.stageId]);
    }),
    crmFact("of a deleted opportunity are there when it comes back", async (bench) => {
      const { crm, calling } = await inUse(bench);
      await crm.opportunities.delete(calling);
      await crm.opportunities.mergeStages({ pipeline: "renewals", from: "called", into: "offered" });
      const back = await crm.opportunities.restore(calling);
      expect(back.stageId).not.toBe(await stageId(crm, "offered", "renewals"));
      expect(await crm.opportunities.moveTo(calling, "offered")).toMatchObject({ status: "open", probability: "60" });
    }),
  ],
};
