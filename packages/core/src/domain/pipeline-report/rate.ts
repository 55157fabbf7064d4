/** A part of a whole as a decimal. */

const DIGITS = 6;
const UNIT = 10n ** BigInt(DIGITS);

/** `part ÷ whole` as a decimal of at most six digits after the point, rounded half to even ("0.333333", "0.5"); null where the whole is 0. */
export function rateOf(part: number | bigint, whole: number | bigint): string | null {
  const [numerator, denominator] = [BigInt(part), BigInt(whole)];
  if (denominator === 0n) return null;
  const sign = numerator < 0n !== denominator < 0n && numerator !== 0n ? "-" : "";
  const rounded = halfEven(absolute(numerator) * UNIT, absolute(denominator));
  const decimals = String(rounded % UNIT)
    .padStart(DIGITS, "0")
    .replace(/0+$/, "");
  return `${rounded === 0n ? "" : sign}${rounded / UNIT}${decimals === "" ? "" : `.${decimals}`}`;
}

/** The quotient of what is not negative, to the nearest whole number, and between two to the even one. */
export function halfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  const up = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
