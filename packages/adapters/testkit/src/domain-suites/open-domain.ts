/** A CRM with the domain and one entity of an application's own, and what the suites ask it again and again. */
import { createCrm } from "@relata/core";
import { defineEntity, text } from "@relata/core/plugin";
import type { CrmBench } from "../crm-suites/crm-bench.ts";

const project = defineEntity("project", { plural: "projects", fields: { name: text() } });

/** `options`: what else `createCrm` is to be given, that changes no type. */
export async function openDomain(bench: CrmBench, options: object = {}) {
  return createCrm({ ...(await bench.options()), ...options, entities: [project] });
}

export type DomainCrm = Awaited<ReturnType<typeof openDomain>>;
export type PipelineDefinition = Parameters<DomainCrm["pipelines"]["define"]>[0];
type StageDefinition = PipelineDefinition["stages"][number];

/** "qualification 10 · won 100": the stages of a pipeline with their probabilities, in order. */
export async function stagesOf(crm: DomainCrm, pipeline: string): Promise<string> {
  const page = await crm.stages.list({ where: { pipeline: { key: pipeline } }, orderBy: [{ position: "asc" }] });
  return page.items.map((stage) => `${stage.key} ${stage.probability}`).join(" · ");
}

export async function stageId(crm: DomainCrm, key: string, pipeline = "sales"): Promise<string> {
  const stage = await crm.stages.find({ where: { key, pipeline: { key: pipeline } } });
  if (!stage) throw new Error(`There is no stage ${pipeline}/${key}.`);
  return stage.id;
}

export async function lostReasonId(crm: DomainCrm, key: string): Promise<string> {
  const reason = await crm.lostReasons.find({ where: { entityType: "opportunity", key } });
  if (!reason) throw new Error(`There is no lost reason ${key}.`);
  return reason.id;
}

/** The stays of an opportunity, in order: "qualification 3600000 ann" and, of the last one, "proposal … ann". */
export async function staysOf(crm: DomainCrm, opportunityId: string): Promise<readonly string[]> {
  const page = await crm.opportunityStageEntries.list({
    where: { recordId: opportunityId },
    orderBy: [{ enteredAt: "asc" }, { id: "asc" }],
    include: { stage: true },
    limit: 1_000,
  });
  return page.items.map((stay) => `${stay.stage?.key} ${stay.durationMs ?? "…"} ${stay.enteredBy ?? "-"}`);
}

export const open = (key: string, probability: string, more: Partial<StageDefinition> = {}): StageDefinition => ({
  key,
  name: key.toUpperCase(),
  outcome: "open",
  probability,
  ...more,
});

/** A small pipeline: two open stages, won and lost. */
export function pipelineOf(change: Partial<PipelineDefinition> = {}): PipelineDefinition {
  return {
    key: "renewals",
    name: "Renewals",
    entityType: "opportunity",
    stages: [
      open("due", "40"),
      open("offered", "60"),
      { key: "renewed", name: "Renewed", outcome: "won" },
      { key: "ended", name: "Ended", outcome: "lost" },
    ],
    ...change,
  };
}
