/** Chances on the scale on which what moves them adds up. */

/** Nothing is certain before it has happened: a chance outside is brought inside, so that its log-odds are finite. */
const least = 1e-6;

export function logOdds(chance: number): number {
  const inside = Math.min(1 - least, Math.max(least, chance));
  return Math.log(inside / (1 - inside));
}

export const chanceOf = (odds: number): number => 1 / (1 + Math.exp(-odds));
