/** What a forecast is asked for, checked, with what the tenant's settings fill in. */
import { CrmError, dayIn, inputIssues, invalidInput, isDate, minorDigitsOf } from "@relata/core/plugin";
import * as z from "zod";
import {
  type ForecastCredit,
  type ForecastMeasure,
  type ForecastMethod,
  forecastCredits,
  forecastMeasures,
  forecastMethods,
} from "../category/category.ts";
import type { ForecastingContext } from "../parts.ts";
import {
  type AskedPeriods,
  askedPeriods,
  type PeriodQuery,
  type PeriodUnit,
  periodFields,
} from "../period/asked-periods.ts";
import type { Conversion } from "./figure.ts";

/** What every figure of the plugin is asked by. */
export interface ScopeQuery {
  /** The instant whose opportunities, owners, managers, stages, settings and rates count; the handle's own, unless given. */
  readonly asOf?: Date | undefined;
  /** `amount`, unless said: all of it; its one-time part; what recurs in a year; the number of opportunities. */
  readonly measure?: ForecastMeasure | undefined;
  /** `owner`, unless said. By `revenue`, an opportunity without revenue splits counts for its owner. */
  readonly credit?: ForecastCredit | undefined;
  /**
   * `cumulative`, unless said: `pipeline` is all that is open, and each other category is added up with those that are surer. `single`: each
   * category alone.
   */
  readonly method?: ForecastMethod | undefined;
  /**
   * Into one currency: the tenant's reporting currency, by the rates of the organisation's day of the instant, unless given. Each figure is
   * exact, and rounded once.
   */
  readonly convert?: { readonly in?: string | undefined; readonly on?: string | undefined } | undefined;
  /** Which opportunities, as in a list of them. */
  readonly where?: object | undefined;
  /** Only what counts for this user, or for somebody below. */
  readonly under?: string | undefined;
  /** The key of a pipeline; of all pipelines, unless given. */
  readonly pipeline?: string | undefined;
}

export interface PeriodScopeQuery extends ScopeQuery {
  readonly period: PeriodQuery;
  /** What each column is: what the period is made of, unless given. */
  readonly by?: PeriodUnit | undefined;
}

/** Of what figures are. */
export interface AskedScope {
  /** Of the instant that is asked for. */
  readonly at: ForecastingContext;
  readonly query: string;
  readonly settings: Awaited<ReturnType<ForecastingContext["settings"]["current"]>>;
  /** The organisation's day of the instant. */
  readonly today: string;
  readonly measure: ForecastMeasure;
  readonly credit: ForecastCredit;
  readonly method: ForecastMethod;
  readonly convert: Conversion | undefined;
  /** Which opportunities, whoever they count for. */
  readonly where: object;
  readonly under: string | undefined;
}

export interface AskedPeriodScope extends AskedScope {
  readonly periods: AskedPeriods;
}

const text = z.string().min(1);
export const scopeFields = {
  asOf: z.date().optional(),
  measure: z.enum(forecastMeasures).optional(),
  credit: z.enum(forecastCredits).optional(),
  method: z.enum(forecastMethods).optional(),
  convert: z
    .strictObject({
      in: z
        .string()
        .refine((code) => minorDigitsOf(code) !== undefined, {
          message: "is not an ISO 4217 currency",
          params: { code: "unknown_currency" },
        })
        .optional(),
      on: z
        .string()
        .refine(isDate, { message: 'must be a day such as "2026-12-31"', params: { code: "invalid_date" } })
        .optional(),
    })
    .optional(),
  where: z.record(z.string(), z.unknown()).optional(),
  under: text.optional(),
  pipeline: text.optional(),
};

export const periodScopeFields = { ...scopeFields, ...periodFields };

/** The query as a shape has it. @throws `invalid_input`, naming the query and each wrong field */
export function checkedQuery<T>(query: string, schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw invalidInput(query, inputIssues(parsed.error.issues, given));
}

/** @throws `not_found` for the pipeline; `invalid_input` where there is nothing to convert into, or nothing to convert */
export async function askScope(
  context: ForecastingContext,
  query: string,
  {
    asOf,
    measure = "amount",
    credit = "owner",
    method = "cumulative",
    convert,
    where = {},
    under,
    pipeline,
  }: ScopeQuery,
): Promise<AskedScope> {
  const at = asOf === undefined ? context : context.asOf(asOf);
  const settings = await at.settings.current();
  const today = dayIn(at.now(), settings.timeZone);
  if (convert && measure === "count")
    throw refused(query, "convert", "is for amounts, and numbers of opportunities have no currency");
  const currency = convert?.in ?? settings.reportingCurrency;
  if (convert && currency === null)
    throw refused(query, "convert.in", "is required: the tenant's settings have no reporting currency");
  const conversion = convert && { in: currency!, on: convert.on ?? today };
  const inPipeline = pipeline === undefined ? {} : { pipelineId: await pipelineIdOf(at, pipeline) };
  const scope = { at, query, settings, today, measure, credit, method, under };
  return { ...scope, convert: conversion, where: { and: [inPipeline, where] } };
}

export async function askPeriodScope(
  context: ForecastingContext,
  query: string,
  { period, by, ...scope }: PeriodScopeQuery,
): Promise<AskedPeriodScope> {
  const asked = await askScope(context, query, scope);
  return { ...asked, periods: askedPeriods(asked.settings, { query, period, by }) };
}

async function pipelineIdOf(context: ForecastingContext, key: string): Promise<string> {
  const found = await context.pipelines.find({ where: { entityType: "opportunity", key }, archived: "include" });
  if (found) return found.id;
  throw new CrmError("not_found", `There is no pipeline "${key}" of opportunities.`, {
    details: { entity: "pipeline", field: "pipeline", key },
  });
}

function refused(query: string, field: string, message: string): CrmError {
  return invalidInput(query, [{ field, code: "not_allowed", message }]);
}
