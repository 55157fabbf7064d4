/** Rounds parts so that they add up to a rounded whole. */

/**
 * Each of `exact ÷ divisor` as the whole number below or above it, so that they add up to `total`: the next one below, and one more for those
 * with the largest remainders; of equal ones, for the first. One that is whole stays what it is. `total` is less than 1 away
 * from the exact sum, as it is where sum and total are rounded once each; the divisor is positive.
 */
export function reconcile(exact: readonly bigint[], divisor: bigint, total: bigint): readonly bigint[] {
  if (divisor === 1n) return exact;
  const floors = exact.map((value) => floorOf(value, divisor));
  const rests = exact.map((value, at) => ({ at, rest: value - floors[at]! * divisor }));
  const missing = Number(total - floors.reduce((sum, value) => sum + value, 0n));
  const inOrder = rests.toSorted((a, b) => (a.rest === b.rest ? a.at - b.at : a.rest > b.rest ? -1 : 1));
  for (const { at } of inOrder.slice(0, missing)) floors[at]! += 1n;
  return floors;
}

function floorOf(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value < 0n && quotient * divisor !== value ? quotient - 1n : quotient;
}

/** `value ÷ divisor` to the nearest whole number, and between two to the even one. The divisor is positive. */
export function roundHalfEven(value: bigint, divisor: bigint): bigint {
  const below = floorOf(value, divisor);
  const twice = (value - below * divisor) * 2n;
  return twice > divisor || (twice === divisor && below % 2n !== 0n) ? below + 1n : below;
}
