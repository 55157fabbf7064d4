/** What one can do with exchange rates: convert money as it was worth on a day. */
import * as z from "zod";
import type { InputIssue } from "../../errors.ts";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { PatchInput } from "../../kernel/entity/model.ts";
import type { WantedRate } from "../../kernel/plugin/provided.ts";
import { missingRates } from "../../kernel/repository/missing-rates.ts";
import { isDate } from "../../kernel/value/calendar.ts";
import { minorDigitsOf } from "../../kernel/value/currency.ts";
import type { Money } from "../../kernel/value/money.ts";
import { convertMoney, isMoney, type Ratio } from "../../kernel/value/ratio.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { findRates } from "./find-rates.ts";

export interface MoneyConversion {
  readonly money: Money;
  /** The currency wanted. */
  readonly to: string;
  /** The day whose rate converts. */
  readonly on: string;
}

export interface ExchangeRateOperations {
  /**
   * By the newest rate on or before the day, of either direction, else by way of the reporting currency; exact, and rounded once to the
   * minor unit, half to even.
   *
   * @throws `missing_rate`; `invalid_input`
   */
  convert(money: Money, by: { readonly to: string; readonly on: string }): Promise<Money>;
  /** Many, in their order, by three queries. @throws `missing_rate`, naming all that are missing; `invalid_input` */
  convertMany(conversions: readonly MoneyConversion[]): Promise<readonly Money[]>;
  /**
   * The rates themselves, in their order, as exact fractions, for figures that are rounded later: undefined where there is none. Three queries.
   *
   * @throws `invalid_input`
   */
  ratios(wanted: readonly WantedRate[]): Promise<readonly (Ratio | undefined)[]>;
}

export function exchangeRateOperations(context: DomainContext): ExchangeRateOperations {
  return {
    async convert(money, by) {
      const [converted] = await convertAll(context, [conversionOf({ ...by, money })]);
      return converted!;
    },
    convertMany(conversions) {
      const list: readonly unknown[] = Array.isArray(conversions) ? conversions : [conversions];
      return convertAll(context, list.map(conversionOf));
    },
    ratios(wanted) {
      const list: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted];
      return findRates(context, list.map(wantedRateOf));
    },
  };
}

async function convertAll(context: DomainContext, conversions: readonly MoneyConversion[]): Promise<readonly Money[]> {
  const wanted = conversions.map(({ money, to, on }) => ({ from: money.currency, to, on }));
  const ratios = await findRates(context, wanted);
  const missing = wanted.filter((_, i) => ratios[i] === undefined);
  if (missing.length > 0) throw missingRates(missing);
  return conversions.map(({ money, to }, i) => convertMoney(money, ratios[i]!, to));
}

const currency = z.string().refine((code) => minorDigitsOf(code) !== undefined, {
  message: "is not an ISO 4217 currency",
  params: { code: "unknown_currency" },
});

const day = z
  .string()
  .refine(isDate, { message: 'must be a day such as "2026-12-31"', params: { code: "invalid_date" } });

const wantedRateSchema = z.strictObject({ from: currency, to: currency, on: day });

function wantedRateOf(given: unknown, index: number): WantedRate {
  const parsed = wantedRateSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw invalidInput("exchangeRate", inputIssues(parsed.error.issues, given, index));
}

const conversionSchema = z.strictObject({
  money: z
    .strictObject({ amount: z.string(), currency: z.string() })
    .refine(isMoney, "is no amount of an ISO 4217 currency, with no more digits than its minor unit"),
  to: currency,
  on: day,
});

function conversionOf(given: unknown, index?: number): MoneyConversion {
  const parsed = conversionSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw invalidInput("exchangeRate", inputIssues(parsed.error.issues, given, index));
}

type Proposed = PatchInput<DomainModel, "exchangeRate"> & { readonly id: string };
type Own = Partial<Record<"baseCurrency" | "quoteCurrency", string>>;

/** Currencies of ISO 4217, and two different ones. */
export async function checkRates(
  _: DomainContext,
  batch: readonly { readonly input: Proposed; readonly before?: Own }[],
): Promise<void> {
  const issues = batch.flatMap(({ input, before }): InputIssue[] => {
    const unknown = (["baseCurrency", "quoteCurrency"] as const).flatMap((field) => {
      const code = input[field];
      if (code === undefined || minorDigitsOf(code) !== undefined) return [];
      return [{ field, code: "unknown_currency", message: `"${code}" is not an ISO 4217 currency` }];
    });
    if (unknown.length > 0) return unknown;
    const { baseCurrency, quoteCurrency } = { ...before, ...input };
    if (baseCurrency !== quoteCurrency) return [];
    return [{ field: "quoteCurrency", code: "not_allowed", message: `is the base currency itself, ${baseCurrency}` }];
  });
  if (issues.length > 0) throw invalidInput("exchangeRate", issues);
}
