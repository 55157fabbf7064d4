/**
 * Bands of days in a stage within which the chance of a day is taken as constant (a piecewise constant hazard):
 * weeks for half a year, four weeks up to two years, and all that is older.
 */
const weeks = 26;
const wide = 28;
const wideBands = 20;
const longest = weeks * 7 + wideBands * wide;

export const ageBands = weeks + wideBands + 1;

/** The age from which on all belongs to the last band. */
export const oldestAge = longest;

/** The band of an age in days. */
export function ageBand(age: number): number {
  if (age >= longest) return ageBands - 1;
  if (age < weeks * 7) return age < 0 ? 0 : Math.floor(age / 7);
  return Math.floor(weeks + (age - weeks * 7) / wide);
}

/** The first age of the band after this one. */
export function bandEnd(band: number): number {
  if (band >= ageBands - 1) return Number.POSITIVE_INFINITY;
  return band < weeks ? (band + 1) * 7 : weeks * 7 + (band - weeks + 1) * wide;
}
