/** What is checked of programs, levels and plans before they are written, whoever writes them. */
import { type InputIssue, invalidInput, isDate, minorDigitsOf } from "@relata/core/plugin";
import type { LevelRecord, MembershipsContext, PlanRecord, ProgramRecord } from "../parts.ts";
import { isNegative } from "../payment/money-amounts.ts";
import { checkStatusRules } from "../status/check-status-rules.ts";

interface Proposed<R> {
  readonly input: Partial<R> & { readonly id: string };
  readonly before?: R;
}

function draftOf<R>({ input, before }: Proposed<R>): Partial<R> & { readonly id: string } {
  return { ...before, ...input };
}

function refuse<R>(entity: string, batch: readonly Proposed<R>[], check: (draft: Partial<R>) => readonly InputIssue[]) {
  const numbered = batch.length > 1 && batch.every(({ before }) => before === undefined);
  const issues = batch.flatMap((proposed, index) =>
    check(draftOf(proposed)).map((issue) => (numbered ? { ...issue, index } : issue)),
  );
  if (issues.length > 0) throw invalidInput(entity, issues);
}

/** @throws `invalid_input` for a currency that is none; `status_rules_incomplete`, `status_in_use` */
export async function proposePrograms(
  context: MembershipsContext,
  batch: readonly Proposed<ProgramRecord>[],
): Promise<void> {
  refuse("membershipProgram", batch, ({ currency }) =>
    minorDigitsOf(currency!) === undefined
      ? [{ field: "currency", code: "unknown_currency", message: "is not an ISO 4217 currency" }]
      : [],
  );
  for (const { input, before } of batch) {
    if (input.statusRules === undefined) continue;
    await checkStatusRules(context, { programId: before?.id, rules: input.statusRules });
  }
}

/** @throws `invalid_input` for ages that exclude each other, renewals that are asked for before they are allowed, and a required level of another program than the required one */
export async function proposeLevels(
  context: MembershipsContext,
  batch: readonly Proposed<LevelRecord>[],
): Promise<void> {
  const required = batch.flatMap((each) => draftOf(each).requiresLevelId ?? []);
  const programs = new Map<string, string>();
  if (required.length > 0) {
    const levels = context.membershipLevels.iterate({ where: { id: { in: [...new Set(required)] } } });
    for await (const { id, programId } of levels) programs.set(id, programId);
  }
  refuse("membershipLevel", batch, ({ minAge, maxAge, requiresLevelId, requiresProgramId, ...level }) => {
    const issues: InputIssue[] = [];
    const { renewalLeadDays = 0, earlyRenewalDays = null } = level;
    if (earlyRenewalDays !== null && renewalLeadDays > earlyRenewalDays)
      issues.push({
        ...{ field: "renewalLeadDays", code: "out_of_range" },
        message: `is more than earlyRenewalDays, ${earlyRenewalDays}: it could not be renewed on that day`,
      });
    if (typeof minAge === "number" && typeof maxAge === "number" && maxAge < minAge)
      issues.push({ field: "maxAge", code: "out_of_range", message: `is below the least age, ${minAge}` });
    if (requiresLevelId && programs.has(requiresLevelId) && programs.get(requiresLevelId) !== requiresProgramId)
      issues.push({
        ...{ field: "requiresLevelId", code: "not_allowed" },
        message: "is a level of another program than requiresProgramId names",
      });
    return issues;
  });
}

/** @throws `invalid_input`; `other_currency` for a price that is not in the program's */
export async function proposePlans(context: MembershipsContext, batch: readonly Proposed<PlanRecord>[]): Promise<void> {
  refuse("membershipPlan", batch, planIssues);
  const levelIds = [...new Set(batch.flatMap((each) => draftOf(each).levelId ?? []))];
  if (levelIds.length === 0) return;
  const currencies = new Map<string, string>();
  const levels = context.membershipLevels.iterate({
    where: { id: { in: levelIds } },
    archived: "include",
    include: { program: true },
  });
  for await (const { id, program } of levels) currencies.set(id, program!.currency);
  for (const each of batch) {
    const { levelId, price } = draftOf(each);
    const currency = currencies.get(levelId!);
    if (currency === undefined || price === undefined || price.currency === currency) continue;
    const details = { entity: "membershipPlan", field: "price", currency, given: price.currency };
    throw context.error("other_currency", details);
  }
}

function planIssues(plan: Partial<PlanRecord>): readonly InputIssue[] {
  const { unit = "year", period = "rolling", startDay = null, rolloverDay = null, price, length = 1 } = plan;
  const issues: InputIssue[] = [];
  const wrong = (field: string, code: string, message: string) => issues.push({ field, code, message });
  if (price && isNegative(price)) wrong("price", "out_of_range", "is negative: a price is nothing or more");
  if (unit === "lifetime" && length !== 1) wrong("length", "not_allowed", "is 1 for life");
  if (period === "rolling") {
    if (startDay !== null) wrong("startDay", "not_allowed", "is for fixed periods only");
    if (rolloverDay !== null) wrong("rolloverDay", "not_allowed", "is for fixed periods only");
    return issues;
  }
  if (unit !== "year" && unit !== "month") wrong("period", "not_allowed", "is fixed for years and months only");
  if (unit === "year") {
    if (startDay === null) wrong("startDay", "missing_field", 'is required for fixed years: month and day, "01-01"');
    else if (!isMonthDay(startDay))
      wrong("startDay", "invalid_value", 'is not a month and a day that exist, as "MM-DD"');
    if (rolloverDay !== null && !isMonthDay(rolloverDay))
      wrong("rolloverDay", "invalid_value", 'is not a month and a day that exist, as "MM-DD"');
    if (rolloverDay !== null && rolloverDay === startDay)
      wrong("rolloverDay", "not_allowed", "is the start day: everybody would have the following year too");
  }
  if (unit === "month") {
    if (startDay !== null) wrong("startDay", "not_allowed", "is for fixed years only: months begin on their first day");
    if (rolloverDay !== null && !/^([2-9]|[12]\d|3[01])$/.test(rolloverDay))
      wrong("rolloverDay", "invalid_value", 'is not a day of the month from "2" to "31"');
  }
  return issues;
}

function isMonthDay(text: string): boolean {
  return isDate(`2000-${text}`);
}
