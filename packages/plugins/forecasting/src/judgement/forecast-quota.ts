/** What a user or a team is to win in a period. */
import { date, defineEntity, integer, money, oneOf, reference } from "@relata/core/plugin";
import { forecastMeasures } from "../category/category.ts";

export const forecastQuota = defineEntity("forecastQuota", {
  plural: "forecastQuotas",
  written: "operations",
  fields: {
    /** One of the two. */
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
  indexes: [["periodUnit", "periodStart"]],
});
