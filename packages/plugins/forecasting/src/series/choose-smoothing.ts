/** Which form of exponential smoothing suits a series. */
import { firstStates, fitSmoothing, type SmoothingFit, type SmoothingForm } from "./exponential-smoothing.ts";

const ERRORS = ["additive", "multiplicative"] as const;
const TRENDS = ["none", "additive", "damped"] as const;
const SEASONS = ["none", "additive", "multiplicative"] as const;

/**
 * The form with the least AICc, of fifteen: multiplicative errors and seasons for positive values only, and no multiplicative season with
 * additive errors, which Hyndman et al. (2008) find unstable. Undefined where no form has enough values.
 */
export function chooseSmoothing(values: Float64Array, length: number): SmoothingFit | undefined {
  const positive = values.every((value) => value > 0);
  let best: SmoothingFit | undefined;
  for (const season of SEASONS) {
    if (!isPossible(season, { positive, count: values.length, length })) continue;
    const start = firstStates(values, season, season === "none" ? 1 : length);
    for (const error of ERRORS) {
      if (!positive && error === "multiplicative") continue;
      if (error === "additive" && season === "multiplicative") continue;
      for (const trend of TRENDS) {
        const fit = fitSmoothing(values, { error, trend, season }, { start, length: season === "none" ? 1 : length });
        if (fit.aicc < (best?.aicc ?? Number.POSITIVE_INFINITY)) best = fit;
      }
    }
  }
  return best;
}

function isPossible(
  season: SmoothingForm["season"],
  { positive, count, length }: { positive: boolean; count: number; length: number },
): boolean {
  if (season === "none") return true;
  return length > 1 && count >= 2 * length && (positive || season === "additive");
}
