/** The periods that a forecast is asked for: months and quarters of the tenant's fiscal calendar. */
import {
  type CalendarSettings,
  CrmError,
  type FiscalPeriod,
  fiscalPeriod,
  fiscalPeriodOf,
  invalidInput,
  shiftFiscalPeriod,
} from "@relata/core/plugin";
import * as z from "zod";

/**
 * A month, a quarter or a year by its name in the fiscal calendar ("2026-12", "2026-Q4", "2026"; of other than calendar years "FY2026-P12", …),
 * or all from one of them to another.
 */
export type PeriodQuery = string | { readonly from: string; readonly to: string };

/** What each column of a forecast is. */
export type PeriodUnit = "month" | "quarter";

export interface ForecastPeriod {
  readonly unit: PeriodUnit;
  readonly name: string;
  readonly from: string;
  /** The last day. */
  readonly until: string;
}

/** A month, and the column that it belongs to. */
export interface AskedMonth {
  readonly name: string;
  readonly from: string;
  readonly until: string;
  readonly column: number;
}

export interface AskedPeriods {
  /** In order, without gaps. */
  readonly columns: readonly ForecastPeriod[];
  readonly months: readonly AskedMonth[];
  readonly from: string;
  readonly until: string;
}

/** No name of a period is longer. */
const name = z.string().min(1).max(40);
export const periodFields = {
  period: z.union([name, z.strictObject({ from: name, to: name })], {
    error: 'must be the name of a month, a quarter or a year such as "2026-Q4", or { from, to } with two such names',
  }),
  by: z.enum(["month", "quarter"]).optional(),
};

const MOST_COLUMNS = 400;

/** @throws `invalid_input`, naming the query and the field. */
export function askedPeriods(
  settings: CalendarSettings,
  { query, period, by }: { readonly query: string; readonly period: PeriodQuery; readonly by?: PeriodUnit | undefined },
): AskedPeriods {
  const refuse = (field: string, message: string) => invalidInput(query, [{ field, code: "not_allowed", message }]);
  const named = (field: string, text: string) => {
    const found = periodNamed(settings, text);
    if (!found) throw refuse(field, `is "${text}", which names no period of the fiscal calendar: ${likeOf(settings)}`);
    if (found.unit === "week") throw refuse(field, `is "${text}", a week: forecasts are of months, quarters and years`);
    return found;
  };
  const [fromField, toField] = typeof period === "string" ? ["period", "period"] : ["period.from", "period.to"];
  const { from, to } = typeof period === "string" ? { from: period, to: period } : period;
  const [first, last] = [named(fromField, from), named(toField, to)];
  if (last.until < first.from) throw refuse(toField, `is "${to}", which is before "${from}"`);
  const ofMonths = first.unit === "month" || last.unit === "month";
  const unit = by ?? (ofMonths ? "month" : "quarter");
  if (unit === "quarter" && ofMonths)
    throw refuse("by", "is quarters, and the period is of months: name quarters or years, or leave it out");
  const columns = spanned(settings, unit, [first.from, last.until]);
  if (!columns) throw refuse("period", `has more than ${MOST_COLUMNS} columns: ask for fewer, or for quarters`);
  return { columns, months: monthsOf(settings, columns), from: first.from, until: last.until };
}

/** Undefined for what names none. */
export function periodNamed(settings: CalendarSettings, text: string): FiscalPeriod | undefined {
  try {
    return fiscalPeriod(settings, text);
  } catch (error) {
    if (CrmError.is(error, "invalid_input")) return undefined;
    throw error;
  }
}

function likeOf(settings: CalendarSettings): string {
  const examples = (["month", "quarter", "year"] as const).map(
    (unit) => `"${fiscalPeriodOf(settings, unit, "2026-12-15").name}"`,
  );
  return `its names are like ${examples.join(", ")}`;
}

/** Undefined where there are too many. */
function spanned(
  settings: CalendarSettings,
  unit: PeriodUnit,
  [from, until]: readonly [string, string],
): readonly ForecastPeriod[] | undefined {
  const columns: ForecastPeriod[] = [];
  for (let at = fiscalPeriodOf(settings, unit, from); ; at = shiftFiscalPeriod(settings, at, 1)) {
    if (columns.length === MOST_COLUMNS) return undefined;
    columns.push({ unit, name: at.name, from: at.from, until: at.until });
    if (at.until >= until) return columns;
  }
}

function monthsOf(settings: CalendarSettings, columns: readonly ForecastPeriod[]): readonly AskedMonth[] {
  return columns.flatMap(({ from, until }, column) => {
    const months = spanned(settings, "month", [from, until])!;
    return months.map((month) => ({ name: month.name, from: month.from, until: month.until, column }));
  });
}
