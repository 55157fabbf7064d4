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

/** Opportunity forecasting, as `crm.forecasting`. */
export const forecasting = (): Forecasting => define();
