/** In which currency a board or a report adds up amounts, where it is to be one. */
import * as z from "zod";
import { invalidInput } from "../../kernel/entity/input-issues.ts";
import { minorDigitsOf } from "../../kernel/value/currency.ts";
import type { Money } from "../../kernel/value/money.ts";
import { dayIn } from "../../kernel/value/time-zone.ts";
import type { PipelinedContext } from "../pipeline/pipelined-context.ts";
import { hasField } from "../pipeline/pipelined-entity.ts";

/** As `in` and `on` of `sum`: each amount by the rate of a day, added up exactly, and rounded once. */
export interface ReportedCurrency {
  /** ISO 4217; the tenant's reporting currency, unless given. */
  readonly in?: string;
  /** The day whose rates convert, or a date field of the record that has it; the organisation's present day, unless given. */
  readonly on?: string;
}

export const convertField = {
  convert: z.strictObject({ in: z.string().optional(), on: z.string().optional() }).optional(),
};

/**
 * What is not given, filled in, by one query at most. @throws `invalid_input` for an entity without amounts, and where the tenant has no
 * reporting currency
 */
export async function currencyOf(
  context: PipelinedContext,
  report: string,
  convert: ReportedCurrency,
): Promise<Required<ReportedCurrency>> {
  const { entity } = context;
  if (!hasField(entity, "amount")) {
    const message = `is not for ${entity.plural}, which have no amount`;
    throw invalidInput(report, [{ field: "convert", code: "not_allowed", message }]);
  }
  const { in: given, on } = convert;
  if (given !== undefined && on !== undefined) return { in: given, on };
  const { reportingCurrency, timeZone } = await context.settings();
  const currency = given ?? reportingCurrency;
  if (currency === null) {
    const message = "is required: the tenant's settings have no reporting currency";
    throw invalidInput(report, [{ field: "convert.in", code: "missing_field", message }]);
  }
  return { in: currency, on: on ?? dayIn(context.now(), timeZone) };
}

export function noMoney(currency: string): Money {
  return { amount: (0).toFixed(minorDigitsOf(currency)), currency };
}
