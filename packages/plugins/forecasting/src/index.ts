/** Opportunity forecasting that is tested against what happened. */
export { type Forecasting, forecasting } from "./forecasting.ts";
export {
  forecastSeries,
  type SeriesForecast,
  type SeriesMethod,
  type SeriesOptions,
  type SeriesPoint,
} from "./series/forecast-series.ts";
export type { DrawChangesOptions, DrawFanOptions, DrawOptions } from "./view/draw-options.ts";
export { type Fan, type FanPoint, fanOfSeries, type SeriesFan } from "./view/fan.ts";
export type { ForecastPage } from "./view/forecast-page.ts";
export type { DrawnForecast } from "./view/forecast-rows.ts";
export { drawChanges, drawFan, drawForecast, drawPage } from "./view/view.ts";
export type { ViewWords } from "./view/view-words.ts";
export { type DrawnChanges, type WaterfallBar, type WaterfallBars, waterfallBars } from "./view/waterfall-bars.ts";
