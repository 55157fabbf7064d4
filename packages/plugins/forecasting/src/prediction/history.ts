/** Whether there is enough history to fit chances to. */
import { ageBands } from "./age-bands.ts";
import { quarterPositions } from "./calendar-positions.ts";
import { cell, type RiskTable } from "./risk-table.ts";

/** With fewer wins or closings than these, or days at risk, a fit would say more about its priors than about the deals. */
export const leastHistory = { closed: 30, won: 10, days: 28 } as const;

export interface History {
  readonly won: number;
  readonly lost: number;
  /** Days from the first at risk to the origin. */
  readonly days: number;
  readonly enough: boolean;
}

export function historyOf(table: RiskTable, riskFrom: number, origin: number): History {
  const [won, lost] = table.exits.map((counts) => counts.reduce((sum, one) => sum + one, 0)) as [number, number];
  const days = Math.max(0, origin - riskFrom + 1);
  const enough = won + lost >= leastHistory.closed && won >= leastHistory.won && days >= leastHistory.days;
  return { won, lost, days, enough };
}

/** The oldest band of age in which any deal was won or lost, -1 where none was. */
export function lastClosingBand({ exits, starts }: RiskTable): number {
  for (let band = ageBands - 1; band >= 0; band -= 1)
    for (let stage = 0; stage < starts.length; stage += 1)
      for (let at = 0; at < quarterPositions; at += 1) {
        const place = cell(stage, band, at);
        if (exits[0]![place]! + exits[1]![place]! > 0) return band;
      }
  return -1;
}
