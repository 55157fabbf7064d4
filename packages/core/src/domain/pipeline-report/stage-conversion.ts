/** How many of the records that enter a stage go on to later ones, and how many are won or lost. */
import * as z from "zod";
import { max, min } from "../../kernel/repository/aggregate.ts";
import { askedPipelineId } from "../pipeline/asked-pipeline.ts";
import type { PipelinedContext, RecordWhere } from "../pipeline/pipelined-context.ts";
import { type StageRecord, stagesOf } from "../pipeline/pipelines.ts";
import { rateOf } from "./rate.ts";
import { checkedQuery, instantsOf, periodFields, type ReportPeriod, whereField } from "./report-query.ts";

export interface ConversionQuery<W> extends ReportPeriod {
  /** `stage` unless said: the open stages of one pipeline. `phase`: the phases of open stages, so that pipelines can be taken together. */
  readonly by?: "stage" | "phase";
  /** The key of a pipeline. By stage, the default one, and by phase all of the entity, unless given. */
  readonly pipeline?: string;
  readonly where?: W;
}

/** A stage, or a phase. */
export interface ConversionStep {
  readonly id: string;
  readonly key: string;
  readonly name: string;
}

export interface Share {
  readonly count: number;
  /** Of those that entered the step, as a decimal ("0.25") rounded half to even to six digits; null where none did. */
  readonly rate: string | null;
}

export interface StageConversion {
  readonly step: ConversionStep;
  /** Records that entered it in the period, each once, however often it did. */
  readonly entered: number;
  /** The steps that come after it, in order. */
  readonly later: readonly {
    readonly step: ConversionStep;
    /** Those that entered this very step afterwards, at any time until now. */
    readonly entered: Share;
    /** Those that entered it or a later one afterwards, or were won: a step that was skipped counts as passed. */
    readonly reached: Share;
  }[];
  /** Those that were won afterwards, in whatever pipeline; so with lost. One that was lost, reopened and won is in both. */
  readonly won: Share;
  readonly lost: Share;
}

const conversionSchema = z.strictObject({
  ...periodFields,
  ...whereField,
  by: z.enum(["stage", "phase"]).optional(),
  pipeline: z.string().optional(),
});

/**
 * From stays in stages: of the records that entered a step in the period, how many have gone on, and where to. "Afterwards" is after the
 * first entry in the period; at one instant, stages follow one another in their order. Archived records are left out. One query for the
 * entries, grouped by record and stage, and a few for stages, phases and settings.
 */
export async function stageConversion(
  context: PipelinedContext,
  query: ConversionQuery<RecordWhere>,
): Promise<readonly StageConversion[]> {
  const { where = {}, by = "stage", pipeline, ...days } = checkedQuery("conversion", conversionSchema, query);
  const pipelineId = by === "stage" || pipeline !== undefined ? await askedPipelineId(context, pipeline) : undefined;
  const stages = await stagesOf(context, { pipeline: { entityType: context.entity.name } });
  const open = stages.filter(
    (stage) => stage.outcome === "open" && (pipelineId ?? stage.pipelineId) === stage.pipelineId,
  );
  const steps =
    by === "stage" ? (pipelineId === undefined ? [] : open.map(stageStep)) : await phaseSteps(context, open);
  const period = await instantsOf(context, days);
  const stageIds = steps.flatMap((step) => step.stageIds);
  const entries = await context.stays.aggregate({
    where: {
      enteredAt: { gte: period.gte },
      record: {
        archivedAt: null,
        stageEntries: { some: { stageId: { in: stageIds }, enteredAt: period } },
        and: [where],
      },
    },
    groupBy: { recordId: "recordId", stageId: "stageId" },
    measures: { first: min("enteredAt"), last: max("enteredAt") },
  });
  const counts = steps.map(() => ({
    entered: 0,
    to: steps.map(() => 0),
    reached: steps.map(() => 0),
    won: 0,
    lost: 0,
  }));
  for (const path of pathsOf(entries, { steps, stages })) count(path, counts, period.lt.getTime());
  return steps.map((step, i) => conversionOf(step, steps.slice(i + 1), { counts: counts[i]!, from: i + 1 }));
}

