import { expectTypeOf, it } from "vitest";
import type { HorizonBacktest } from "../backtest/backtest.ts";
import type { Changes } from "../changes/changes.ts";
import type { OwnerPrediction, PredictedAmounts } from "../prediction/prediction.ts";
import type { Forecast } from "../roll-up/line.ts";
import type { DrawnBacktest, PredictionFan } from "./fan.ts";
import type { DrawnForecast } from "./forecast-rows.ts";
import type { DrawnChanges } from "./waterfall-bars.ts";

it("takes what `forecast`, `changes`, `predict` and `backtest` answer as it is", () => {
  expectTypeOf<Forecast>().toExtend<DrawnForecast>();
  expectTypeOf<Changes>().toExtend<DrawnChanges>();
  expectTypeOf<PredictedAmounts>().toExtend<PredictionFan["ahead"][number]["amounts"]>();
  expectTypeOf<OwnerPrediction>().toExtend<PredictionFan["ahead"][number]["amounts"]>();
  expectTypeOf<HorizonBacktest>().toExtend<DrawnBacktest>();
});
