/** What each owner can be expected to win in a window: by the pipeline with what is still to come in, and by the run rate. */
import type { CalendarPositions } from "./calendar-positions.ts";
import { shrunkMeans } from "./credibility.ts";
import { type Deal, openStay, wonOn } from "./deal-history.ts";
import { fitHazards, type Hazards } from "./hazards.ts";
import { type OpenChances, openSums } from "./open-chances.ts";
import type { RiskTable } from "./risk-table.ts";
import { type WinChances, winChances } from "./win-chances.ts";
import type { Window } from "./window.ts";
import { startedGroups, wonAmounts, wonGroups } from "./won-amounts.ts";

/** The run rate is that of a year at most. */
export const runRateDays = 365;
/** New business comes in as in the last quarter, so that each part of a fiscal quarter counts once. */
export const arrivalDays = 91;

export interface Expectation {
  readonly hazards: Hazards;
  readonly chances: WinChances;
  /** Won already, on days of the window up to the origin. */
  readonly won: Float64Array;
  readonly openChances: OpenChances;
  /** Of open deals: the sum of chance × amount. */
  readonly open: Float64Array;
  /** Of those: the sum of chance × (1 - chance) × amount². */
  readonly openVariance: Float64Array;
  /** Of deals that are still to come in. */
  readonly arriving: Float64Array;
  /** By the run rate, for the days after the origin. */
  readonly runRate: Float64Array;
  /** The mean of the squared amounts of what was won, over the mean: the variance of one unit of a compound Poisson sum. */
  readonly unitVariance: number;
}

/** By owner, where deals are those of some owners only. */
export interface Totals {
  /** Won in the window by the origin. */
  readonly won: Float64Array;
  /** Won in the days of the run rate. */
  readonly run: Float64Array;
  /** Deals that came in lately, and their amounts. */
  readonly started: Float64Array;
  readonly amounts: Float64Array;
}

export interface ExpectationInput {
  readonly deals: readonly Deal[];
  readonly owners: ReadonlyMap<string, number>;
  readonly stages: ReadonlyMap<string, number>;
  readonly calendar: CalendarPositions;
  readonly riskFrom: number;
  readonly table: RiskTable;
  readonly window: Window;
  readonly totals?: Totals | undefined;
}

export function expectation(input: ExpectationInput): Expectation {
  const { deals, owners, calendar, riskFrom, window, totals } = input;
  const { origin, from, to } = window;
  const hazards = fitHazards(input.table);
  const first = Math.max(from, origin + 1);
  const chances = winChances(hazards, calendar, { start: origin + 1, countFrom: first, end: to });
  const openChances = chancesOf(input, chances);
  const seen = wonGroups(deals, owners, { from: Math.max(riskFrom, origin - runRateDays + 1), to: origin });
  const days = Math.max(0, to - first + 1);
  const wonSum = seen.reduce((sum, group) => sum + group.sum, 0);
  const wonSquares = seen.reduce((sum, group) => sum + group.variance, 0);
  const unitVariance = wonSum > 0 ? wonSquares / wonSum : 0;
  const run = totals
    ? Array.from(totals.run, (sum) => ({ sum, exposure: seen[0]?.exposure ?? 1, variance: sum * unitVariance }))
    : seen;
  const rates = shrunkMeans(run).means;
  return {
    hazards,
    chances,
    won: totals?.won ?? wonAmounts(deals, owners, { from, to: Math.min(origin, to) }),
    openChances,
    ...openSums(openChances, owners.size),
    arriving: arriving(input, chances),
    runRate: Float64Array.from(rates, (rate) => rate * days),
    unitVariance,
  };
}

function chancesOf({ deals, owners, stages, window }: ExpectationInput, chances: WinChances): OpenChances {
  const { origin, from, to } = window;
  const places: number[] = [];
  const open: number[] = [];
  const amounts: number[] = [];
  const won: number[] = [];
  for (const deal of deals) {
    const stay = openStay(deal, origin);
    const stage = stay && stages.get(stay.stage);
    if (stay === undefined || stage === undefined) continue;
    const day = wonOn(deal, to);
    places.push(owners.get(deal.owner) ?? -1);
    open.push(chances.of(stage, origin + 1 - stay.from));
    amounts.push(deal.amount);
    won.push(day !== undefined && day >= from ? 1 : 0);
  }
  return {
    owners: Int32Array.from(places),
    chances: Float64Array.from(open),
    amounts: Float64Array.from(amounts),
    won: Uint8Array.from(won),
  };
}

function arriving({ deals, owners, window, totals }: ExpectationInput, chances: WinChances): Float64Array {
  const { origin, to } = window;
  const seen = startedGroups(deals, owners, { from: origin - arrivalDays + 1, to: origin });
  const started = totals ? startedTotals(totals, seen) : seen;
  const rates = shrunkMeans(started.arrivals).means;
  const amounts = shrunkMeans(started.amounts).means;
  let wins = 0;
  for (let day = 0; day < to - origin; day += 1) wins += chances.ofArrival(day);
  return Float64Array.from(rates, (rate, owner) => rate * amounts[owner]! * wins);
}

type Started = ReturnType<typeof startedGroups>;

/** The spread of amounts is that of the deals that are known. */
function startedTotals({ started, amounts }: Totals, seen: Started): Started {
  const count = seen.amounts.reduce((sum, { exposure }) => sum + exposure, 0);
  const spread = count > 0 ? seen.amounts.reduce((sum, { variance }) => sum + variance, 0) / count : 0;
  const exposure = seen.arrivals[0]?.exposure ?? 1;
  return {
    arrivals: Array.from(started, (sum) => ({ sum, exposure, variance: sum })),
    amounts: Array.from(amounts, (sum, owner) => ({
      ...{ sum, exposure: started[owner]! },
      variance: spread * started[owner]!,
    })),
  };
}
