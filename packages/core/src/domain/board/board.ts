/** The board of a pipeline: its stages, and what is in them. */
import * as z from "zod";
import { count, sum } from "../../kernel/repository/aggregate.ts";
import type { Page } from "../../kernel/repository/repository.ts";
import type { Money } from "../../kernel/value/money.ts";
import { askedPipelineId } from "../pipeline/asked-pipeline.ts";
import type { PipelinedContext, PipelinedRecord, RecordWhere } from "../pipeline/pipelined-context.ts";
import { hasField, type PipelinedEntity } from "../pipeline/pipelined-entity.ts";
import type { StageRecord } from "../pipeline/pipelines.ts";
import { checkedQuery, whereField } from "../pipeline-report/report-query.ts";
import { convertField, currencyOf, noMoney, type ReportedCurrency } from "../pipeline-report/reported-currency.ts";

/** Which records the columns of a board show, and in which order. */
export interface ColumnQuery<R, W> {
  readonly where?: W;
  /** Unless given, the order made by hand with `place`: what was never placed is where it was put by entering the stage, at the end. */
  readonly orderBy?: readonly { readonly [K in keyof R]?: "asc" | "desc" }[];
  /** So many records of each column; 20 unless said. */
  readonly limit?: number;
}

export interface BoardQuery<R, W> extends ColumnQuery<R, W> {
  /** The key of the pipeline; the default one of the entity, unless given. */
  readonly pipeline?: string;
  /** Adds up the amounts in one currency as well. */
  readonly convert?: ReportedCurrency;
}

export interface BoardColumnQuery<R, W> extends ColumnQuery<R, W> {
  readonly stageId: string;
  /** The `next` of the column's page before, of a board or of this, with the same conditions and the same order. */
  readonly after?: string | undefined;
}

export interface BoardColumn<R> {
  readonly stage: StageRecord;
  readonly count: number;
  /** One sum for each currency; none of an entity without amounts. */
  readonly amount: readonly Money[];
  /** Amount times probability, exact and rounded once for each currency. */
  readonly weighted: readonly Money[];
  /** The same sums in one currency, where `convert` asks for it. */
  readonly converted?: ConvertedSums;
  /** The first of them. */
  readonly records: Page<R>;
}

export interface ConvertedSums {
  /** The day whose rates have converted them, or the date field that had it. */
  readonly on: string;
  readonly amount: Money;
  readonly weighted: Money;
}

const MOST = 1_000;
const SHOWN = 20;

const columnFields = {
  ...whereField,
  orderBy: z.array(z.unknown()).optional(),
  limit: z.int().min(0).max(MOST).optional(),
};
const boardSchema = z.strictObject({ ...columnFields, ...convertField, pipeline: z.string().optional() });
const columnSchema = z.strictObject({
  ...columnFields,
  stageId: z.string(),
  limit: z.int().min(1).max(MOST).optional(),
  after: z.string().optional(),
});

const byHand = [{ boardPosition: "asc" }] as const;

/**
 * Stages in order, the empty ones too unless they are archived. One query finds the stages, one the first records of all of them, and
 * one their totals. @throws `missing_rate`, naming all that are missing
 */
export async function pipelineBoard(
  context: PipelinedContext,
  query: BoardQuery<PipelinedRecord, RecordWhere> = {},
): Promise<readonly BoardColumn<PipelinedRecord>[]> {
  const { pipeline: key, where = {}, convert, ...shown } = checkedQuery("board", boardSchema, query);
  const pipelineId = await askedPipelineId(context, key);
  if (pipelineId === undefined) return [];
  const wanted = convert && (await currencyOf(context, "board", convert));
  const totals = await context.records.aggregate({
    where: { and: [{ pipelineId }, where] },
    groupBy: { stageId: "stageId" },
    measures: measuresOf(context.entity, wanted),
  });
  const byStage = new Map(totals.map((total) => [total.stageId, total]));
  const columns: BoardColumn<PipelinedRecord>[] = [];
  for (const { stage, records } of await filledStages(context, pipelineId, { where, ...shown })) {
    const total = byStage.get(stage.id);
    if (stage.archivedAt !== null && !total) continue;
    const { count = 0, amount = [], weighted = [] } = total ?? {};
    const converted = wanted && { converted: convertedSums(total, wanted) };
    columns.push({ stage, count, amount, weighted, ...converted, records });
  }
  return columns;
}

