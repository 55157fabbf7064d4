/** The chance of each open deal, and what moved it: steps on the log-odds scale that add up to the chance's. */
import { ageBand, ageBands } from "./age-bands.ts";
import type { CalendarPositions } from "./calendar-positions.ts";
import { type Deal, openStay } from "./deal-history.ts";
import type { Hazards } from "./hazards.ts";
import { chanceOf, logOdds } from "./log-odds.ts";
import { effectOf, type FittedSignals } from "./signals.ts";
import { type ChanceDays, winChances } from "./win-chances.ts";

/** What moved a chance, and by how much on the log-odds scale. "whole" is where an open deal stands on average. */
export interface Contribution {
  readonly factor: string;
  readonly value?: string | undefined;
  readonly logOdds: number;
}

export interface DealChance {
  readonly deal: Deal;
  /** That it is won in the window. */
  readonly chance: number;
  readonly contributions: readonly Contribution[];
}

export interface DealChancesInput {
  readonly deals: readonly Deal[];
  readonly stages: ReadonlyMap<string, number>;
  readonly hazards: Hazards;
  readonly calendar: CalendarPositions;
  readonly days: ChanceDays;
  readonly signals: FittedSignals;
  /** What errors at earlier origins add to the log-odds of every deal. */
  readonly shift: number;
  readonly origin: number;
}

export function dealChances(input: DealChancesInput): readonly DealChance[] {
  const { deals, stages, hazards, calendar, days, signals, shift, origin } = input;
  const chances = winChances(hazards, calendar, days);
  const neutral = winChances(withoutCalendar(hazards), calendar, days);
  const open: { deal: Deal; stage: number; name: string; age: number }[] = [];
  for (const deal of deals) {
    const stay = openStay(deal, origin);
    const stage = stay && stages.get(stay.stage);
    if (stay !== undefined && stage !== undefined)
      open.push({ deal, stage, name: stay.stage, age: origin + 1 - stay.from });
  }
  const means = stageMeans(open, (stage, age) => neutral.of(stage, age), stages.size);
  const whole = logOdds(means.whole);
  const steps = means.ofStage.map((mean) => logOdds(mean));
  return open.map(({ deal, stage, name, age }) => {
    const aged = logOdds(neutral.of(stage, age));
    const dated = logOdds(chances.of(stage, age));
    const contributions: Contribution[] = [
      { factor: "whole", logOdds: whole },
      { factor: "stage", value: name, logOdds: steps[stage]! - whole },
      { factor: "age", value: `${age}`, logOdds: aged - steps[stage]! },
      { factor: "quarter", logOdds: dated - aged },
    ];
    let odds = dated + shift;
    if (shift !== 0) contributions.push({ factor: "earlier_errors", logOdds: shift });
    for (const { signal, byValue } of signals.effects) {
      const value = signal.valueOf(deal, origin);
      const effect = effectOf(byValue, value);
      odds += effect;
      contributions.push({ factor: signal.name, value, logOdds: effect });
    }
    return { deal, chance: chanceOf(odds), contributions };
  });
}

/** The hazards of days that are like all days of the quarter. */
function withoutCalendar(hazards: Hazards): Hazards {
  return { ...hazards, position: hazards.position.map((factors) => new Float64Array(factors.length).fill(1)) };
}

function stageMeans(
  open: readonly { readonly stage: number; readonly age: number }[],
  chance: (stage: number, age: number) => number,
  stages: number,
) {
  const sums = new Float64Array(stages);
  const counts = new Float64Array(stages);
  for (const { stage, age } of open) {
    sums[stage] = sums[stage]! + chance(stage, age);
    counts[stage] = counts[stage]! + 1;
  }
  const sum = sums.reduce((total, one) => total + one, 0);
  return {
    whole: open.length > 0 ? sum / open.length : 0,
    ofStage: Array.from(sums, (own, stage) => (counts[stage]! > 0 ? own / counts[stage]! : 0)),
  };
}

/**
 * The share of deals that never close: of those that start now, what is left after the oldest age at which any has closed
 * (the plateau of the survival curve; Maller & Zhou 1992, Biometrika 79, 731-739). By stage of entry, through moves.
 */
export function neverClosing(hazards: Hazards, lastBand: number): number {
  if (hazards.exits[0]! + hazards.exits[1]! === 0) return 1;
  const ends = Math.min(lastBand, ageBands - 1);
  const stay = Array.from({ length: hazards.stages }, (_, stage) => stageOutcome(hazards, stage, ends));
  let open = Float64Array.from(hazards.starts);
  let never = 0;
  // Deals go through few stages; what still moves after so many rounds goes in circles.
  for (let round = 0; round < 50; round += 1) {
    const next = new Float64Array(hazards.stages);
    for (let stage = 0; stage < hazards.stages; stage += 1) {
      const here = open[stage]!;
      never += here * stay[stage]!.stays;
      for (let to = 0; to < hazards.stages; to += 1)
        next[to] = next[to]! + here * stay[stage]!.moves * hazards.moves[stage * hazards.stages + to]!;
    }
    open = next;
  }
  return never;
}

function stageOutcome(hazards: Hazards, stage: number, lastBand: number) {
  let left = 1;
  let moves = 0;
  for (let age = 0; ageBand(age) <= lastBand && age < 2000; age += 1) {
    const place = stage * ageBands + ageBand(age);
    const [won, lost, moved] = hazards.base.map((base) => base[place]!) as [number, number, number];
    const out = Math.min(1, won + lost + moved);
    moves += left * Math.min(1, moved);
    left *= 1 - out;
  }
  return { stays: left, moves };
}
