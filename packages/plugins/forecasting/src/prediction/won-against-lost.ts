/**
 * Whether a signal tells won from lost among deals that closed: a chi-square test against the share that stage, age and calendar of the
 * day of closing expect. It says nothing of when, or whether, a deal closes; that is for the signals of the chances themselves.
 */
import { ageBand, ageBands } from "./age-bands.ts";
import { type CalendarPositions, positionOf } from "./calendar-positions.ts";
import { chiSquareTail } from "./chi-square.ts";
import type { Deal } from "./deal-history.ts";
import type { Hazards } from "./hazards.ts";
import type { Signal } from "./signals.ts";

/** With less information (the sum of p (1 - p)) a value is left out. */
const leastInformation = 1;

export interface WonAgainstLostInput {
  readonly deals: readonly Deal[];
  readonly stages: ReadonlyMap<string, number>;
  readonly hazards: Hazards;
  readonly calendar: CalendarPositions;
  readonly riskFrom: number;
  readonly origin: number;
}

/** The chance of differences as great as those seen if the signal told nothing; 1 where there are not two values to compare. */
export function wonAgainstLost(input: WonAgainstLostInput, signal: Signal): number {
  const { deals, stages, hazards, calendar, riskFrom, origin } = input;
  const scores = new Map<string, { beyond: number; information: number }>();
  for (const deal of deals) {
    const stay = deal.stays[deal.stays.length - 1]!;
    const stage = stages.get(stay.stage);
    if (stage === undefined || (stay.exit !== "won" && stay.exit !== "lost")) continue;
    if (stay.until === undefined || stay.until < riskFrom || stay.until > origin) continue;
    const value = signal.valueOf(deal, origin);
    if (value === undefined) continue;
    const place = stage * ageBands + ageBand(stay.until - stay.from);
    const at = positionOf(calendar, stay.until);
    const [won, lost] = [0, 1].map((cause) => hazards.base[cause]![place]! * hazards.position[cause]![at]!) as [
      number,
      number,
    ];
    const share = won + lost > 0 ? won / (won + lost) : 0;
    const score = scores.get(value) ?? { beyond: 0, information: 0 };
    score.beyond += (stay.exit === "won" ? 1 : 0) - share;
    score.information += share * (1 - share);
    scores.set(value, score);
  }
  return differing([...scores.values()].filter(({ information }) => information >= leastInformation));
}

function differing(scores: readonly { readonly beyond: number; readonly information: number }[]): number {
  if (scores.length < 2) return 1;
  const beyond = scores.reduce((sum, score) => sum + score.beyond, 0);
  const information = scores.reduce((sum, score) => sum + score.information, 0);
  const chiSquare = scores.reduce(
    (sum, score) => sum + (score.beyond - (beyond / information) * score.information) ** 2 / score.information,
    0,
  );
  return chiSquareTail(chiSquare, scores.length - 1);
}
