/** What figures of the flow through the pipeline are asked by, and the instants between which a stretch of days lies. */
import { addDays, invalidInput, isDate, timeZoneOf } from "@relata/core/plugin";
import * as z from "zod";
import type { ForecastingContext } from "../parts.ts";
import { type AskedScope, askScope, type ScopeQuery, scopeFields } from "../roll-up/ask-forecast.ts";
import { creditedTo } from "../roll-up/credit.ts";
import { scopedUsers } from "../roll-up/forecast.ts";

/** Which opportunities, and as of when. `under` takes those whose owner is this user, or somebody below. */
export type FlowScope = Pick<ScopeQuery, "asOf" | "where" | "under" | "pipeline">;

const { asOf, where, under, pipeline, convert } = scopeFields;
export const flowFields = { asOf, where, under, pipeline };
export const convertField = { convert };

const day = z
  .string()
  .refine(isDate, { message: 'must be a day such as "2026-12-31"', params: { code: "invalid_date" } });
export const dayFields = { from: day, to: day };

/** Days on the organisation's calendar, both included. */
export interface Days {
  readonly from: string;
  readonly until: string;
}

export interface AskedFlow {
  readonly asked: AskedScope;
  readonly days: Days;
  /** The first instant of the days. */
  readonly start: Date;
  /** As of the last instant of the days; of days that have not ended, as of the instant that is asked for. */
  readonly atEnd: ForecastingContext;
}

/** @throws `invalid_input` for days that have not begun; `not_found` */
export async function askFlow(
  context: ForecastingContext,
  query: string,
  { field, scope, days }: { readonly field: string; readonly scope: ScopeQuery; days(asked: AskedScope): Days },
): Promise<AskedFlow> {
  const asked = await askScope(context, query, scope);
  const found = days(asked);
  const zone = timeZoneOf(asked.settings.timeZone);
  const start = new Date(zone.startOf(found.from));
  const now = asked.at.now();
  if (start > now) {
    const message = `begins on ${found.from}, which is later than the day that is asked for, ${asked.today}`;
    throw invalidInput(query, [{ field, code: "out_of_range", message }]);
  }
  const end = new Date(zone.startOf(addDays(found.until, 1)) - 1);
  return { asked, days: found, start, atEnd: end < now ? asked.at.asOf(end) : asked.at };
}

/** Which opportunities, as of an instant: who is below `under` is who was then. @throws `not_found` */
export async function scopedAt({ where, under }: AskedScope, at: ForecastingContext): Promise<object> {
  return { and: [where, creditedTo("owner", await scopedUsers({ at, under }))] };
}
