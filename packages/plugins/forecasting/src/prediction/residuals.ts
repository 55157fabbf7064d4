/**
 * What stage, age and calendar leave unexplained: for each month before the origin, the deals open at its start, the chance that they
 * would be won in it, and whether they were. The differences of one deal in different months are uncorrelated (martingale residuals,
 * Andersen & Gill 1982, Annals of Statistics 10, 1100-1120), so that they may be added up.
 */
import type { CalendarPositions } from "./calendar-positions.ts";
import { type Deal, openStay, wonOn } from "./deal-history.ts";
import type { Hazards } from "./hazards.ts";
import { winChances } from "./win-chances.ts";
import { monthsEarlier } from "./window.ts";

/** Months that are looked at. */
const residualMonths = 6;

export interface MonthResiduals {
  readonly deals: readonly Deal[];
  /** The day at whose end they were open. */
  readonly at: number;
  readonly chances: Float64Array;
  /** 1 where it was won in the month, else 0. */
  readonly won: Uint8Array;
}

export interface ResidualInput {
  readonly deals: readonly Deal[];
  readonly stages: ReadonlyMap<string, number>;
  readonly hazards: Hazards;
  readonly calendar: CalendarPositions;
  readonly riskFrom: number;
  readonly origin: number;
}

/** The ends of the months before the origin that have a month at risk after them, latest first. */
export function residualDays(origin: number, riskFrom: number): readonly number[] {
  return Array.from({ length: residualMonths }, (_, index) => monthsBack(origin, index + 1)).filter(
    (day) => day >= riskFrom - 1,
  );
}

export function residuals(input: ResidualInput): readonly MonthResiduals[] {
  const { origin, riskFrom } = input;
  let end = origin;
  return residualDays(origin, riskFrom).map((at) => {
    const month = monthResiduals(input, at, end);
    end = at;
    return month;
  });
}

const monthsBack = (origin: number, months: number): number =>
  monthsEarlier({ origin, from: origin + 1, to: origin + 1 }, months).origin;

function monthResiduals({ deals, stages, hazards, calendar }: ResidualInput, at: number, end: number): MonthResiduals {
  const curve = winChances(hazards, calendar, { start: at + 1, countFrom: at + 1, end });
  const open: Deal[] = [];
  const chances: number[] = [];
  const won: number[] = [];
  for (const deal of deals) {
    const stay = openStay(deal, at);
    const stage = stay && stages.get(stay.stage);
    if (stay === undefined || stage === undefined) continue;
    open.push(deal);
    chances.push(curve.of(stage, at + 1 - stay.from));
    won.push(wonOn(deal, end) === undefined ? 0 : 1);
  }
  return { deals: open, at, chances: Float64Array.from(chances), won: Uint8Array.from(won) };
}
