/** What was forecast at one origin for one window, by the model and by every baseline, from what was known then. */
import type { Distribution } from "../prediction/distribution.ts";
import { distributionOf, sumOfDraws } from "../prediction/distribution.ts";
import { numbered } from "../prediction/open-deals.ts";
import { outlook } from "../prediction/outlook.ts";
import type { Outlook, OutlookInput } from "../prediction/outlook-result.ts";
import { earlierWindows } from "../prediction/window.ts";
import { wonAmounts, wonGroups } from "../prediction/won-amounts.ts";
import { errorQuantiles, type PastErrors, withInterval } from "./baseline-interval.ts";
import { type BaselineName, baseline, baselineNames } from "./baselines.ts";

export type MethodName = "predicted" | BaselineName;

export interface MethodForecast extends Distribution {
  readonly mean: number;
}

export interface OriginForecast {
  /** In the order of the owners. */
  readonly owners: readonly Readonly<Partial<Record<MethodName, MethodForecast>>>[];
  readonly company: Readonly<Partial<Record<MethodName, MethodForecast>>>;
  /** Why a method has no figures. */
  readonly missing: Readonly<Partial<Record<MethodName, string>>>;
  readonly outlook: Outlook;
}

export interface JudgementInput {
  readonly judgement: ReadonlyMap<string, number> | string;
  /** How far off people were at earlier origins, as far as is known. */
  readonly pastJudgement: readonly PastErrors[];
}

/** Only from `input.deals`, which hold what was known at the origin. */
export function forecastAt(input: OutlookInput, { judgement, pastJudgement }: JudgementInput): OriginForecast {
  const predicted = outlook(input);
  const owners: Partial<Record<MethodName, MethodForecast>>[] = predicted.owners.map(({ mean, draws }) => ({
    predicted: { mean, ...distributionOf(draws) },
  }));
  const company: Partial<Record<MethodName, MethodForecast>> = {
    predicted: {
      mean: predicted.owners.reduce((sum, { mean }) => sum + mean, 0),
      ...distributionOf(sumOfDraws(predicted.owners.map(({ draws }) => draws))),
    },
  };
  const missing: Partial<Record<MethodName, string>> = {};
  for (const name of baselineNames) {
    const now = baseline(name, { ...input, judgement });
    if ("missing" in now) missing[name] = now.missing;
    else {
      const past = name === "judgement" ? pastJudgement : pastErrors(name, input);
      addBaseline(name, now.figures, { input, past, owners, company });
    }
  }
  return { owners, company, missing, outlook: predicted };
}

interface Forecasts {
  readonly input: OutlookInput;
  readonly past: readonly PastErrors[];
  readonly owners: Partial<Record<MethodName, MethodForecast>>[];
  readonly company: Partial<Record<MethodName, MethodForecast>>;
}

function addBaseline(name: BaselineName, figures: Float64Array, { input, past, owners, company }: Forecasts): void {
  const unitVariance = unitVarianceOf(input);
  const quantiles = errorQuantiles(past, unitVariance);
  for (const [index, figure] of figures.entries())
    owners[index]![name] = { mean: figure, ...withInterval(figure, quantiles, unitVariance) };
  const total = sum(figures);
  const companyPast = past.map((one) => ({
    figures: Float64Array.of(sum(one.figures)),
    outcomes: Float64Array.of(sum(one.outcomes)),
  }));
  company[name] = { mean: total, ...withInterval(total, errorQuantiles(companyPast, unitVariance), unitVariance) };
}

function pastErrors(name: BaselineName, input: OutlookInput) {
  const owners = numbered(input.owners);
  return earlierWindows(input.window, input.riskFrom).flatMap((window) => {
    const then = baseline(name, { ...input, window, judgement: "" });
    if ("missing" in then) return [];
    return [{ figures: then.figures, outcomes: wonAmounts(input.deals, owners, window) }];
  });
}

function unitVarianceOf({ deals, owners, riskFrom, window }: OutlookInput): number {
  const groups = wonGroups(deals, numbered(owners), { from: riskFrom, to: window.origin });
  const won = groups.reduce((total, group) => total + group.sum, 0);
  return won > 0 ? groups.reduce((total, group) => total + group.variance, 0) / won : 1;
}

const sum = (numbers: Float64Array): number => numbers.reduce((total, number) => total + number, 0);
