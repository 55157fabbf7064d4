/** Quotients as decimals. */
import { roundHalfEven } from "../changes/reconcile.ts";

const DIGITS = 6;
const UNIT = 10n ** BigInt(DIGITS);

/** With at most six digits after the point, rounded half to even ("0.333333", "34.5"); null where the divisor is 0. Neither is negative. */
export function quotient(value: number | bigint, divisor: number | bigint): string | null {
  const by = BigInt(divisor);
  if (by === 0n) return null;
  const scaled = roundHalfEven(BigInt(value) * UNIT, by);
  const decimals = String(scaled % UNIT)
    .padStart(DIGITS, "0")
    .replace(/0+$/, "");
  return `${scaled / UNIT}${decimals === "" ? "" : `.${decimals}`}`;
}
