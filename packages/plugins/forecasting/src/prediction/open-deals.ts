/** The open deals of each owner, and what they bring on average. */
import type { DealChance } from "./deal-chances.ts";
import type { SimulatedOwner } from "./simulation.ts";

/** The open deals of each owner, in the order of the owners. */
export function openByOwner(
  chances: readonly DealChance[],
  owners: ReadonlyMap<string, number>,
): readonly SimulatedOwner["open"][] {
  const open = Array.from({ length: owners.size }, (): { chance: number; amount: number }[] => []);
  for (const { deal, chance } of chances) {
    const owner = owners.get(deal.owner);
    if (owner !== undefined && deal.amount > 0) open[owner]!.push({ chance, amount: deal.amount });
  }
  return open;
}

/** The mean and the variance of what the open deals of each owner bring. */
export function sumsOf(open: readonly SimulatedOwner["open"][]) {
  return {
    open: Float64Array.from(open, (own) => own.reduce((sum, { chance, amount }) => sum + chance * amount, 0)),
    openVariance: Float64Array.from(open, (own) =>
      own.reduce((sum, { chance, amount }) => sum + chance * (1 - chance) * amount ** 2, 0),
    ),
  };
}

/** The place of each name. */
export const numbered = (names: readonly string[]): ReadonlyMap<string, number> =>
  new Map(names.map((name, index) => [name, index]));
