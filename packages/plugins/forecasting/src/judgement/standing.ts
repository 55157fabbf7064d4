/** The adjustments that stand, as the recursion takes them. */
import type { Money } from "@relata/core/plugin";
import type { ForecastCredit, ForecastMeasure, ForecastMethod } from "../category/category.ts";
import type { ForecastingContext } from "../parts.ts";
import { NUMBER, ONE, type Tally, unitsOf } from "../roll-up/tally.ts";
import type { AdjustmentRecord } from "./adjustment-input.ts";
import type { Judgement } from "./judge.ts";
import type { StoredPeriod } from "./judged-period.ts";

/** Which forecast they belong to. */
export interface JudgedScope extends StoredPeriod {
  readonly method: ForecastMethod;
  readonly measure: ForecastMeasure;
  readonly credit: ForecastCredit;
}

/** Those of the method, and how many are set aside because they belong to the other one. */
export interface Standing {
  readonly records: readonly AdjustmentRecord[];
  readonly ofOtherMethod: number;
}

/** So many users are named in a condition. */
const AT_ONCE = 500;

/** On the figures of these users. One query for each thousand of the period. */
export async function standingAdjustments(
  context: ForecastingContext,
  { periodUnit, periodStart, method, measure, credit }: JudgedScope,
  userIds: ReadonlySet<string>,
): Promise<Standing> {
  const few = userIds.size <= AT_ONCE ? { userId: { in: [...userIds] } } : {};
  const where = { periodUnit, periodStart, measure, credit, withdrawn: false, ...few };
  const records: AdjustmentRecord[] = [];
  let ofOtherMethod = 0;
  for await (const record of context.forecastAdjustments.iterate({ where })) {
    if (!userIds.has(record.userId)) continue;
    if (record.method === method) records.push(record);
    else ofOtherMethod += 1;
  }
  return { records, ofOtherMethod };
}

type Drafted = Pick<AdjustmentRecord, "userId" | "kind" | "byId" | "mode" | "currency" | "amount" | "number">;

export interface RecordedJudgement<R> extends Judgement {
  readonly record: R;
}

/** A record, or what is about to be one, with what it was made from. */
export function judgementOf<R extends Drafted>(id: string, record: R): RecordedJudgement<R> {
  const { userId, kind, byId, mode } = record;
  const [[currency, units]] = [...tallyOfSaid(record)] as [[string, bigint]];
  return { id, userId, kind, byId, mode, currency, units, whole: record.currency === "", record };
}

/** How much was said. */
export function tallyOfSaid({
  amount,
  number,
}: {
  readonly amount: Money | null;
  readonly number: number | null;
}): Tally {
  if (amount === null) return new Map([[NUMBER, BigInt(number ?? 0) * ONE]]);
  return new Map([[amount.currency, unitsOf(amount.amount, amount.currency)]]);
}
