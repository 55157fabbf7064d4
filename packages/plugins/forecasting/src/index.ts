/** Opportunity forecasting that is tested against what happened. */
export { type Forecasting, forecasting } from "./forecasting.ts";
