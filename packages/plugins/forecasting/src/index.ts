/** Opportunity forecasting that is tested against what happened. */

export type {
  Backtest,
  HorizonBacktest,
  MethodForecasts,
  MethodScores,
  OriginBacktest,
  OwnerBacktest,
} from "./backtest/backtest.ts";
export type { Calibration, ReliabilityBin } from "./backtest/calibration.ts";
export type { MethodForecast, MethodName } from "./backtest/origin-forecast.ts";
export type { BacktestQuery } from "./backtest/run-backtest.ts";
export type { Scores } from "./backtest/scores.ts";
export type {
  ForecastCategory,
  ForecastCredit,
  ForecastMeasure,
  ForecastMethod,
  OpenCategory,
} from "./category/category.ts";
export type { AssumedStage } from "./category/category-of.ts";
export type { CategoriesDefinition, StageCategory } from "./category/set-categories.ts";
export type { ChangeKind } from "./changes/change-kind.ts";
export type { Changes, ChangesQuery } from "./changes/changes.ts";
export type { ChangeBar, OpportunityChange, OpportunityState } from "./changes/waterfall.ts";
export type { Fate } from "./flow/expected.ts";
export type { FlowScope } from "./flow/flow-query.ts";
export type { Expected, ExpectedOutcome } from "./flow/outcomes.ts";
export type { Pushes } from "./flow/pushes.ts";
export type { Slippage, SlippageGroup, SlippageQuery } from "./flow/slippage.ts";
export type { Velocity, VelocityQuery } from "./flow/velocity.ts";
export { type Forecasting, forecasting } from "./forecasting.ts";
export type { Adjustment, AdjustmentInput, WithdrawInput } from "./judgement/adjustment-input.ts";
export type { AdjustmentsQuery, AdjustmentVersion, AdjustmentWithHistory, Said } from "./judgement/adjustments.ts";
export type { AdjustableCategory } from "./judgement/forecast-adjustment.ts";
export type { JudgementState } from "./judgement/judge.ts";
export type {
  JudgedAdjustment,
  JudgedFigure,
  JudgedForecast,
  JudgedQuery,
  JudgedTeam,
  JudgedUser,
} from "./judgement/judged-line.ts";
export type { PeriodInput } from "./judgement/judged-period.ts";
export type { QuotaProgress } from "./judgement/progress.ts";
export type { Quota, QuotaInput, QuotaKey, QuotaQuery } from "./judgement/quotas.ts";
export type { ForecastPeriod, PeriodQuery, PeriodUnit } from "./period/asked-periods.ts";
export type { Contribution } from "./prediction/deal-chances.ts";
export type { Pooling } from "./prediction/pooling.ts";
export type { PredictQuery } from "./prediction/predict.ts";
export type {
  CurrencyPrediction,
  OwnerPrediction,
  PredictedAmounts,
  PredictedOpportunity,
  Prediction,
  PredictionHistory,
  QuotaPrediction,
} from "./prediction/prediction.ts";
export type { SignalReport } from "./prediction/signals.ts";
export type { PeriodScopeQuery, ScopeQuery } from "./roll-up/ask-forecast.ts";
export type { RollUp } from "./roll-up/dimension.ts";
export type { Conversion, Figure } from "./roll-up/figure.ts";
export type { ForecastQuery } from "./roll-up/forecast.ts";
export type { AssumedAside, Forecast, ForecastAside, ForecastCell, ForecastLine } from "./roll-up/line.ts";
export type {
  BehindQuery,
  ForecastOpportunities,
  ForecastOpportunity,
  LineQuery,
} from "./roll-up/opportunities-behind.ts";
export {
  forecastSeries,
  type SeriesForecast,
  type SeriesMethod,
  type SeriesOptions,
  type SeriesPoint,
} from "./series/forecast-series.ts";
export type { DrawChangesOptions, DrawFanOptions, DrawOptions } from "./view/draw-options.ts";
export {
  type BacktestFan,
  type DrawnBacktest,
  type Fan,
  type FanPoint,
  fanOfBacktest,
  fanOfPredictions,
  fanOfSeries,
  type PredictionFan,
  type SeriesFan,
} from "./view/fan.ts";
export type { ForecastPage } from "./view/forecast-page.ts";
export type { DrawnForecast } from "./view/forecast-rows.ts";
export { drawChanges, drawFan, drawForecast, drawPage } from "./view/view.ts";
export type { ViewWords } from "./view/view-words.ts";
export { type DrawnChanges, type WaterfallBar, type WaterfallBars, waterfallBars } from "./view/waterfall-bars.ts";
