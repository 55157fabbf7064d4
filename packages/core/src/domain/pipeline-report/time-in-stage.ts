/** How long records stay in the stages of a pipeline. */
import * as z from "zod";
import { count } from "../../kernel/repository/aggregate.ts";
import { askedPipelineId } from "../pipeline/asked-pipeline.ts";
import type { PipelinedContext, RecordWhere } from "../pipeline/pipelined-context.ts";
import { type StageRecord, stagesOf } from "../pipeline/pipelines.ts";
import { halfEven } from "./rate.ts";
import { checkedQuery, instantsOf, periodFields, type ReportPeriod, whereField } from "./report-query.ts";

export interface TimeInStageQuery<W> extends ReportPeriod {
  /** The key of the pipeline; the default one of the entity, unless given. */
  readonly pipeline?: string;
  readonly where?: W;
  /** Whole numbers from 0 to 100; 25, 75 and 90 unless said. */
  readonly percentiles?: readonly number[];
}

export interface TimeInStage {
  readonly stage: StageRecord;
  /** Stays that ended in the period. */
  readonly closed: Durations;
  /** Stays that have not ended: how long they have lasted until now. */
  readonly open: Durations;
}

/** In milliseconds of calendar time, nights and holidays included, each figure rounded half to even; null where there is no stay. */
export interface Durations {
  readonly count: number;
  readonly meanMs: number | null;
  readonly medianMs: number | null;
  /**
   * Interpolated between the two nearest stays: definition 7 of R. J. Hyndman and Y. Fan, "Sample Quantiles in Statistical Packages",
   * The American Statistician 50 (1996), as `percentile_cont` of SQL.
   */
  readonly percentilesMs: readonly { readonly percentile: number; readonly ms: number | null }[];
}

const PERCENTILES = [25, 75, 90];

const timeSchema = z.strictObject({
  ...periodFields,
  ...whereField,
  pipeline: z.string().optional(),
  percentiles: z.array(z.int().min(0).max(100)).optional(),
});

/**
 * For each open stage of the pipeline, archived ones too where there are stays. What is won or lost stays so, and has no time in stage;
 * a stay that was left and entered again counts each time. Archived records are left out. One query for the stays that ended and one for
 * those that have not, each grouped by stage and duration.
 */
export async function timeInStage(
  context: PipelinedContext,
  query: TimeInStageQuery<RecordWhere>,
): Promise<readonly TimeInStage[]> {
  const { where = {}, pipeline, percentiles = PERCENTILES, ...days } = checkedQuery("timeInStage", timeSchema, query);
  const pipelineId = await askedPipelineId(context, pipeline);
  if (pipelineId === undefined) return [];
  const now = context.now().getTime();
  const stages = await stagesOf(context, { pipelineId, outcome: "open" });
  const ofThem = { stage: { pipelineId, outcome: "open" }, record: { archivedAt: null, and: [where] } } as const;
  const ended = await context.stays.aggregate({
    where: { ...ofThem, leftAt: await instantsOf(context, days) },
    groupBy: { stageId: "stageId", durationMs: "durationMs" },
    measures: { stays: count() },
  });
  const lasting = await context.stays.aggregate({
    where: { ...ofThem, leftAt: null },
    groupBy: { stageId: "stageId", enteredAt: "enteredAt" },
    measures: { stays: count() },
  });
  const closed = ended.map(({ stageId, durationMs, stays }) => ({ stageId, ms: durationMs!, stays }));
  const open = lasting.map(({ stageId, enteredAt, stays }) => ({
    stageId,
    ms: Math.max(now - enteredAt.getTime(), 0),
    stays,
  }));
  return stages
    .map((stage) => ({
      stage,
      closed: durationsOf(
        closed.filter(({ stageId }) => stageId === stage.id),
        percentiles,
      ),
      open: durationsOf(
        open.filter(({ stageId }) => stageId === stage.id),
        percentiles,
      ),
    }))
    .filter(({ stage, closed, open }) => stage.archivedAt === null || closed.count + open.count > 0);
}

/** So many stays of one length. */
interface Stays {
  readonly ms: number;
  readonly stays: number;
}

function durationsOf(all: readonly Stays[], percentiles: readonly number[]): Durations {
  const ascending = all.toSorted((a, b) => a.ms - b.ms);
  const count = ascending.reduce((total, { stays }) => total + stays, 0);
  const sum = ascending.reduce((total, { ms, stays }) => total + BigInt(ms) * BigInt(stays), 0n);
  const at = (percentile: number) => (count === 0 ? null : quantile(ascending, percentile, count));
  return {
    count,
    meanMs: count === 0 ? null : Number(halfEven(sum, BigInt(count))),
    medianMs: at(50),
    percentilesMs: percentiles.map((percentile) => ({ percentile, ms: at(percentile) })),
  };
}

function quantile(ascending: readonly Stays[], percentile: number, count: number): number {
  const hundredths = (count - 1) * percentile;
  const rank = Math.floor(hundredths / 100);
  const [low, high] = [atRank(ascending, rank), atRank(ascending, Math.min(rank + 1, count - 1))];
  const scaled = BigInt(low) * 100n + BigInt(high - low) * BigInt(hundredths % 100);
  return Number(halfEven(scaled, 100n));
}

/** The stay of this rank, from 0. */
function atRank(ascending: readonly Stays[], rank: number): number {
  let passed = 0;
  for (const { ms, stays } of ascending) {
    passed += stays;
    if (passed > rank) return ms;
  }
  return ascending.at(-1)!.ms;
}