interface Step extends ConversionStep {
  readonly stageIds: readonly string[];
}

function stageStep({ id, key, name }: StageRecord): Step {
  return { id, key, name, stageIds: [id] };
}

async function phaseSteps(
  { phases, entity }: PipelinedContext,
  open: readonly StageRecord[],
): Promise<readonly Step[]> {
  const steps: Step[] = [];
  const where = { entityType: entity.name };
  for await (const { id, key, name } of phases.iterate({
    where,
    orderBy: [{ position: "asc" }],
    archived: "include",
  })) {
    const stageIds = open.filter(({ phaseId }) => phaseId === id).map((stage) => stage.id);
    if (stageIds.length > 0) steps.push({ id, key, name, stageIds });
  }
  return steps;
}

/** When one record entered each step for the first time in the period or after it, and for the last time; and when it was won and lost last. */
interface Path {
  readonly first: number[];
  readonly last: number[];
  won: number;
  lost: number;
}

interface Entry {
  readonly recordId: string;
  readonly stageId: string;
  readonly first: Date | null;
  readonly last: Date | null;
}

function pathsOf(
  entries: readonly Entry[],
  { steps, stages }: { readonly steps: readonly Step[]; readonly stages: readonly StageRecord[] },
): Iterable<Path> {
  const stepOf = new Map(steps.flatMap(({ stageIds }, i) => stageIds.map((id) => [id, i] as const)));
  const outcomeOf = new Map(stages.map(({ id, outcome }) => [id, outcome]));
  const paths = new Map<string, Path>();
  for (const { recordId, stageId, first, last } of entries) {
    const none = {
      first: steps.map(() => Number.POSITIVE_INFINITY),
      last: steps.map(() => Number.NEGATIVE_INFINITY),
      won: Number.NEGATIVE_INFINITY,
      lost: Number.NEGATIVE_INFINITY,
    };
    const path = paths.get(recordId) ?? none;
    paths.set(recordId, path);
    const step = stepOf.get(stageId);
    const outcome = outcomeOf.get(stageId);
    if (step !== undefined) {
      path.first[step] = Math.min(path.first[step]!, first!.getTime());
      path.last[step] = Math.max(path.last[step]!, last!.getTime());
    }
    if (outcome === "won" || outcome === "lost") path[outcome] = Math.max(path[outcome], last!.getTime());
  }
  return paths.values();
}

interface Counts {
  entered: number;
  readonly to: number[];
  readonly reached: number[];
  won: number;
  lost: number;
}

/** A step is entered in the period where its first entry since the period's begin comes before the period's end. */
function count({ first, last, won, lost }: Path, counts: readonly Counts[], end: number): void {
  for (const [from, step] of counts.entries()) {
    const since = first[from]!;
    if (since >= end) continue;
    step.entered++;
    if (won >= since) step.won++;
    if (lost >= since) step.lost++;
    let reached = won >= since;
    for (let to = counts.length - 1; to > from; to--) {
      const entered = last[to]! >= since;
      reached ||= entered;
      if (entered) step.to[to]!++;
      if (reached) step.reached[to]!++;
    }
  }
}

function conversionOf(
  { id, key, name }: Step,
  later: readonly Step[],
  { counts, from }: { readonly counts: Counts; readonly from: number },
): StageConversion {
  const share = (count: number): Share => ({ count, rate: rateOf(count, counts.entered) });
  return {
    step: { id, key, name },
    entered: counts.entered,
    later: later.map((step, i) => ({
      step: { id: step.id, key: step.key, name: step.name },
      entered: share(counts.to[from + i]!),
      reached: share(counts.reached[from + i]!),
    })),
    won: share(counts.won),
    lost: share(counts.lost),
  };
}
