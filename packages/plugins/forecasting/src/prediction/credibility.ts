/**
 * Shrinks the mean of each of several groups towards the mean of all, by how much groups differ beyond chance:
 * Bühlmann & Straub (1970), with the estimators of Bühlmann & Gisler (2005), A Course in Credibility Theory, ch. 4.
 */
export interface CredibilityGroup {
  /** The sum that was seen over the exposure. */
  readonly sum: number;
  /** Time, or number of cases. The same for all where it is time. */
  readonly exposure: number;
  /** The variance of the sum, as far as it is chance. */
  readonly variance: number;
}

/** Shrunk means per unit of exposure, in the order of the groups. Nothing seen gives zeros. */
export function shrunkMeans(groups: readonly CredibilityGroup[]): {
  readonly means: readonly number[];
  readonly whole: number;
} {
  let exposure = 0;
  let sum = 0;
  let variance = 0;
  let squares = 0;
  for (const group of groups) {
    exposure += group.exposure;
    sum += group.sum;
    variance += group.variance;
    squares += group.exposure ** 2;
  }
  if (exposure <= 0) return { means: groups.map(() => 0), whole: 0 };
  const whole = sum / exposure;
  // Chance variance per unit of exposure, taken as common to all: a group without a sum would seem to be certain.
  const chance = variance / exposure;
  let spread = 0;
  for (const group of groups)
    if (group.exposure > 0) spread += group.exposure * (group.sum / group.exposure - whole) ** 2;
  const free = exposure - squares / exposure;
  const between = free > 0 ? Math.max(0, (spread - (groups.length - 1) * chance) / free) : 0;
  const means = groups.map((group) => {
    if (group.exposure <= 0 || between === 0) return whole;
    const credibility = group.exposure / (group.exposure + chance / between);
    return whole + credibility * (group.sum / group.exposure - whole);
  });
  return { means, whole };
}
