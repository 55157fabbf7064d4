/**
 * The chance that a deal leaves its stage on a day, by way out: competing risks with piecewise constant hazards,
 * hazard = (stage, age) × (position in the fiscal quarter). Both parts are gamma-Poisson means: exits over days at risk,
 * shrunk towards the level above as if some exits had been seen there before. Open deals count for the days that they
 * were at risk (censoring). After Holford (1980), Biometrics 36, 299-305; the shrinkage is Clayton & Kaldor (1987),
 * Biometrics 43, 671-681. The parts are fitted in turn (iterative proportional fitting).
 */
import { ageBands } from "./age-bands.ts";
import { quarterPositions } from "./calendar-positions.ts";
import { causes, cell, type RiskTable } from "./risk-table.ts";

/** How many exits the level above counts for: little, so that a band with a dozen exits speaks for itself. */
const priorExits = 2;
/** A band leans on the two before and after it; those lean on what the band before leant on, half an exit's worth (Jeffreys). */
const neighbours = 2;
const priorNeighbourExits = 0.5;
/** The same for the three positions in the quarter, of which each sees many exits. */
const priorPositionExits = 5;
const rounds = 12;

export interface Hazards {
  /** By cause: chance of a day, by (stage, band). */
  readonly base: readonly Float64Array[];
  /** By cause: factor of the position in the quarter. */
  readonly position: readonly Float64Array[];
  /** Where moves lead to: (from, to), each row adding up to one, or to zero where none was seen. */
  readonly moves: Float64Array;
  /** Where deals start: adds up to one, or to zero where none was seen. */
  readonly starts: Float64Array;
  readonly stages: number;
  /** Exits seen, by cause. */
  readonly exits: readonly number[];
}

export function fitHazards(table: RiskTable): Hazards {
  const stages = table.starts.length;
  const fitted = causes.map((_, cause) => fitCause(table.exposure, table.exits[cause]!, stages));
  return {
    base: fitted.map((one) => one.base),
    position: fitted.map((one) => one.position),
    exits: fitted.map((one) => one.exits),
    moves: rowShares(table.moves, stages),
    starts: rowShares(table.starts, stages),
    stages,
  };
}

function fitCause(exposure: Float64Array, exits: Float64Array, stages: number) {
  const base = new Float64Array(stages * ageBands);
  const position = new Float64Array(quarterPositions).fill(1);
  const total = sum(exits);
  const days = sum(exposure);
  if (total > 0 && days > 0)
    for (let round = 0; round < rounds; round += 1) {
      fitBase({ base, position, exposure, exits, stages, total });
      fitPosition({ base, position, exposure, exits, stages });
    }
  return { base, position, exits: total };
}

interface Fit {
  readonly base: Float64Array;
  readonly position: Float64Array;
  readonly exposure: Float64Array;
  readonly exits: Float64Array;
  readonly stages: number;
}

function fitBase({ base, position, exposure, exits, stages, total }: Fit & { readonly total: number }): void {
  const days = new Float64Array(stages * ageBands);
  const seen = new Float64Array(stages * ageBands);
  for (let place = 0; place < days.length; place += 1)
    for (let at = 0; at < quarterPositions; at += 1) {
      const one = place * quarterPositions + at;
      days[place] = days[place]! + exposure[one]! * position[at]!;
      seen[place] = seen[place]! + exits[one]!;
    }
  const whole = total / sum(days);
  const within = (from: number, to: number): Counted => ({
    exits: sum(seen.subarray(from, to)),
    days: sum(days.subarray(from, to)),
  });
  for (let stage = 0; stage < stages; stage += 1) {
    const first = stage * ageBands;
    const end = first + ageBands;
    let near = gammaMean(within(first, end), { rate: whole, exits: priorExits });
    for (let place = first; place < end; place += 1) {
      const low = Math.max(first, place - neighbours);
      const high = Math.min(end, place + neighbours + 1);
      near = gammaMean(within(low, high), { rate: near, exits: priorNeighbourExits });
      base[place] = gammaMean(within(place, place + 1), { rate: near, exits: priorExits });
    }
  }
}

interface Counted {
  readonly exits: number;
  readonly days: number;
}

/** The mean of a rate after some exits in some days, when so many exits had been seen at the prior rate before. */
const gammaMean = (counted: Counted, prior: { readonly rate: number; readonly exits: number }): number =>
  (counted.exits + prior.exits) / (counted.days + prior.exits / prior.rate);

function fitPosition({ base, position, exposure, exits, stages }: Fit): void {
  for (let at = 0; at < quarterPositions; at += 1) {
    let expected = 0;
    let count = 0;
    for (let stage = 0; stage < stages; stage += 1)
      for (let band = 0; band < ageBands; band += 1) {
        const place = cell(stage, band, at);
        expected += exposure[place]! * base[stage * ageBands + band]!;
        count += exits[place]!;
      }
    position[at] = (count + priorPositionExits) / (expected + priorPositionExits);
  }
}

function rowShares(counts: Float64Array, length: number): Float64Array {
  const shares = new Float64Array(counts.length);
  for (let row = 0; row < counts.length; row += length) {
    let total = 0;
    for (let at = 0; at < length; at += 1) total += counts[row + at]!;
    if (total > 0) for (let at = 0; at < length; at += 1) shares[row + at] = counts[row + at]! / total;
  }
  return shares;
}

const sum = (numbers: Float64Array): number => numbers.reduce((total, number) => total + number, 0);
