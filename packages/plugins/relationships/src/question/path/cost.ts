/** What a way costs: first the product of its strengths, then the number of its edges. Exact, so that ties are ties. */

/** A strength is a whole number of ten-thousandths, from 0 to this. */
export const FULL = 10_000;

export interface Cost {
  /** The product, times `one` of the scale. */
  readonly value: bigint;
  readonly hops: number;
}

/** Exact for ways of at most so many edges. */
export interface Scale {
  readonly one: bigint;
  /** Whether strengths count; where they do not, the fewest edges win. */
  readonly byStrength: boolean;
}

export function scaleFor(maxHops: number, byStrength: boolean): Scale {
  return { one: byStrength ? BigInt(FULL) ** BigInt(maxHops) : 1n, byStrength };
}

/** The product of a way that goes on over an edge. */
export function longer(scale: Scale, value: bigint, strength: number): bigint {
  return scale.byStrength && strength !== FULL ? (value * BigInt(strength)) / BigInt(FULL) : value;
}

/** The same, rounded up, of a way of any number of edges. */
export function longerAtMost(value: bigint, strength: number): bigint {
  return strength === FULL ? value : dividedUp(value * BigInt(strength), BigInt(FULL));
}

export function dividedUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}

/** Negative where the first one is better. */
export function compareCosts(a: Cost, b: Cost): number {
  if (a.value !== b.value) return a.value > b.value ? -1 : 1;
  return a.hops - b.hops;
}

/** A way that is joined of two and an edge between them, which is at most so strong. `value` is times `one` twice. */
export function joined(a: Cost, b: Cost, strength = FULL): Cost {
  return { value: longerAtMost(a.value * b.value, strength), hops: a.hops + 1 + b.hops };
}

/** The exact product of strengths, as a decimal between 0 and 1 without zeros at its end. */
export function productOf(strengths: readonly number[]): string {
  const partial = strengths.filter((strength) => strength !== FULL);
  const value = partial.reduce((product, strength) => product * BigInt(strength), 1n);
  if (partial.length === 0) return "1";
  const digits = value.toString().padStart(4 * partial.length + 1, "0");
  const point = digits.length - 4 * partial.length;
  return `${digits.slice(0, point)}.${digits.slice(point)}`.replace(/\.?0+$/, "");
}
