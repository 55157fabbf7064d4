/**
 * Which other signals carry something about winning, beyond stage, age and calendar, and how much each of their values moves the
 * log-odds: random effects on top of the chances, with the spread estimated from the data (empirical Bayes) and tested against none
 * by the score test of a variance component (Commenges & Jacqmin-Gadda 1997, JRSS B 59, 157-171). The strongest comes first, and what
 * it explains is gone before the next is looked at. A signal that does not pass is left out. A missing value says nothing: what is
 * filled in when a deal closes would otherwise tell the past what came later.
 */
import { chiSquareTail } from "./chi-square.ts";
import type { Deal } from "./deal-history.ts";
import { chanceOf, logOdds } from "./log-odds.ts";
import type { MonthResiduals } from "./residuals.ts";

/** The error that is accepted for all signals together. */
const level = 0.05;
/** Values with less information (the sum of p (1 - p)) are taken together: a test of such would say nothing. */
const leastInformation = 1;

export interface Signal {
  readonly name: string;
  /** Its value for a deal as known at the end of a day. */
  readonly valueOf: (deal: Deal, at: number) => string | undefined;
}

export interface SignalReport {
  readonly name: string;
  readonly carries: boolean;
  /** The chance of a spread as great as that seen if the signal carried nothing; 1 where it could not be tested. */
  readonly pValue: number;
  /** The standard deviation of the log-odds between values, 0 where it carries nothing. */
  readonly spread: number;
  /** The same for telling won from lost among deals that closed, whenever they did. */
  readonly wonAgainstLost: number;
  /** How many values had enough to be told apart. */
  readonly values: number;
}

export interface FittedSignals {
  readonly report: readonly Omit<SignalReport, "wonAgainstLost">[];
  /** What each signal that carries adds to the log-odds of a deal, in the order of their strength. */
  readonly effects: readonly { readonly signal: Signal; readonly byValue: ReadonlyMap<string, number> }[];
}

export function fitSignals(months: readonly MonthResiduals[], signals: readonly Signal[]): FittedSignals {
  const left = new Set(signals);
  const effects: { signal: Signal; byValue: ReadonlyMap<string, number> }[] = [];
  const report = new Map<string, Omit<SignalReport, "wonAgainstLost">>();
  let current = months;
  while (left.size > 0) {
    const tested = [...left].map((signal) => test(signal, current));
    const best = tested.reduce((one, other) => (other.pValue < one.pValue ? other : one));
    if (best.pValue >= level / signals.length || best.spread === 0) {
      for (const { signal, pValue, values } of tested)
        report.set(signal.name, { name: signal.name, carries: false, pValue, spread: 0, values });
      break;
    }
    const { signal, pValue, spread, values, byValue } = best;
    report.set(signal.name, { name: signal.name, carries: true, pValue, spread, values });
    effects.push({ signal, byValue });
    left.delete(signal);
    current = current.map((month) => moved(month, signal, byValue));
  }
  return { report: signals.map(({ name }) => report.get(name)!), effects };
}

/** The effect of a signal's value: none of a missing one, nor of one that was seen never or too rarely. */
export const effectOf = (byValue: ReadonlyMap<string, number>, value: string | undefined): number =>
  (value === undefined ? undefined : byValue.get(value)) ?? 0;

function moved(month: MonthResiduals, signal: Signal, byValue: ReadonlyMap<string, number>): MonthResiduals {
  const chances = month.chances.map((chance, index) =>
    chanceOf(logOdds(chance) + effectOf(byValue, signal.valueOf(month.deals[index]!, month.at))),
  );
  return { ...month, chances };
}

interface Score {
  score: number;
  information: number;
}

function test(signal: Signal, months: readonly MonthResiduals[]) {
  const scores = [...scoresOf(signal, months)].filter(([, { information }]) => information >= leastInformation);
  const all = scores.reduce((sum, [, { information }]) => sum + information, 0);
  let chiSquare = 0;
  let excess = 0;
  let squares = 0;
  for (const [, { score, information }] of scores) {
    chiSquare += score ** 2 / information;
    excess += score ** 2 - information * (1 - information / all);
    squares += information ** 2;
  }
  const variance = scores.length > 1 ? Math.max(0, excess / squares) : 0;
  const byValue = new Map(
    scores.map(([value, { score, information }]) => [value, (variance * score) / (1 + variance * information)]),
  );
  const pValue = scores.length > 1 ? chiSquareTail(chiSquare, scores.length - 1) : 1;
  return { signal, pValue, spread: Math.sqrt(variance), values: scores.length, byValue };
}

/** Wins beyond those expected, and their information, by value. Each month is centred: a good month is no signal. */
function scoresOf(signal: Signal, months: readonly MonthResiduals[]): ReadonlyMap<string, Score> {
  const scores = new Map<string, Score>();
  for (const { deals, chances, won, at } of months) {
    const month = new Map<string, Score>();
    let score = 0;
    let information = 0;
    for (let index = 0; index < deals.length; index += 1) {
      const value = signal.valueOf(deals[index]!, at);
      if (value === undefined) continue;
      const chance = chances[index]!;
      const beyond = won[index]! - chance;
      const weight = chance * (1 - chance);
      score += beyond;
      information += weight;
      const own = entry(month, value);
      own.score += beyond;
      own.information += weight;
    }
    if (information === 0) continue;
    for (const [value, own] of month) {
      const total = entry(scores, value);
      total.score += own.score - (score / information) * own.information;
      total.information += own.information;
    }
  }
  return scores;
}

function entry(scores: Map<string, Score>, value: string): Score {
  let found = scores.get(value);
  if (found === undefined) {
    found = { score: 0, information: 0 };
    scores.set(value, found);
  }
  return found;
}
