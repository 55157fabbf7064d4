/** What users and teams are to win: set, taken away, and listed. */
import { CrmError, compareText, type InputIssue, inputIssues, invalidInput, type Money } from "@relata/core/plugin";
import * as z from "zod";
import { type ForecastMeasure, forecastMeasures } from "../category/category.ts";
import type { ForecastingContext } from "../parts.ts";
import { checkedQuery } from "../roll-up/ask-forecast.ts";
import { unitsOf } from "../roll-up/tally.ts";
import { judgedPeriod, type PeriodInput, periodName, periodSchema } from "./judged-period.ts";
import { userSchema, valueFields, valueIssues } from "./value-input.ts";

const ENTITY = "forecastQuota";

/** Whose quota of what. */
export interface QuotaKey {
  /** One of the two. */
  readonly userId?: string | undefined;
  readonly teamId?: string | undefined;
  readonly period: PeriodInput;
  /** "amount" unless given. */
  readonly measure?: ForecastMeasure | undefined;
}

export interface QuotaInput extends QuotaKey {
  /** Of a measure of money: not negative. */
  readonly amount?: Money | undefined;
  /** Of the measure `count`: a whole number, not negative. */
  readonly number?: number | undefined;
}

export interface Quota {
  readonly id: string;
  readonly userId: string | null;
  readonly teamId: string | null;
  /** Null where the fiscal calendar has no such period any more. */
  readonly period: string | null;
  /** The first day. */
  readonly from: string;
  readonly measure: ForecastMeasure;
  readonly amount: Money | null;
  readonly number: number | null;
}

export interface QuotaQuery {
  readonly period?: PeriodInput | undefined;
  readonly userId?: string | undefined;
  readonly teamId?: string | undefined;
  readonly measure?: ForecastMeasure | undefined;
  /** As they were then; now, unless given. */
  readonly asOf?: Date | undefined;
}

const keyFields = {
  userId: userSchema.optional(),
  teamId: userSchema.optional(),
  period: periodSchema,
  measure: z.enum(forecastMeasures).default("amount"),
};
const keySchema = z.strictObject(keyFields);
const inputSchema = z.strictObject({ ...keyFields, ...valueFields });
const querySchema = z.strictObject({
  ...keyFields,
  period: periodSchema.optional(),
  measure: z.enum(forecastMeasures).optional(),
  asOf: z.date().optional(),
});

/**
 * Many at once, all or nothing: what there is for the same user or team, period and measure gets the new value. Units side by side leave one.
 *
 * @throws `invalid_input` with the `index` of each that is wrong, `reference_not_found`
 */
export async function setQuotas(context: ForecastingContext, given: readonly QuotaInput[]): Promise<readonly Quota[]> {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  const inputs = checked(list);
  return context.transaction(async (tx) => {
    const settings = await tx.settings.current();
    const rows = inputs.map(({ period, userId, teamId, measure, amount, number }) => {
      const { periodUnit, periodStart } = judgedPeriod(settings, period, ENTITY);
      const value = { amount: amount ?? null, number: number ?? null };
      return { userId: userId ?? null, teamId: teamId ?? null, periodUnit, periodStart, measure, ...value };
    });
    refuseRepeated(rows);
    // Quotas of users and of teams are locked one after the other: in turn, so that two units never wait for each other.
    if (rows.some(({ userId }) => userId !== null) && rows.some(({ teamId }) => teamId !== null))
      await tx.lock("forecastQuotas");
    const stored = new Map<number, QuotaRecord>();
    for (const who of ["userId", "teamId"] as const) {
      const at = rows.flatMap((row, i) => (row[who] === null ? [] : [i]));
      const by = [who, "periodUnit", "periodStart", "measure"] as const;
      const results = await tx.forecastQuotas.upsertMany(
        at.map((i) => rows[i]!),
        { by },
      );
      for (const [n, { record }] of results.entries()) stored.set(at[n]!, record);
    }
    return rows.map((_, i) => quotaOf(stored.get(i)!, (row) => periodName(settings, row)));
  });
}

