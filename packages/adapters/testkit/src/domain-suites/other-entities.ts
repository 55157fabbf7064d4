/** Pipelines of entities that an application or a plugin brings. */
import { createCrm } from "@relata/core";
import {
  defineEntity,
  definePlugin,
  defineStageEntry,
  money,
  pipelined,
  pipelineFields,
  type StandardPipeline,
  stageProbability,
  text,
} from "@relata/core/plugin";
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";

const grant = defineEntity("grant", {
  plural: "grants",
  fields: {
    title: text(),
    amount: money().optional(),
    ...pipelineFields("grants"),
    probability: stageProbability(),
  },
});
const grantStageEntry = defineStageEntry("grantStageEntry", { plural: "grantStageEntries", of: "grant" });
const grantPipeline: StandardPipeline = {
  key: "grants",
  name: "Grants",
  stages: [
    { key: "drafted", name: "Drafted", outcome: "open", probability: "20" },
    { key: "submitted", name: "Submitted", outcome: "open", probability: "40", requiredFields: ["amount"] },
    { key: "granted", name: "Granted", outcome: "won" },
    { key: "rejected", name: "Rejected", outcome: "lost" },
  ],
};
const grants = pipelined(grant, { stays: grantStageEntry, standard: grantPipeline });
const eur = (amount: string) => ({ amount, currency: "EUR" });

/** A case has no probability and no standard pipeline. */
const supportCase = defineEntity("supportCase", {
  plural: "supportCases",
  fields: { subject: text(), ...pipelineFields("supportCases") },
});
const supportCaseStageEntry = defineStageEntry("supportCaseStageEntry", {
  plural: "supportCaseStageEntries",
  of: "supportCase",
});
const cases = pipelined(supportCase, { stays: supportCaseStageEntry });

const support = () =>
  definePlugin({
    id: "support",
    entities: [supportCase, supportCaseStageEntry],
    hooks: { supportCase: cases.hooks },
    events: cases.events,
    operations: (context) => ({ supportCase: cases.operations(context) }),
    services: (context) => ({
      close: async (id: string) => (await context.supportCases.moveTo(id, "solved")).status,
    }),
  });

async function openGrants(bench: CrmBench) {
  return createCrm({
    ...(await bench.options()),
    plugins: [support()],
    entities: [grant, grantStageEntry],
    hooks: { grant: grants.hooks },
    events: grants.events,
    operations: (context) => ({ grant: grants.operations(context) }),
  });
}

const caseStages = [
  { key: "new", name: "New", outcome: "open", probability: "0" },
  { key: "solved", name: "Solved", outcome: "won" },
] as const;

export const otherEntities: CrmSuite = {
  name: "pipelines of other entities",
  facts: [
    crmFact("of an application begin with the standard pipeline that it brings", async (bench) => {
      const crm = await openGrants(bench);
      const draft = await crm.grants.create({ title: "Solar roof" });
      expect(draft).toMatchObject({ status: "open", probability: "20", actualCloseDate: null, version: 1 });
      expect((await crm.pipelines.list()).items).toMatchObject([
        { key: "grants", entityType: "grant", isDefault: true },
      ]);
      bench.clock.set("2026-06-25T09:00:00Z");
      const submitted = await crm.grants.moveTo(draft.id, "submitted", { set: { amount: eur("9000.00") } });
      expect(submitted).toMatchObject({ probability: "40", amount: eur("9000.00"), version: 2 });
      const granted = await crm.grants.moveTo(draft.id, "granted", { closeDate: "2026-06-20" });
      expect(granted).toMatchObject({ status: "won", actualCloseDate: "2026-06-20", salesCycleDays: 5 });
      const stays = await crm.grantStageEntries.list({ orderBy: [{ enteredAt: "asc" }, { id: "asc" }] });
      expect(stays.items.map(({ durationMs }) => durationMs)).toEqual([860_400_000, 0, null]);
      expect(await crm.opportunityStageEntries.count()).toBe(0);
    }),
    crmFact("of a plugin are used by its services as well", async (bench) => {
      const crm = await openGrants(bench);
      const none = crm.supportCases.create({ subject: "Broken" });
      await expect(none).rejects.toMatchObject({
        code: "not_found",
        message: 'There is no default pipeline for "supportCase": define one.',
      });
      await crm.pipelines.define({ key: "support", name: "Support", entityType: "supportCase", stages: caseStages });
      const broken = await crm.supportCases.create({ subject: "Broken" });
      expect(broken).not.toHaveProperty("probability");
      expect(await crm.support.close(broken.id)).toBe("won");
      expect(await crm.supportCases.get(broken.id)).toMatchObject({ status: "won", actualCloseDate: "2026-06-15" });
    }),
    crmFact("tell of moves by events of their own", async (bench) => {
      const crm = await openGrants(bench);
      const draft = await crm.grants.create({ title: "Solar roof", amount: eur("1.00") });
      const heard: string[] = [];
      crm.on("grant.stage_changed", ({ recordId, data: { from, to } }) =>
        heard.push(`${recordId === draft.id} ${from?.stage} ${to.stage} ${to.outcome}`),
      );
      await crm.grants.moveTo(draft.id, "submitted");
      await crm.grants.moveTo(draft.id, "submitted");
      await crm.grants.moveTo(draft.id, "rejected");
      expect(heard).toEqual(["true drafted submitted open", "true submitted rejected lost"]);
    }),
    crmFact("refuse stages of each other's pipelines", async (bench) => {
      const crm = await openGrants(bench);
      await crm.pipelines.define({ key: "support", name: "Support", entityType: "supportCase", stages: caseStages });
      const foreign = (await crm.stages.find({ where: { key: "new" } }))!;
      const create = crm.grants.create({ title: "Solar roof", stageId: foreign.id });
      expect((await refusedDetails(create)).issues).toMatchObject([{ field: "stageId", code: "reference_not_found" }]);
      const draft = await crm.grants.create({ title: "Solar roof" });
      expect((await refused(crm.grants.moveTo(draft.id, "solved"))).code).toBe("move_not_allowed");
    }),
    crmFact("keep what only moves may write", async (bench) => {
      const crm = await openGrants(bench);
      const draft = await crm.grants.create({ title: "Solar roof" });
      for (const [field, value] of [
        ["status", "won"],
        ["stageId", draft.stageId],
      ]) {
        const details = await refusedDetails(crm.grants.update(draft.id, { [field!]: value } as never));
        expect(details.issues).toMatchObject([{ field, code: "read_only_field" }]);
      }
      const entry = { recordId: draft.id, stageId: draft.stageId, enteredAt: new Date(0) };
      expect((await refused(crm.grantStageEntries.create(entry))).code).toBe("read_only_entity");
    }),
    crmFact("belong to one tenant each", async (bench) => {
      const crm = await openGrants(bench);
      const draft = await crm.grants.create({ title: "Solar roof" });
      const other = crm.as({ tenantId: "other" });
      expect((await refused(other.grants.moveTo(draft.id, "rejected"))).code).toBe("not_found");
      await other.grants.create({ title: "Theirs" });
      expect([await crm.pipelines.count(), await other.pipelines.count()]).toEqual([1, 1]);
    }),
  ],
};
