/** What one can do with settings: read them, filled in, and change some of them. */
import * as z from "zod";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { TenantCalendar } from "../../kernel/plugin/provided.ts";
import { type Weekday, weekdays } from "../../kernel/value/calendar.ts";
import { minorDigitsOf } from "../../kernel/value/currency.ts";
import { dayIn, isTimeZone } from "../../kernel/value/time-zone.ts";
import {
  type CalendarSettings,
  type FiscalCalendar,
  fiscalCalendarSchema,
  fiscalPeriodOf,
} from "../calendar/fiscal-calendar.ts";
import type { DomainContext } from "../domain-model.ts";

export interface Settings extends CalendarSettings {
  /** An ISO 4217 code, or null where none has been chosen. */
  readonly reportingCurrency: string | null;
  /** A name of the IANA database: where the organisation's days begin and end. */
  readonly timeZone: string;
  readonly weekStart: Weekday;
  readonly fiscalCalendar: FiscalCalendar;
}

export interface SettingsOperations {
  /** What holds now, or, by a handle of the past, what held then: no currency, UTC, Monday and calendar years, unless changed. */
  current(): Promise<Settings>;
  /** The organisation's day: that of the clock, in the tenant's time zone. */
  today(): Promise<string>;
  /** Changes those that are given. @throws `invalid_input`, naming each wrong field. */
  change(changes: Partial<Settings>): Promise<Settings>;
}

const defaultSettings: Settings = {
  reportingCurrency: null,
  timeZone: "UTC",
  weekStart: "monday",
  fiscalCalendar: { kind: "months", startMonth: 1, namedBy: "start" },
};

const changesSchema = z.strictObject({
  reportingCurrency: z
    .string()
    .refine((code) => minorDigitsOf(code) !== undefined, {
      message: "is not an ISO 4217 currency",
      params: { code: "unknown_currency" },
    })
    .nullable()
    .optional(),
  timeZone: z
    .string()
    .refine(isTimeZone, {
      message: 'is no time zone of the IANA database, such as "Europe/Berlin"',
      params: { code: "unknown_time_zone" },
    })
    .optional(),
  weekStart: z.enum(weekdays).optional(),
  fiscalCalendar: fiscalCalendarSchema().optional(),
});

export function settingsOperations(context: DomainContext): SettingsOperations {
  return {
    current: () => currentSettings(context),
    today: () => today(context),
    change: (changes) => changeSettings(context, changes),
  };
}

/** One query. */
export async function currentSettings(context: DomainContext): Promise<Settings> {
  const row = await context.settings.find({ where: { scope: "tenant" } });
  if (!row) return defaultSettings;
  const { reportingCurrency, timeZone, weekStart, fiscalCalendar } = row;
  return { reportingCurrency, timeZone, weekStart, fiscalCalendar };
}

/** The settings as figures are grouped by them. */
export function tenantCalendar(settings: Settings): TenantCalendar {
  const units = { fiscal_year: "year", fiscal_quarter: "quarter", fiscal_month: "month", fiscal_week: "week" } as const;
  return {
    timeZone: settings.timeZone,
    ofMonths: settings.fiscalCalendar.kind === "months",
    periodOf: (bucket, day) => fiscalPeriodOf(settings, units[bucket], day),
  };
}

/** The organisation's day: that of the context's instant in the tenant's time zone. One query. */
export async function today(context: DomainContext): Promise<string> {
  const { timeZone } = await currentSettings(context);
  return dayIn(context.now(), timeZone);
}

async function changeSettings(context: DomainContext, changes: Partial<Settings>): Promise<Settings> {
  const parsed = changesSchema.safeParse(changes);
  if (!parsed.success) throw invalidInput("settings", inputIssues(parsed.error.issues, changes));
  const given = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
  const patch: Partial<Settings> = Object.fromEntries(given);
  return context.transaction(async (tx) => {
    await tx.lock("settings");
    const row = await tx.settings.find({ where: { scope: "tenant" } });
    if (row) await tx.settings.update(row.id, patch);
    else await tx.settings.create({ ...defaultSettings, ...patch });
    return currentSettings(tx);
  });
}
