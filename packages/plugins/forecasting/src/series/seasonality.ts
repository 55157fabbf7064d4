/** Whether a series has a season, and what the season is. */

export interface Season {
  readonly kind: "additive" | "multiplicative";
  /** One index for each place in the season, the first for the first value: they add up to 0, or to the length of the season. */
  readonly indices: Float64Array;
  readonly adjusted: Float64Array;
}

/**
 * Whether the autocorrelation at the length of the season is significant at 90 %: the test of Assimakopoulos and Nikolopoulos, "The theta
 * model: a decomposition approach to forecasting", International Journal of Forecasting 16 (2000), as in the M3 and M4 competitions (with
 * Bartlett's variance). Fewer than three whole seasons have none.
 */
export function isSeasonal(values: Float64Array, season: number): boolean {
  const { length } = values;
  if (season < 2 || length < 3 * season) return false;
  let mean = 0;
  for (const value of values) mean += value / length;
  let variance = 0;
  for (const value of values) variance += (value - mean) ** 2;
  if (variance === 0) return false;
  let squares = 0;
  let last = 0;
  for (let lag = 1; lag <= season; lag++) {
    last = 0;
    for (let at = lag; at < length; at++) last += (values[at]! - mean) * (values[at - lag]! - mean);
    last /= variance;
    if (lag < season) squares += last ** 2;
  }
  return Math.abs(last) > 1.645 * Math.sqrt((1 + 2 * squares) / length);
}

/**
 * The classical decomposition: ratios to (or differences from) a centred moving average, averaged for each place in the season (Makridakis,
 * Wheelwright and Hyndman, "Forecasting: methods and applications", 1998). Needs two whole seasons; multiplicative ones positive values.
 */
export function decompose(values: Float64Array, season: number, kind: Season["kind"]): Season {
  const { length } = values;
  const sums = new Float64Array(season);
  const counts = new Float64Array(season);
  const half = Math.floor(season / 2);
  const even = season % 2 === 0;
  for (let at = half; at < length - half; at++) {
    let trend = 0;
    for (let i = at - half; i <= at + half; i++) trend += values[i]!;
    if (even) trend -= (values[at - half]! + values[at + half]!) / 2;
    trend /= season;
    sums[at % season]! += kind === "additive" ? values[at]! - trend : values[at]! / trend;
    counts[at % season]! += 1;
  }
  let mean = 0;
  for (let place = 0; place < season; place++) {
    sums[place]! /= Math.max(counts[place]!, 1);
    mean += sums[place]! / season;
  }
  const indices = sums.map((index) => (kind === "additive" ? index - mean : index / mean));
  const adjusted = values.map((value, at) => adjust(value, kind, indices[at % season]!));
  return { kind, indices, adjusted };
}

function adjust(value: number, kind: Season["kind"], index: number): number {
  return kind === "additive" ? value - index : value / index;
}

/** An adjusted value with its season again. `at` counts from the first value of the series. */
export function withSeason(adjusted: number, at: number, season: Season | undefined): number {
  if (season === undefined) return adjusted;
  const index = season.indices[at % season.indices.length]!;
  return season.kind === "additive" ? adjusted + index : adjusted * index;
}
