/** What reports are asked for, checked: the days of a period, and the instants between which they lie. */
import * as z from "zod";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import { addDays, isDate } from "../../kernel/value/calendar.ts";
import { timeZoneOf } from "../../kernel/value/time-zone.ts";
import type { PipelinedContext } from "../pipeline/pipelined-context.ts";

/** Days on the organisation's calendar, both included. */
export interface ReportPeriod {
  /** "YYYY-MM-DD" */
  readonly from: string;
  readonly to: string;
}

const day = z.string().refine(isDate, "is not a day that exists, as YYYY-MM-DD");
export const periodFields = { from: day, to: day };
/** Conditions are checked where they are compiled. */
export const whereField = { where: z.unknown().optional() };

/** The query as it was given. @throws `invalid_input`, naming the report and each wrong field. */
export function checkedQuery<T>(report: string, schema: z.ZodType, query: T): T {
  const parsed = schema.safeParse(query);
  if (!parsed.success) throw invalidInput(report, inputIssues(parsed.error.issues, query));
  const { from, to } = query as Partial<ReportPeriod>;
  if (from !== undefined && to !== undefined && to < from) {
    const message = `is ${to}, which is before the period begins`;
    throw invalidInput(report, [{ field: "to", code: "out_of_range", message }]);
  }
  return query;
}

/** The instants of a period, from the start of its first day to the start of the day after its last, as a condition. */
export async function instantsOf(
  context: PipelinedContext,
  { from, to }: ReportPeriod,
): Promise<{ readonly gte: Date; readonly lt: Date }> {
  const zone = timeZoneOf((await context.settings()).timeZone);
  return { gte: new Date(zone.startOf(from)), lt: new Date(zone.startOf(addDays(to, 1))) };
}
