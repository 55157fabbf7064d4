/**
 * Strength that decays. The strength of activity between two on a day is the sum, over what they did together, of the weight of each, halved once for every
 * half-life since:
 *
 *     activity = Σ weight · 2^(−age in days / half-life)
 *
 * (tie decay: Ahmad, Porter, Beguerisse-Díaz, "Tie-Decay Networks in Continuous Time and Eigenvector-Based Centralities", IEEE Transactions on Network
 * Science and Engineering 8 (2021), arXiv:1805.00193, there with α = ln 2 / half-life and weights of 1). Health is that on a scale from 0 to 1, by our own
 * choice the simplest that never ends: `activity / (activity + half)`, so that it is 0.5 where activity is `half`. It is rounded to four digits, and what each
 * contributed is a share of it by its part of the activity, by largest remainder: shares add up to it exactly.
 */

export interface Deed {
  readonly weight: number;
  readonly ageDays: number;
}

export interface Decayed {
  /** Ten-thousandths, from 0 to 10,000. */
  readonly health: number;
  readonly activity: number;
  /** In the order of the deeds. */
  readonly parts: readonly { readonly decayed: number; readonly share: number }[];
}

export function decayedStrength(
  deeds: readonly Deed[],
  { halfLifeDays, half }: { readonly halfLifeDays: number; readonly half: number },
): Decayed {
  const decayed = deeds.map(({ weight, ageDays }) => weight * 2 ** (-ageDays / halfLifeDays));
  const activity = decayed.reduce((sum, each) => sum + each, 0);
  const health = Math.round((10_000 * activity) / (activity + half));
  const exact = decayed.map((each) => (activity === 0 ? 0 : (health * each) / activity));
  const shares = exact.map(Math.floor);
  const left = health - shares.reduce((sum, each) => sum + each, 0);
  const order = [...exact.keys()].toSorted((a, b) => exact[b]! - shares[b]! - (exact[a]! - shares[a]!) || a - b);
  for (const at of order.slice(0, left)) shares[at]!++;
  return { health, activity, parts: decayed.map((each, i) => ({ decayed: each, share: shares[i]! })) };
}
