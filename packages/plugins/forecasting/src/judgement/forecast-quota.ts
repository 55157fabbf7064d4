/** What a user or a team is to win in a period: at most one for each of them, period and measure. */
import { date, defineEntity, integer, money, oneOf, reference } from "@relata/core/plugin";
import { forecastMeasures } from "../category/category.ts";

export const forecastQuota = defineEntity("forecastQuota", {
  plural: "forecastQuotas",
  written: "operations",
  fields: {
    /** One of the two. Of a user: with all that those below win. */
    userId: reference("user", { inverse: "forecastQuotas", onDelete: "cascade" }).optional(),
    teamId: reference("team", { inverse: "forecastQuotas", onDelete: "cascade" }).optional(),
    /** Of a month or a quarter of the fiscal calendar: its first day. */
    periodUnit: oneOf("month", "quarter"),
    periodStart: date(),
    measure: oneOf(...forecastMeasures),
    amount: money().optional(),
    /** Of the measure `count`. */
    number: integer({ min: 0 }).optional(),
  },
  unique: [
    ["userId", "periodUnit", "periodStart", "measure"],
    ["teamId", "periodUnit", "periodStart", "measure"],
  ],
  indexes: [["periodUnit", "periodStart"]],
});
