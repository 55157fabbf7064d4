/** What somebody thinks that a figure of the forecast should be. History tells what was thought before. */
import { boolean, date, defineEntity, integer, money, oneOf, reference, text } from "@relata/core/plugin";
import { forecastMeasures } from "../category/category.ts";

export const forecastAdjustment = defineEntity("forecastAdjustment", {
  plural: "forecastAdjustments",
  written: "operations",
  fields: {
    /** Whose figure. */
    userId: reference("user", { inverse: "forecastAdjustments", onDelete: "cascade" }),
    /** `owner`: the user's own judgement; `manager`: that of `byId`, who stands above. */
    kind: oneOf("owner", "manager"),
    byId: reference("user", { inverse: "forecastJudgements" }),
    /** Of a month or a quarter of the fiscal calendar: its first day. */
    periodUnit: oneOf("month", "quarter"),
    periodStart: date(),
    method: oneOf("cumulative", "single"),
    measure: oneOf(...forecastMeasures),
    category: oneOf("best_case", "most_likely", "commit"),
    /** `absolute`: replaces the figure, with all that lies beneath; `difference`: is added to it. */
    mode: oneOf("absolute", "difference"),
    /** Of a measure of money; its currency is that of the figure. */
    amount: money().optional(),
    /** Of the measure `count`. */
    number: integer().optional(),
    note: text({ maxLength: 2_000 }).optional(),
    withdrawn: boolean().default(false),
  },
  indexes: [["periodUnit", "periodStart"]],
});
