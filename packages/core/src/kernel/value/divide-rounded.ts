/** Division of whole numbers of any size. Its library is loaded with what divides, such as averages and conversions. */
import { Big } from "big.js";

/** A constructor of its own: its precision is not that of the application's `Big`. 80 digits are more than any sum here has. */
const Exact = Big();
Exact.DP = 80;

/** `numerator ÷ denominator`, rounded half to even to a whole number. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const quotient = new Exact(numerator.toString()).div(denominator.toString());
  return BigInt(quotient.round(0, Big.roundHalfEven).toFixed(0));
}
