/** Prediction and back-test, loaded when they are first asked for. */

import type { Backtest } from "../backtest/backtest.ts";
import { type BacktestQuery, runBacktest } from "../backtest/run-backtest.ts";
import type { ForecastingContext } from "../parts.ts";
import { type PredictQuery, predict } from "./predict.ts";
import type { Prediction } from "./prediction.ts";

export interface PredictionServices {
  /**
   * What will be won in a period, from the tenant's own history: the chance of each open opportunity, business that is still to come in, and
   * the run rate of each owner, pooled by how far off they were at earlier origins. p10, p50 and p90 come from a seeded simulation. With too
   * little history the probabilities of stages stand in, and `reason` says so. What closed in the last three years is learned from; where that is more than
   * 60,000, then that of as many owners, evenly from those who close most to those who close least, or where these are fewer than twenty, the
   * latest months, six at least. `history` says how many closings were not looked at, and how many owners stand for all.
   *
   * @throws `invalid_input` for a period outside of the calendar, one that has ended or ends in more than ten years, and whatever else is wrong;
   * `invalid_query` for `where`; `not_found` for `under` and `pipeline`; `hierarchy_cycle`; `missing_rate`
   * @example
   * ```ts run with forecasting
   * const { method, currencies } = await crm.forecasting.predict({ period: "2026-Q4" });
   * console.log(method); // stage_probability: there is no history yet; else competing_risks
   * for (const { currency, total } of currencies) console.log(currency, total.won, total.p10, total.p50, total.p90);
   * ```
   */
  predict(query: PredictQuery): Promise<Prediction>;
  /**
   * How good predictions would have been: at each origin only what was known then is read, and what came of it is laid beside the prediction and
   * beside baselines, each with an interval from its own past errors. The cost is that of a prediction as of each origin.
   *
   * @throws `invalid_input`, also where amounts are in several currencies and `convert` is not given; `invalid_query` for `where`; `not_found`
   * for `under` and `pipeline`; `hierarchy_cycle`; `missing_rate`
   * @example
   * ```ts run with forecasting
   * const { horizons } = await crm.forecasting.backtest({ horizons: [1] }); // the next month, from each of the last twelve
   * for (const { method, owners } of horizons[0]!.methods) console.log(method, owners?.wMape, owners?.coverage);
   * ```
   */
  backtest(query?: BacktestQuery): Promise<Backtest>;
}

export function predictionServices(context: ForecastingContext): PredictionServices {
  return {
    predict: (query) => predict(context, query),
    backtest: (query = {}) => runBacktest(context, query),
  };
}
