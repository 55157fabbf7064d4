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

/** For how many earlier windows "no shift" counts. */
const defaultWindows = 2;

/**
 * How much too high or too low chances were, on the log-odds scale: one step of scoring from no shift at all (Cox 1958, Biometrika 45,
 * 562-565, recalibration in the large), shrunk towards none where few windows have ended.
 */
export function chanceShift(ended: readonly OpenChances[]): number {
  let beyond = 0;
  let information = 0;
  for (const { chances, won } of ended)
    for (let index = 0; index < chances.length; index += 1) {
      const chance = chances[index]!;
      beyond += won[index]! - chance;
      information += chance * (1 - chance);
    }
  return information > 0 ? (ended.length / (ended.length + defaultWindows)) * (beyond / information) : 0;
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
