/** The open deals of a window with their chances, column by column, and how far chances were off at earlier windows. */
import { chanceOf, logOdds } from "./log-odds.ts";

export interface OpenChances {
  /** The place of the owner, -1 of one who does not count. */
  readonly owners: Int32Array;
  readonly chances: Float64Array;
  readonly amounts: Float64Array;
  /** 1 where it was won in the window, as far as is known. */
  readonly won: Uint8Array;
}

/** Adds to the log-odds of every chance. */
export const shiftedBy = (open: OpenChances, shift: number): OpenChances =>
  shift === 0 ? open : { ...open, chances: open.chances.map((chance) => chanceOf(logOdds(chance) + shift)) };

/** For how many earlier windows "as expected" counts. */
const defaultWindows = 2;
/** Further than this no shift goes: chances of 1e-6 become those of all but certainty. */
const mostShift = 16;

/**
 * How much too high or too low chances were, on the log-odds scale: what makes the expected number of wins that which was seen (Cox 1958,
 * Biometrika 45, 562-565, recalibration in the large), as if two more windows had gone as expected.
 */
export function chanceShift(ended: readonly OpenChances[]): number {
  const odds: number[] = [];
  let expected = 0;
  let beyond = 0;
  for (const { chances, won } of ended)
    for (let index = 0; index < chances.length; index += 1) {
      const chance = chances[index]!;
      odds.push(logOdds(chance));
      expected += chance;
      beyond += won[index]! - chance;
    }
  if (odds.length === 0) return 0;
  const wanted = expected + (ended.length / (ended.length + defaultWindows)) * beyond;
  // The number of wins grows with the shift: halved until no digit that counts is left.
  let [low, high] = [-mostShift, mostShift];
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    const wins = odds.reduce((sum, each) => sum + chanceOf(each + middle), 0);
    if (wins < wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** By owner: the sums of chance × amount, and of chance × (1 - chance) × amount². */
export function openSums({ owners, chances, amounts }: OpenChances, count: number) {
  const open = new Float64Array(count);
  const openVariance = new Float64Array(count);
  for (let index = 0; index < chances.length; index += 1) {
    const owner = owners[index]!;
    if (owner < 0) continue;
    const chance = chances[index]!;
    const amount = amounts[index]!;
    open[owner] = open[owner]! + chance * amount;
    openVariance[owner] = openVariance[owner]! + chance * (1 - chance) * amount ** 2;
  }
  return { open, openVariance };
}
