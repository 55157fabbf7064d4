/** What the kernel itself asks for where figures are made, and knows nothing of: exchange rates, and the tenant's calendar. */
import type { Ratio } from "../value/ratio.ts";

/** What one unit of `from` was worth in `to`, on a day. */
export interface WantedRate {
  readonly from: string;
  readonly to: string;
  readonly on: string;
}

/** A stretch of days: `until` is the last one. */
export interface CalendarPeriod {
  /** Names sort as their periods do. */
  readonly name: string;
  readonly from: string;
  readonly until: string;
}

export type FiscalBucket = "fiscal_year" | "fiscal_quarter" | "fiscal_month" | "fiscal_week";

/** How a tenant divides time. */
export interface TenantCalendar {
  /** A name of the IANA database. */
  readonly timeZone: string;
  /** Whether fiscal months, quarters and years are made of calendar months, so that groups by month are fine enough. */
  readonly ofMonths: boolean;
  /** The period that a day lies in. The periods of one bucket follow each other without gaps. */
  periodOf(bucket: FiscalBucket, day: string): CalendarPeriod;
}

/** What a plugin can give the kernel. Each is asked with a context of the reader's tenant, unit and instant. */
export interface Provided<C> {
  /** In the order of what is wanted; undefined where there is no rate. The currencies of each differ. */
  rates?(context: C, wanted: readonly WantedRate[]): Promise<readonly (Ratio | undefined)[]>;
  calendar?(context: C): Promise<TenantCalendar>;
}

export const providedParts = ["rates", "calendar"] as const satisfies readonly (keyof Provided<never>)[];
