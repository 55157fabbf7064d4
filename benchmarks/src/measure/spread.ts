/** The middle of some figures, with the extremes. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(figures: readonly number[]): Spread {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}

/** How many times the base's cost the costs are, round by round: a ratio is only taken within a round. */
export function ratiosOf(costs: readonly number[], baseCosts: readonly number[]): Spread {
  return spreadOf(costs.map((cost, round) => cost / baseCosts[round]!));
}
