/** Opportunity forecasting that is tested against what happened. */
export type {
  ForecastCategory,
  ForecastCredit,
  ForecastMeasure,
  ForecastMethod,
  OpenCategory,
} from "./category/category.ts";
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
export type { PeriodScopeQuery, ScopeQuery } from "./roll-up/ask-forecast.ts";
export type { RollUp } from "./roll-up/dimension.ts";
export type { Conversion, Figure } from "./roll-up/figure.ts";
export type { ForecastQuery } from "./roll-up/forecast.ts";
export type { Forecast, ForecastAside, ForecastCell, ForecastLine } from "./roll-up/line.ts";
export type {
  BehindQuery,
  ForecastOpportunities,
  ForecastOpportunity,
  LineQuery,
} from "./roll-up/opportunities-behind.ts";
