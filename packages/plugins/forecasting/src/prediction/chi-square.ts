/** The chance that a chi-square variable exceeds a value: Wilson & Hilferty (1931), PNAS 17, 684-688; good to three digits from two degrees on. */
export function chiSquareTail(value: number, degrees: number): number {
  if (degrees <= 0 || value <= 0) return 1;
  const spread = 2 / (9 * degrees);
  return normalTail((Math.cbrt(value / degrees) - (1 - spread)) / Math.sqrt(spread));
}

/** Abramowitz & Stegun (1964), 26.2.17; off by at most 7.5e-8. */
function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp(-(z ** 2) / 2) / Math.sqrt(2 * Math.PI)) * series;
}
