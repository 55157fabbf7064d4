/** The baselines: the last value, and the last value with the season taken out and put in again. */
import type { FittedSeries } from "./fitted-series.ts";
import { type Season, withSeason } from "./seasonality.ts";

/** Without a season it is the last value: "Naive 1" of the M competitions, and "Naive 2" with one. */
export function fitNaive(values: Float64Array, season: Season | undefined): FittedSeries {
  const adjusted = season?.adjusted ?? values;
  return {
    model: season === undefined ? "naive" : `naive, ${season.kind} season`,
    parameters: 0,
    from(seen, out) {
      for (let step = 0; step < out.length; step++) out[step] = withSeason(adjusted[seen - 1]!, seen + step, season);
    },
  };
}