/** @throws `invalid_input`; `not_found` where there is none */
export async function removeQuota(context: ForecastingContext, given: QuotaKey): Promise<void> {
  const { period, userId, teamId, measure } = checkedQuery(ENTITY, keySchema, given);
  const issues = whoIssues({ userId, teamId });
  if (issues.length > 0) throw invalidInput(ENTITY, issues);
  await context.transaction(async (tx) => {
    const { periodUnit, periodStart } = judgedPeriod(await tx.settings.current(), period, ENTITY);
    const who = userId === undefined ? { teamId: teamId! } : { userId };
    const found = await tx.forecastQuotas.find({ where: { ...who, periodUnit, periodStart, measure } });
    if (!found) {
      const message = `"${userId ?? teamId}" has no quota of the measure "${measure}" in the period that starts on ${periodStart}.`;
      throw new CrmError("not_found", message, { details: { entity: ENTITY, field: "period" } });
    }
    await tx.forecastQuotas.delete(found.id);
  });
}

/** By first day, then by user or team, then by measure. @throws `invalid_input` */
export async function quotas(context: ForecastingContext, given: QuotaQuery = {}): Promise<readonly Quota[]> {
  const { period, asOf, userId, teamId, measure } = checkedQuery(ENTITY, querySchema, given);
  const at = asOf === undefined ? context : context.asOf(asOf);
  const settings = await at.settings.current();
  const asked = period === undefined ? undefined : judgedPeriod(settings, period, ENTITY);
  const where = {
    ...(asked ? { periodUnit: asked.periodUnit, periodStart: asked.periodStart } : {}),
    ...(userId === undefined ? {} : { userId }),
    ...(teamId === undefined ? {} : { teamId }),
    ...(measure === undefined ? {} : { measure }),
  };
  const found: Quota[] = [];
  const nameOf = (row: QuotaRecord) => periodName(settings, row);
  for await (const record of at.forecastQuotas.iterate({ where })) found.push(quotaOf(record, nameOf));
  return found.sort(
    (a, b) =>
      compareText(a.from, b.from) ||
      compareText(a.userId ?? a.teamId!, b.userId ?? b.teamId!) ||
      compareText(a.measure, b.measure),
  );
}

export type QuotaRecord = Awaited<ReturnType<ForecastingContext["forecastQuotas"]["update"]>>;

function quotaOf(record: QuotaRecord, nameOf: (record: QuotaRecord) => string | null): Quota {
  const { id, userId, teamId, periodStart, measure, amount, number } = record;
  return { id, userId, teamId, period: nameOf(record), from: periodStart, measure, amount, number };
}

/** @throws `invalid_input` with the `index` of each that is wrong, where there are several */
function checked(list: readonly unknown[]): readonly z.output<typeof inputSchema>[] {
  const issues: InputIssue[] = [];
  const inputs = list.flatMap((given, index) => {
    const place = list.length > 1 ? { index } : {};
    const result = inputSchema.safeParse(given);
    if (!result.success) {
      issues.push(...inputIssues(result.error.issues, given).map((issue) => ({ ...issue, ...place })));
      return [];
    }
    const { amount, number } = result.data;
    const own: InputIssue[] = [...whoIssues(result.data), ...valueIssues(result.data)];
    if (amount !== undefined && unitsOf(amount.amount, amount.currency) < 0n)
      own.push({ field: "amount", code: "out_of_range", message: "is a quota, and cannot be negative" });
    if (number !== undefined && number < 0)
      own.push({ field: "number", code: "out_of_range", message: "is a quota, and cannot be negative" });
    issues.push(...own.map((issue) => ({ ...issue, ...place })));
    return [result.data];
  });
  if (issues.length > 0) throw invalidInput(ENTITY, issues);
  return inputs;
}

/** @throws `invalid_input` with the `index` of a quota that stands in the list already */
function refuseRepeated(
  rows: readonly Pick<QuotaRecord, "userId" | "teamId" | "periodStart" | "periodUnit" | "measure">[],
) {
  const seen = new Set<string>();
  const issues = rows.flatMap(({ userId, teamId, periodUnit, periodStart, measure }, index): InputIssue[] => {
    const key = JSON.stringify([userId, teamId, periodUnit, periodStart, measure]);
    const isFirst = !seen.has(key);
    seen.add(key);
    if (isFirst) return [];
    const message = `is the second one for "${userId ?? teamId}" with a quota of this measure in one list`;
    return [{ field: "period", code: "repeated", message, index }];
  });
  if (issues.length > 0) throw invalidInput(ENTITY, issues);
}

function whoIssues({ userId, teamId }: Pick<QuotaKey, "userId" | "teamId">): readonly InputIssue[] {
  if ((userId === undefined) !== (teamId === undefined)) return [];
  const message =
    userId === undefined ? "or teamId is required" : "and teamId are both given: a quota is of one of them";
  return [{ field: "userId", code: userId === undefined ? "missing_field" : "not_allowed", message }];
}
