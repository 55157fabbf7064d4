/** The past, replayed: forecasts of many origins beside what came of them. */

import { type Deal, openStay, startedOn, wonOn } from "../prediction/deal-history.ts";
import { numbered } from "../prediction/open-deals.ts";
import type { OutlookInput } from "../prediction/outlook-result.ts";
import { wonAmounts } from "../prediction/won-amounts.ts";
import type { PastErrors } from "./baseline-interval.ts";
import { baselineNames } from "./baselines.ts";
import { type Calibration, type ChanceAndOutcome, calibrationOf } from "./calibration.ts";
import { forecastAt, type MethodName, type OriginForecast } from "./origin-forecast.ts";
import { type ScoredForecast, type Scores, scoresOf } from "./scores.ts";

export const methodNames: readonly MethodName[] = ["predicted", ...baselineNames];

/** What was known at an origin, for one window. */
export interface ReplayOrigin {
  readonly known: OutlookInput;
  /** What people said, by owner, or why there is nothing. */
  readonly judgement: ReadonlyMap<string, number> | string;
  /** What was won in the window, as known when it had ended: all of it, also by owners who were not known at the origin. */
  readonly later: readonly Deal[];
}

export interface ReplayedOrigin {
  readonly known: OutlookInput;
  readonly forecast: OriginForecast;
  /** What each owner won in the window. */
  readonly outcomes: Float64Array;
  /** What all won together. */
  readonly outcome: number;
  readonly calibration?: Calibration | undefined;
  /** The rate that the chances are compared with. */
  readonly constantRate: number;
}

export interface Replay {
  readonly origins: readonly ReplayedOrigin[];
  /** Over all owners and origins. A method is absent where it never had figures. */
  readonly scores: Readonly<Partial<Record<MethodName, Scores>>>;
  /** The same of the sums over owners. */
  readonly companyScores: Readonly<Partial<Record<MethodName, Scores>>>;
  readonly calibration?: Calibration | undefined;
}

/** Origins in order of time, all of one horizon. */
export function replay(origins: readonly ReplayOrigin[]): Replay {
  const cases: ChanceAndOutcome[] = [];
  const replayed: ReplayedOrigin[] = [];
  for (const { known, judgement, later } of origins) {
    const lasting = new Map(later.map((deal) => [deal.id, deal]));
    const forecast = forecastAt(known, { judgement, pastJudgement: pastJudgement(known, replayed) });
    const constantRate = constantRateAt(known, replayed);
    const own = forecast.outlook.deals.map(({ deal, chance }) => ({
      chance,
      won: wonIn(lasting.get(deal.id), known.window.from, known.window.to),
      constant: constantRate,
    }));
    cases.push(...own);
    const won = wonAmounts(later, numbered(known.owners), known.window);
    const outcome = later.reduce(
      (sum, deal) => sum + (wonIn(deal, known.window.from, known.window.to) ? deal.amount : 0),
      0,
    );
    replayed.push({ known, forecast, outcomes: won, outcome, calibration: calibrationOf(own), constantRate });
  }
  return { origins: replayed, ...scored(replayed), calibration: calibrationOf(cases) };
}

const wonIn = (deal: Deal | undefined, from: number, to: number): boolean => {
  const day = deal && wonOn(deal, to);
  return day !== undefined && day >= from;
};

/**
 * The share of open deals that were won in the windows of earlier origins that had ended; before there is one, what was won so far
 * of all that had started.
 */
function constantRateAt({ deals, window }: OutlookInput, earlier: readonly ReplayedOrigin[]): number {
  const ended = earlier.filter(({ known }) => known.window.to <= window.origin);
  if (ended.length > 0) {
    let open = 0;
    let won = 0;
    for (const { known } of ended)
      for (const deal of deals) {
        if (openStay(deal, known.window.origin) === undefined) continue;
        open += 1;
        if (wonIn(deal, known.window.from, known.window.to)) won += 1;
      }
    return open > 0 ? won / open : 0;
  }
  let started = 0;
  let won = 0;
  for (const deal of deals) {
    if (startedOn(deal) <= window.origin) started += 1;
    if (wonOn(deal, window.origin) !== undefined) won += 1;
  }
  return started > 0 ? won / started : 0;
}

/** What people said at earlier origins whose windows had ended, beside what was known of it at this one. */
function pastJudgement({ deals, window }: OutlookInput, earlier: readonly ReplayedOrigin[]): readonly PastErrors[] {
  return earlier.flatMap(({ known, forecast }) => {
    const figures = forecast.owners.flatMap(({ judgement }) => (judgement ? [judgement.mean] : []));
    if (known.window.to > window.origin || figures.length < known.owners.length) return [];
    return [{ figures: Float64Array.from(figures), outcomes: wonAmounts(deals, numbered(known.owners), known.window) }];
  });
}

function scored(origins: readonly ReplayedOrigin[]) {
  const scores: Partial<Record<MethodName, Scores>> = {};
  const companyScores: Partial<Record<MethodName, Scores>> = {};
  for (const name of methodNames) {
    const byOwner: ScoredForecast[] = [];
    const byCompany: ScoredForecast[] = [];
    for (const { forecast, outcomes, outcome } of origins) {
      const whole = forecast.company[name];
      if (whole === undefined) continue;
      byCompany.push({ ...whole, outcome });
      for (const [index, own] of forecast.owners.entries()) byOwner.push({ ...own[name]!, outcome: outcomes[index]! });
    }
    const own = scoresOf(byOwner);
    const whole = scoresOf(byCompany);
    if (own) scores[name] = own;
    if (whole) companyScores[name] = whole;
  }
  return { scores, companyScores };
}
