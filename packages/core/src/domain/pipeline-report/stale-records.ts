/** Records that have been in one stage for too long. */
import type { Page } from "../../kernel/repository/repository.ts";
import type { PipelinedContext, PipelinedRecord, RecordWhere } from "../pipeline/pipelined-context.ts";
import { checkedQuery } from "./report-query.ts";
import { pageAt, type WaitingQuery, waitingSchema } from "./waiting-pages.ts";

export interface StaleRecord<R> {
  readonly record: R;
  /** Whole days of 24 hours since it entered its stage. */
  readonly daysInStage: number;
  /** Those above the stage's `staleAfterDays`: 0 on the first day. */
  readonly daysOver: number;
}

const DAY_MS = 86_400_000;

/**
 * Open records that have been in their stage for longer than its `staleAfterDays`, in days of 24 hours; those that have waited the
 * longest come first. Two queries.
 */
export async function staleRecords(
  context: PipelinedContext,
  query: WaitingQuery<RecordWhere> = {},
): Promise<Page<StaleRecord<PipelinedRecord>>> {
  const { where = {}, ...paging } = checkedQuery("stale", waitingSchema, query);
  const limits = await limitsOf(context);
  return pageAt(context, paging.after, async (now, after) => {
    const page = await context.records.list({
      where: { status: "open", and: [where, tooLongAt(now, limits)] },
      orderBy: [{ stageEnteredAt: "asc" }],
      ...paging,
      after,
    });
    const items = page.items.map((record) => {
      const daysInStage = Math.floor((now.getTime() - record.stageEnteredAt!.getTime()) / DAY_MS);
      return { record, daysInStage, daysOver: daysInStage - limits.get(record.stageId!)! };
    });
    return { ...page, items };
  });
}

/** By stage: the days after which what is in it is stale. Archived stages too: records may be in them. */
async function limitsOf({ stages, entity }: PipelinedContext): Promise<ReadonlyMap<string, number>> {
  const limits = new Map<string, number>();
  const where = { outcome: "open", staleAfterDays: { ne: null }, pipeline: { entityType: entity.name } } as const;
  for await (const { id, staleAfterDays } of stages.iterate({ where, archived: "include" }))
    limits.set(id, staleAfterDays!);
  return limits;
}

/** One condition for each number of days, so that an index on stage and entry serves it. */
function tooLongAt(now: Date, limits: ReadonlyMap<string, number>) {
  const stagesOf = (days: number) => [...limits.keys()].filter((id) => limits.get(id) === days);
  const tooLong = [...new Set(limits.values())].map((days) => ({
    stageId: { in: stagesOf(days) },
    stageEnteredAt: { lt: new Date(now.getTime() - days * DAY_MS) },
  }));
  return { or: tooLong };
}
