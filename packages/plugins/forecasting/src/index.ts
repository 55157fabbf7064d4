/** Opportunity forecasting that is tested against what happened. */
export { type Forecasting, forecasting } from "./forecasting.ts";
export {
  forecastSeries,
  type SeriesForecast,
  type SeriesMethod,
  type SeriesOptions,
  type SeriesPoint,
} from "./series/forecast-series.ts";
