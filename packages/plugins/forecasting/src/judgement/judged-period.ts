/** The period that something is said of: a month or a quarter of the fiscal calendar, whole. */
import { type CalendarSettings, type FiscalPeriod, fiscalPeriodOf, invalidInput, isDate } from "@relata/core/plugin";
import * as z from "zod";
import { periodNamed } from "../period/asked-periods.ts";

/** The name of a month or a quarter ("2026-Q4"), or its unit and first day. */
export type PeriodInput = string | { readonly unit: "month" | "quarter"; readonly start: string };

export const periodSchema = z.union(
  [
    z.string().min(1),
    z.strictObject({
      unit: z.enum(["month", "quarter"]),
      start: z.string().refine(isDate, { message: "is not a day that exists, as YYYY-MM-DD" }),
    }),
  ],
  {
    error:
      'must be the name of a month or a quarter such as "2026-Q4", or { unit, start } with one of them and its first day',
  },
);

export interface StoredPeriod {
  readonly periodUnit: "month" | "quarter";
  readonly periodStart: string;
}

/** @throws `invalid_input` for what is no month or quarter of the calendar, and for a day inside of one */
export function judgedPeriod(
  settings: CalendarSettings,
  given: PeriodInput,
  entity: string,
): StoredPeriod & { readonly period: FiscalPeriod & { readonly unit: "month" | "quarter" } } {
  const period = typeof given === "string" ? named(settings, given, entity) : begun(settings, given, entity);
  const { unit } = period;
  if (unit !== "month" && unit !== "quarter")
    throw refused(entity, `is "${period.name}", a ${unit}: forecasts are of months and quarters`);
  return { periodUnit: unit, periodStart: period.from, period: { ...period, unit } };
}

/** The name of a stored period; null where the fiscal calendar has none that begins so any more. */
export function periodName(settings: CalendarSettings, { periodUnit, periodStart }: StoredPeriod): string | null {
  const period = fiscalPeriodOf(settings, periodUnit, periodStart);
  return period.from === periodStart ? period.name : null;
}

function named(settings: CalendarSettings, name: string, entity: string): FiscalPeriod {
  const period = periodNamed(settings, name);
  if (period) return period;
  const example = fiscalPeriodOf(settings, "quarter", "2026-10-01").name;
  throw refused(entity, `is "${name}", which names no period of the fiscal calendar: its names are like "${example}"`);
}

function begun(
  settings: CalendarSettings,
  { unit, start }: { readonly unit: "month" | "quarter"; readonly start: string },
  entity: string,
): FiscalPeriod {
  const period = fiscalPeriodOf(settings, unit, start);
  if (period.from === start) return period;
  const message = `starts on ${start}, inside of ${period.name}: the first day of that ${unit} is ${period.from}`;
  throw refused(entity, message);
}

function refused(entity: string, message: string): Error {
  return invalidInput(entity, [{ field: "period", code: "not_allowed", message }]);
}