/** Of an entity without amounts, the number of records is all there is. Its type tells of the sums that are always the same. */
function measuresOf(entity: PipelinedEntity, wanted: Required<ReportedCurrency> | undefined) {
  const percent = "probability";
  const measures = { count: count(), amount: sum("amount"), weighted: sum("amount", { percent }) };
  const { weighted, ...counted } = measures;
  if (!hasField(entity, "amount")) return { count: counted.count } as typeof measures;
  const converted = wanted && { convertedAmount: sum("amount", wanted) };
  if (!hasField(entity, percent)) return { ...counted, ...converted } as typeof measures;
  const convertedToo = wanted && { convertedWeighted: sum("amount", { percent, ...wanted }) };
  return { ...measures, ...converted, ...convertedToo } as typeof measures;
}

function convertedSums(total: object | undefined, { in: currency, on }: Required<ReportedCurrency>): ConvertedSums {
  const { convertedAmount, convertedWeighted } = (total ?? {}) as { readonly [sum: string]: Money | null | undefined };
  const nothing = noMoney(currency);
  return { on, amount: convertedAmount ?? nothing, weighted: convertedWeighted ?? nothing };
}

/** A page of one column. */
export async function boardColumn(
  { records }: PipelinedContext,
  query: BoardColumnQuery<PipelinedRecord, RecordWhere>,
): Promise<Page<PipelinedRecord>> {
  const {
    stageId,
    where = {},
    orderBy = byHand,
    limit = SHOWN,
    after,
  } = checkedQuery("boardColumn", columnSchema, query);
  return records.list({ ...columnOf(stageId, { where, orderBy }), limit, after });
}

/** The same for a column's first page and for those that follow, so that the cursor of one is good for the next. */
function columnOf(stageId: string, { where, orderBy }: Shown) {
  return { where: { and: [{ stageId }, where] }, orderBy };
}

type Shown = Required<Pick<ColumnQuery<PipelinedRecord, RecordWhere>, "where" | "orderBy">>;
type Filled = Pick<BoardColumn<PipelinedRecord>, "stage" | "records">;

async function filledStages(
  { entity: { plural }, stages, records }: PipelinedContext,
  pipelineId: string,
  { where = {}, orderBy = byHand, limit = SHOWN }: ColumnQuery<PipelinedRecord, RecordWhere>,
): Promise<readonly Filled[]> {
  // The relation is named like the entity's records, which no type knows here. One more record than is shown tells whether there are more.
  const include = (limit === 0 ? {} : { [plural]: { where, orderBy, limit: limit + 1 } }) as {};
  const query = { where: { pipelineId }, orderBy: [{ position: "asc" }], archived: "include", include } as const;
  const filled: Filled[] = [];
  let after: string | undefined;
  do {
    const page = await stages.list({ ...query, limit: MOST, after });
    for (const item of page.items) {
      const { [plural]: loaded = [], ...own } = item as object as {
        readonly [relation: string]: readonly PipelinedRecord[];
      };
      const stage = own as object as StageRecord;
      const items = loaded.slice(0, limit);
      const more = loaded.length > limit && limit > 0;
      const next = more ? await records.cursorAfter(items.at(-1)!, columnOf(stage.id, { where, orderBy })) : undefined;
      filled.push({ stage, records: { items, next, ...(page.unsettled ? { unsettled: true } : {}) } });
    }
    after = page.next;
  } while (after !== undefined);
  return filled;
}
