/** The plugin on one screen: what it brings, and where each rule stands. */
import { definePlugin, loadedFunctions } from "@relata/core/plugin";
import { categoryServices } from "./category/category-services.ts";
import { clearOverride } from "./category/clear-override.ts";
import { changeServices } from "./changes/change-services.ts";
import { flowServices } from "./flow/flow-services.ts";
import { judgementServices } from "./judgement/judgement-services.ts";
import { type ForecastingContext, parts } from "./parts.ts";
import type { PredictionServices } from "./prediction/prediction-services.ts";
import { rollUpServices } from "./roll-up/roll-up-services.ts";

const predictionServices = loadedFunctions<ForecastingContext, PredictionServices>(
  { predict: true, backtest: true },
  async () => (await import("./prediction/prediction-services.ts")).predictionServices,
);

const define = () =>
  definePlugin({
    id: "forecasting",
    version: "1.0.0",
    ...parts,
    hooks: { opportunity: { before: clearOverride } },
    services: (context) => ({
      ...categoryServices(context),
      ...rollUpServices(context),
      ...changeServices(context),
      ...flowServices(context),
      ...predictionServices(context),
      ...judgementServices(context),
    }),
  });

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface Forecasting extends Named<ReturnType<typeof define>> {}

/**
 * Opportunity forecasting, as `crm.forecasting`. Nothing is stored for it but adjustments and quotas, and no job runs: all of it is read from
 * opportunities, stages, users and their history.
 *
 * @example
 * ```ts run as forecasting
 * import { createCrm } from "@relata/core";
 * import { forecasting } from "@relata/forecasting";
 * import { memory } from "@relata/memory";
 *
 * const crm = await createCrm({
 *   storage: memory(),
 *   plugins: [forecasting()],
 *   clock: () => Date.parse("2026-11-02T09:00:00Z"),
 * });
 * await crm.users.create({ id: "mona", name: "Mona" });
 * await crm.users.create({ id: "rita", name: "Rita", managerId: "mona" });
 * await crm.opportunities.create({
 *   name: "Rollout",
 *   ownerId: "rita",
 *   amount: { amount: "100.00", currency: "EUR" },
 *   expectedCloseDate: "2026-12-15",
 *   forecastCategory: "commit",
 * });
 * const outlook = await crm.forecasting.forecast({ period: "2026-Q4" });
 * console.log(outlook.total[0]!.commit); // [{ amount: "100.00", currency: "EUR" }]
 * ```
 */
export const forecasting = (): Forecasting => define();
