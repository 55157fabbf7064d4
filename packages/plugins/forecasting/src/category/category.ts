/** The forecast categories, from the least certain to what is done; and what is in no figure. */

/** What an open opportunity may count as. */
export const openCategories = ["pipeline", "best_case", "most_likely", "commit", "omitted"] as const;
export type OpenCategory = (typeof openCategories)[number];

/** In the order in which cumulative figures add them up; `omitted` is in none. */
export const forecastCategories = ["pipeline", "best_case", "most_likely", "commit", "closed"] as const;
export type ForecastCategory = (typeof forecastCategories)[number];

export const forecastMeasures = ["amount", "one_time", "annual_recurring", "count"] as const;
export type ForecastMeasure = (typeof forecastMeasures)[number];

/** `cumulative`: each figure with those of all surer categories, of `pipeline` with those that are open; `single`: each alone. */
export const forecastMethods = ["cumulative", "single"] as const;
export type ForecastMethod = (typeof forecastMethods)[number];

/** Who an opportunity counts for: its owner; those that its revenue splits name; those that its overlay splits name, on top. */
export const forecastCredits = ["owner", "revenue", "overlay"] as const;
export type ForecastCredit = (typeof forecastCredits)[number];
