/** What of a benefit is left to a membership, or to a person by it, on a day. */
import { addDays, compareText, sum } from "@relata/core/plugin";
import type { BenefitRecord, MembershipsContext, SpanRecord, TermRecord } from "../parts.ts";
import { FIRST_DAY, LAST_DAY } from "../status/day-offset.ts";
import { readRules } from "../status/read-rules.ts";
import { type StatusDays, statusDays } from "../status/timeline.ts";
import { type PeriodBalance, type PeriodUse, quotaLine, usableAt } from "./quota-line.ts";
import { type QuotaPeriod, quotaPeriods } from "./quota-periods.ts";

export interface Balance {
  /** The first and the last day of the period. */
  readonly from: string;
  readonly until: string;
  /** Of the level on the day; null: without limit. */
  readonly quota: number | null;
  /** Left over from earlier periods; it is used first. */
  readonly carried: number;
  readonly used: number;
  /** Never below zero; null: without limit. */
  readonly left: number | null;
  /** As `left`, but for what later periods have used already of what would be carried into them. */
  readonly usable: number | null;
}

export interface BalanceQuery {
  readonly membershipId: string;
  readonly benefit: BenefitRecord;
  /** Whose quota it is, where each person has one; null: the account's that is the member. */
  readonly contactId: string | null;
  readonly day: string;
}

/** Undefined where the membership does not count on the day, or its level does not have the benefit. */
export async function readBalance(context: MembershipsContext, query: BalanceQuery): Promise<Balance | undefined> {
  const { membershipId, benefit, day } = query;
  const spans = await Array.fromAsync(context.membershipSpans.iterate({ where: { membershipId } }));
  const span = spans.find(({ firstDay, lastDay }) => firstDay <= day && day <= lastDay);
  if (span === undefined) return undefined;
  const rules = (await readRules(context, [span.programId])).of(span.programId);
  const counting = statusDays(spans, rules, { from: FIRST_DAY, until: LAST_DAY }).filter(({ counts }) => counts);
  const quotas = await readQuotas(context, benefit.id);
  const isCounting = counting.some(({ firstDay, lastDay }) => firstDay <= day && day <= lastDay);
  if (!isCounting || !quotas.has(span.levelId)) return undefined;
  const chainStartsOn = span.chainStartsOn ?? span.firstDay;
  const termStarts = benefit.period === "term" ? await readTermStarts(context, membershipId, chainStartsOn) : [];
  const end = endOfChain(spans, { chainStartsOn, day });
  const uses = (await readUses(context, query)).filter(
    ({ on }) => end === undefined || on <= end || isCalendar(benefit),
  );
  const last = [day, ...uses.map(({ on }) => on)].reduce((a, b) => (compareText(a, b) < 0 ? b : a));
  const through = end !== undefined && end < last ? end : last;
  const periods = quotaPeriods(benefit.period, { chainStartsOn, termStarts }, through);
  const at = periods.findIndex(({ from, until }) => from <= day && day <= until);
  const line = withQuotas(periods, { counting, quotas, uses, day });
  const { from, until, quota, carried, used, left } = quotaLine(line, benefit)[at] as PeriodBalance;
  return { from, until, quota, carried, used, left, usable: usableAt(line, at, benefit) };
}

interface Used {
  readonly on: string;
  readonly quantity: number;
}

interface Facts {
  readonly counting: readonly StatusDays<SpanRecord>[];
  readonly quotas: ReadonlyMap<string, number | null>;
  readonly uses: readonly Used[];
  readonly day: string;
}

/** A period has the quota of its last day that counts; the one in which the day lies has that of the day. */
function withQuotas(periods: readonly QuotaPeriod[], { counting, quotas, uses, day }: Facts): readonly PeriodUse[] {
  return periods.map(({ from, until }) => {
    const asked = from <= day && day <= until ? day : until;
    const last = counting.findLast(({ firstDay, lastDay }) => firstDay <= asked && lastDay >= from);
    const quota = last === undefined || !quotas.has(last.span.levelId) ? 0 : quotas.get(last.span.levelId)!;
    const inside = uses.filter(({ on }) => from <= on && on <= until);
    return { from, until, quota, used: inside.reduce((total, { quantity }) => total + quantity, 0) };
  });
}

/** By level; null: without limit. */
async function readQuotas(context: MembershipsContext, benefitId: string): Promise<ReadonlyMap<string, number | null>> {
  const quotas = new Map<string, number | null>();
  for await (const { levelId, quota } of context.membershipEntitlements.iterate({ where: { benefitId } }))
    quotas.set(levelId, quota);
  return quotas;
}

async function readUses(context: MembershipsContext, { membershipId, benefit, contactId }: BalanceQuery) {
  const whose = benefit.quotaOf === "person" ? { contactId } : {};
  const rows = await context.membershipBenefitUses.aggregate({
    where: { membershipId, benefitId: benefit.id, ...whose },
    groupBy: { on: "usedOn" },
    measures: { quantity: sum("quantity"), back: sum("givenBack") },
  });
  return rows.map(({ on, quantity, back }): Used => ({ on, quantity: Number(quantity) - Number(back) }));
}

/** Changes of level within a term do not begin a period; what counts without a term, by an override, is one. */
async function readTermStarts(
  context: MembershipsContext,
  membershipId: string,
  chainStartsOn: string,
): Promise<readonly string[]> {
  const terms: TermRecord[] = [];
  const where = { membershipId, chainStartsOn, voidedOn: null };
  for await (const term of context.membershipTerms.iterate({ where, orderBy: [{ countsFrom: "asc" }] }))
    terms.push(term);
  const starts = terms
    .filter(({ origin }, at) => at === 0 || (origin !== "upgrade" && origin !== "downgrade"))
    .map(({ countsFrom }) => countsFrom);
  return starts.length > 0 ? starts : [chainStartsOn];
}

/** The last day before another chain begins, or one goes on that was interrupted: chains that a merge has joined may take turns. */
function endOfChain(
  spans: readonly SpanRecord[],
  { chainStartsOn, day }: { readonly chainStartsOn: string; readonly day: string },
): string | undefined {
  const later = spans.flatMap((span) => {
    const isOther = span.chainStartsOn !== null && span.chainStartsOn !== chainStartsOn;
    return isOther && span.firstDay > day ? [span.firstDay] : [];
  });
  const next = later.sort(compareText)[0];
  return next === undefined ? undefined : addDays(next, -1);
}

/** What is used in a period of the calendar is used in it, whichever chain it was in. */
function isCalendar({ period }: BenefitRecord): boolean {
  return period === "calendar_year" || period === "calendar_month" || period === "lifetime";
}
