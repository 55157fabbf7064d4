/** What the plugin brings, apart from its rules: they take the context that follows from it. */
import { type ContextOf, oneOf } from "@relata/core/plugin";
import { openCategories } from "./category/category.ts";
import { hierarchiesPlugin } from "./hierarchies-plugin.ts";
import { forecastAdjustment } from "./judgement/forecast-adjustment.ts";
import { forecastQuota } from "./judgement/forecast-quota.ts";

export const parts = {
  optional: [hierarchiesPlugin],
  entities: [forecastAdjustment, forecastQuota],
  extend: {
    /** What open opportunities in the stage count as; what is won is closed, what is lost is omitted. Written by `setCategories`. */
    stage: {
      forecastCategory: oneOf(...openCategories)
        .optional()
        .written("operations"),
    },
    /** What this one counts as instead of what its stage says, until its next move. */
    opportunity: { forecastCategory: oneOf(...openCategories).optional() },
  },
  indexes: {
    // All that a forecast adds up, so that it need not look at the rows.
    opportunity: [
      ["status", "expectedCloseDate", "archivedAt", "ownerId", "stageId", "forecastCategory", "amount"],
      ["status", "actualCloseDate", "archivedAt", "ownerId", "amount"],
    ],
  },
  errors: {
    hierarchies_missing:
      'Accounts are rolled up along the plugin "hierarchies", which is not installed: install it, or roll up by "accountId".',
    adjustment_not_above:
      'User "{byId}" neither is "{userId}" nor stands above in the manager tree: only these may do that. Check users.managerId, or name another `by`.',
    stage_without_category:
      "Stages {stages} of pipeline {pipeline} have no forecast category: give each one with forecasting.setCategories.",
  },
} as const;

export type ForecastingContext = ContextOf<typeof parts>;
