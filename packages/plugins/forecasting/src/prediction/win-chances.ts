/**
 * The chance that a deal is won by the last day of a window, for every stage and age at once: a backward recursion over
 * days. On each day a deal is won, is lost, moves on, or stays; the chances of the rest of the window follow.
 * (Cumulative incidence in a semi-Markov multi-state model; Putter, Fiocco & Geskus 2007, Statistics in Medicine 26.)
 */
import { ageBand, ageBands, oldestAge } from "./age-bands.ts";
import { type CalendarPositions, positionOf } from "./calendar-positions.ts";
import type { Hazards } from "./hazards.ts";

/** No day takes more than this share of those at risk, whatever thin data say. */
const mostOfDay = 0.9;

export interface WinChances {
  /** The chance at the start of the window of a deal in this stage that has this age (days) on its first day. */
  of(stage: number, age: number): number;
  /** The chance of a deal that starts on this day of the window (0 is its first). */
  ofArrival(day: number): number;
}

export interface ChanceDays {
  /** The day after the origin. */
  readonly start: number;
  /** The first day on which a win counts. */
  readonly countFrom: number;
  readonly end: number;
}

export function winChances(hazards: Hazards, calendar: CalendarPositions, window: ChanceDays): WinChances {
  const { stages } = hazards;
  const { start: from, countFrom, end: to } = window;
  const ages = oldestAge + 1;
  const days = Math.max(0, to - from + 1);
  const bands = Uint8Array.from({ length: ages }, (_, age) => ageBand(age));
  const arrivals = new Float64Array(days);
  let next = new Float64Array(stages * ages);
  let now = new Float64Array(stages * ages);
  const daily = { won: new Float64Array(ageBands), out: new Float64Array(ageBands), moved: new Float64Array(ageBands) };
  for (let day = days - 1; day >= 0; day -= 1) {
    const at = positionOf(calendar, from + day);
    const counts = from + day >= countFrom ? 1 : 0;
    for (let stage = 0; stage < stages; stage += 1) {
      dailyChances(hazards, { stage, position: at }, daily);
      const afterMove = chanceAfterMove(hazards, stage, next);
      const row = stage * ages;
      for (let age = 0; age < ages; age += 1) {
        const band = bands[age]!;
        const older = age + 1 < ages ? age + 1 : age;
        now[row + age] =
          counts * daily.won[band]! + daily.moved[band]! * afterMove + (1 - daily.out[band]!) * next[row + older]!;
      }
    }
    let arrival = 0;
    for (let stage = 0; stage < stages; stage += 1) arrival += hazards.starts[stage]! * now[stage * ages]!;
    arrivals[day] = arrival;
    [now, next] = [next, now];
  }
  const final = next;
  return {
    of: (stage, age) => final[stage * ages + Math.min(Math.max(age, 0), oldestAge)]!,
    ofArrival: (day) => arrivals[day] ?? 0,
  };
}

interface Daily {
  readonly won: Float64Array;
  readonly out: Float64Array;
  readonly moved: Float64Array;
}

function dailyChances(
  hazards: Hazards,
  { stage, position }: { readonly stage: number; readonly position: number },
  into: Daily,
): void {
  const [won, lost, moved] = hazards.base as [Float64Array, Float64Array, Float64Array];
  const [ofWon, ofLost, ofMoved] = hazards.position.map((factors) => factors[position]) as [number, number, number];
  for (let band = 0; band < ageBands; band += 1) {
    const place = stage * ageBands + band;
    const win = won[place]! * ofWon;
    const move = moved[place]! * ofMoved;
    const out = win + move + lost[place]! * ofLost;
    const scale = out > mostOfDay ? mostOfDay / out : 1;
    into.won[band] = win * scale;
    into.moved[band] = move * scale;
    into.out[band] = out * scale;
  }
}

/** A deal that moved has its first day in the new stage behind it. */
function chanceAfterMove(hazards: Hazards, stage: number, next: Float64Array): number {
  const ages = oldestAge + 1;
  let chance = 0;
  for (let to = 0; to < hazards.stages; to += 1)
    chance += hazards.moves[stage * hazards.stages + to]! * next[to * ages + 1]!;
  return chance;
}
