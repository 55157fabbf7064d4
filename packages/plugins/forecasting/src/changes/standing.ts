/** What an opportunity was at an instant, as far as it decides where it counts in a forecast, and with how much. */
import type { ForecastCategory } from "../category/category.ts";
import { roundHalfEven } from "./reconcile.ts";

/** One hundred per cent, in units of a ten-thousandth of one. */
export const WHOLE = 1_000_000n;

export interface Standing {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly status: "open" | "won" | "lost";
  /** Null for what counts nowhere: omitted, or lost. */
  readonly category: ForecastCategory | null;
  readonly expectedCloseDate: string | null;
  readonly actualCloseDate: string | null;
  /** Of what is measured; "" for a number, and where there is no amount. */
  readonly currency: string;
  /** What is measured, as a whole: minor units of the currency, or 1 for a number. */
  readonly units: bigint;
  /** How much of it counts in the scope: 0 outside of it, `WHOLE` for an owner in it, a sum of splits where those are credited. */
  readonly share: bigint;
  /** What counts of it: exactly what the splits say, where those are credited. */
  readonly credited: bigint;
}

/** `value × factor ÷ divisor`, rounded half to even; the divisor is positive. */
export function proportion(value: bigint, factor: bigint, divisor: bigint): bigint {
  return roundHalfEven(value * factor, divisor);
}
