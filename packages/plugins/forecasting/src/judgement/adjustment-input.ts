/** What adjustments, and questions for them, are checked by; and an adjustment as it is told. */
import type { Money } from "@relata/core/plugin";
import * as z from "zod";
import type { ForecastCredit, ForecastMeasure, ForecastMethod } from "../category/category.ts";
import { forecastCredits, forecastMeasures, forecastMethods } from "../category/category.ts";
import type { ForecastingContext } from "../parts.ts";
import { type AdjustableCategory, adjustableCategories } from "./forecast-adjustment.ts";
import { type PeriodInput, periodSchema } from "./judged-period.ts";
import { userSchema, valueFields } from "./value-input.ts";

export const ADJUSTMENT = "forecastAdjustment";

export interface AdjustmentInput {
  /** Whose figure. */
  readonly userId: string;
  /** Who says so: the user, or somebody above. The actor, unless given. */
  readonly by?: string | undefined;
  /** Follows from `by`; where given, it must agree. */
  readonly kind?: "owner" | "manager" | undefined;
  /** It belongs to this month or quarter alone: those of months are no part of their quarter. */
  readonly period: PeriodInput;
  /** "cumulative" unless given. */
  readonly method?: ForecastMethod | undefined;
  /** "amount" unless given. */
  readonly measure?: ForecastMeasure | undefined;
  /** "owner" unless given. */
  readonly credit?: ForecastCredit | undefined;
  readonly category: AdjustableCategory;
  /** `absolute`, unless given: it replaces the figure; `difference`: it is added. */
  readonly mode?: "absolute" | "difference" | undefined;
  /** Of a measure of money: of what is in its currency. */
  readonly amount?: Money | undefined;
  /** Of the measure `count`. */
  readonly number?: number | undefined;
  /**
   * `amount` is of the whole figure, in whatever currency it is, and not of what is in the currency of `amount` alone: it counts where the
   * forecast is asked for converted. All numbers are of the whole.
   */
  readonly whole?: boolean | undefined;
  readonly note?: string | undefined;
}

export interface WithdrawInput {
  readonly id: string;
  /** Who withdraws it: its author, or somebody above the author. The actor, unless given. */
  readonly by?: string | undefined;
  readonly note?: string | undefined;
}

/** Pipeline and closed are what they are. */
const categorySchema = z
  .string()
  .refine(
    (category): category is AdjustableCategory => (adjustableCategories as readonly string[]).includes(category),
    {
      message: `cannot be adjusted: only ${adjustableCategories.join(", ")} can`,
      params: { code: "not_allowed" },
    },
  );

const slotFields = {
  method: z.enum(forecastMethods),
  measure: z.enum(forecastMeasures),
  credit: z.enum(forecastCredits),
};

const noteSchema = z.string().max(2_000, "has more than 2,000 characters").optional();

export const adjustmentSchema = z.strictObject({
  userId: userSchema,
  by: userSchema.optional(),
  kind: z.enum(["owner", "manager"]).optional(),
  period: periodSchema,
  method: slotFields.method.default("cumulative"),
  measure: slotFields.measure.default("amount"),
  credit: slotFields.credit.default("owner"),
  category: categorySchema,
  mode: z.enum(["absolute", "difference"]).default("absolute"),
  ...valueFields,
  whole: z.boolean().default(false),
  note: noteSchema,
});

export const withdrawSchema = z.strictObject({ id: userSchema, by: userSchema.optional(), note: noteSchema });

export const adjustmentsSchema = z.strictObject({
  period: periodSchema,
  userId: userSchema.optional(),
  byId: userSchema.optional(),
  under: userSchema.optional(),
  method: slotFields.method.optional(),
  measure: slotFields.measure.optional(),
  credit: slotFields.credit.optional(),
  category: categorySchema.optional(),
  withdrawn: z.enum(["exclude", "include"]).default("exclude"),
  asOf: z.date().optional(),
});

export type AdjustmentRecord = Awaited<ReturnType<ForecastingContext["forecastAdjustments"]["update"]>>;

/** An adjustment as it stands. */
export interface Adjustment
  extends Pick<
    AdjustmentRecord,
    "id" | "userId" | "kind" | "byId" | "method" | "measure" | "credit" | "category" | "mode" | "amount" | "number"
  > {
  /** The name of its period; null where the fiscal calendar has none any more. */
  readonly period: string | null;
  readonly whole: boolean;
  readonly note: string | null;
  readonly judgedAt: Date;
  /** What it was made of, as of `judgedAt`: by currency, or a number for the measure `count`. */
  readonly beneath: number | readonly Money[];
  readonly withdrawn: boolean;
}

export function adjustmentOf(record: AdjustmentRecord, period: string | null): Adjustment {
  const { id, userId, kind, byId, method, measure, credit, category, mode, amount, number } = record;
  const { currency, note, judgedAt, beneath, withdrawn } = record;
  return {
    ...{ id, userId, kind, byId, period, method, measure, credit, category, mode, amount, number },
    ...{ whole: currency === "", note, judgedAt, beneath, withdrawn },
  };
}
