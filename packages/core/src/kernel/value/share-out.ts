/** Shares money so that no minor unit is lost or made. */
import { CrmError } from "../../errors.ts";
import { toScaledUnbounded } from "./decimal.ts";
import { type Money, minorUnitsOf, moneyOf } from "./money.ts";

const SCALE = 24;

/**
 * Shares a total in proportion to weights (decimals, "33.33"): exactly, by largest remainder, and of equal remainders to the first. The
 * shares add up to the total. A negative total is shared like the positive one; a weight may be negative, as a credit is.
 *
 * @throws `invalid_input` where a weight is no decimal, or where the weights add up to nothing and the total does not
 */
export function shareOut(total: Money, weights: readonly string[]): readonly Money[] {
  const scaled = weights.map(weightOf);
  const sum = scaled.reduce((all, weight) => all + weight, 0n);
  const units = minorUnitsOf(total);
  if (sum === 0n) {
    if (units === 0n) return scaled.map(() => moneyOf(0n, total.currency));
    throw refused(`The weights that ${total.amount} ${total.currency} is shared by add up to nothing.`, "weights");
  }
  const size = units < 0n ? -units : units;
  const shares = scaled.map((weight, at) => ({ at, ...floorDivide(size * weight, sum) }));
  const left = size - shares.reduce((all, { whole }) => all + whole, 0n);
  const order = shares.toSorted((a, b) => (a.rest === b.rest ? a.at - b.at : a.rest > b.rest ? -1 : 1));
  const more = new Set(order.slice(0, Number(left)).map(({ at }) => at));
  return shares.map(({ at, whole }) => {
    const share = whole + (more.has(at) ? 1n : 0n);
    return moneyOf(units < 0n ? -share : share, total.currency);
  });
}

function weightOf(weight: string, at: number): bigint {
  const scaled = typeof weight === "string" ? toScaledUnbounded(weight, SCALE) : "invalid_number";
  if (typeof scaled === "bigint") return scaled;
  throw refused(`Weight ${at} is no decimal with at most ${SCALE} digits after the point.`, `weights.${at}`);
}

/** Downwards, so that the rest is never negative; rests of one division by `by` compare as they are. */
function floorDivide(value: bigint, by: bigint): { readonly whole: bigint; readonly rest: bigint } {
  const [size, divisor] = by < 0n ? [-value, -by] : [value, by];
  const rest = ((size % divisor) + divisor) % divisor;
  return { whole: (size - rest) / divisor, rest };
}

function refused(message: string, field: string): CrmError {
  return new CrmError("invalid_input", message, { details: { field } });
}
