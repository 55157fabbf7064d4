/** The board of a pipeline: its stages, and what is in them. */
import * as z from "zod";
import { CrmError } from "../../errors.ts";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import { count, sum } from "../../kernel/repository/aggregate.ts";
import type { Where } from "../../kernel/repository/where.ts";
import type { Money } from "../../kernel/value/money.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { defaultPipeline } from "./default-pipeline.ts";
import type { PipelinedContext } from "./pipelined-context.ts";
import { type StageRecord, stagesOf } from "./pipelines.ts";

export interface BoardQuery {
  /** The key of the pipeline; the default one of opportunities, unless given. */
  readonly pipeline?: string;
  /** Only these opportunities. */
  readonly where?: Where<DomainModel, "opportunity">;
}

export interface BoardColumn {
  readonly stage: StageRecord;
  readonly count: number;
  /** One sum for each currency. */
  readonly amount: readonly Money[];
  /** Amount times probability, exact and rounded once for each currency. */
  readonly weighted: readonly Money[];
}

/** Stages in order, the empty ones too unless they are archived. The totals of all stages come from one query. */
export async function pipelineBoard(
  context: DomainContext,
  pipelined: PipelinedContext,
  query: BoardQuery = {},
): Promise<readonly BoardColumn[]> {
  const { pipeline: key, where = {} } = checked(query);
  const pipelineId = await pipelineIdOf(pipelined, key);
  if (pipelineId === undefined) return [];
  const stages = await stagesOf(context, { pipelineId });
  const totals = await context.opportunities.aggregate({
    where: { and: [{ pipelineId }, where] },
    groupBy: { stageId: "stageId" },
    measures: { count: count(), amount: sum("amount"), weighted: sum("amount", { percent: "probability" }) },
  });
  const byStage = new Map(totals.map((total) => [total.stageId, total]));
  const shown = stages.filter(({ id, archivedAt }) => archivedAt === null || byStage.has(id));
  return shown.map((stage) => {
    const total = byStage.get(stage.id);
    return { stage, count: total?.count ?? 0, amount: total?.amount ?? [], weighted: total?.weighted ?? [] };
  });
}

const querySchema = z.strictObject({ pipeline: z.string().optional(), where: z.unknown().optional() });

/** Its conditions are checked where they are compiled. */
function checked(query: BoardQuery): BoardQuery {
  const parsed = querySchema.safeParse(query);
  if (parsed.success) return query;
  throw invalidInput("board", inputIssues(parsed.error.issues, query));
}

/** Undefined at an instant at which no pipeline had been made yet: there a read cannot make the standard one. */
async function pipelineIdOf(context: PipelinedContext, key: string | undefined): Promise<string | undefined> {
  if (key === undefined) {
    return defaultPipeline(context).then(
      ({ id }) => id,
      (error: unknown) => {
        if (CrmError.is(error, "past_is_read_only")) return undefined;
        throw error;
      },
    );
  }
  const found = await context.pipelines.find({ where: { entityType: "opportunity", key } });
  if (found) return found.id;
  throw new CrmError("not_found", `There is no pipeline "${key}" of opportunities.`, {
    details: { entity: "pipeline", key },
  });
}
