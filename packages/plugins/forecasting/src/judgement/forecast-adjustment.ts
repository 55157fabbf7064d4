/** What somebody thinks that a figure of the forecast should be. History tells what was thought before. */
import {
  boolean,
  date,
  defineEntity,
  instant,
  integer,
  json,
  money,
  oneOf,
  reference,
  text,
} from "@relata/core/plugin";
import * as z from "zod";
import { forecastCredits, forecastMeasures, forecastMethods } from "../category/category.ts";

/** Pipeline and closed are what they are. */
export const adjustableCategories = ["best_case", "most_likely", "commit"] as const;
export type AdjustableCategory = (typeof adjustableCategories)[number];

/** What lay beneath: money by currency, or a number for the measure `count`. */
const beneathSchema = () =>
  z.union([z.number(), z.array(z.strictObject({ amount: z.string(), currency: z.string() })).readonly()]);

/**
 * One record for each figure and author, whatever its value has been: withdrawing it and making it again are versions of it. Nothing is
 * deleted when another method, measure or category is looked at.
 */
export const forecastAdjustment = defineEntity("forecastAdjustment", {
  plural: "forecastAdjustments",
  written: "operations",
  fields: {
    /** Whose figure. */
    userId: reference("user", { inverse: "forecastAdjustments", onDelete: "cascade" }),
    /** `owner`: the user's own judgement; `manager`: that of `byId`, who stood above when it was made. */
    kind: oneOf("owner", "manager"),
    byId: reference("user", { inverse: "forecastJudgements", onDelete: "cascade" }),
    /** Of a month or a quarter of the fiscal calendar: its first day. */
    periodUnit: oneOf("month", "quarter"),
    periodStart: date(),
    method: oneOf(...forecastMethods),
    measure: oneOf(...forecastMeasures),
    credit: oneOf(...forecastCredits),
    category: oneOf(...adjustableCategories),
    /** Of what is in this currency, and no other; empty: of the whole, as all numbers are. */
    currency: text({ maxLength: 3 }),
    /** `absolute`: replaces the figure, with all that lies beneath; `difference`: is added to it. */
    mode: oneOf("absolute", "difference"),
    /** Of a measure of money. */
    amount: money().optional(),
    /** Of the measure `count`. */
    number: integer().optional(),
    note: text({ maxLength: 2_000 }).optional(),
    /** When it was last made; making it again unchanged confirms it. */
    judgedAt: instant(),
    /** The figure that it was made of, as of `judgedAt`. */
    beneath: json(beneathSchema),
    withdrawn: boolean(),
  },
  unique: [
    [
      ...(["userId", "kind", "byId", "periodUnit", "periodStart", "method", "measure", "credit"] as const),
      ...(["category", "currency"] as const),
    ],
  ],
  indexes: [["periodUnit", "periodStart"]],
});
