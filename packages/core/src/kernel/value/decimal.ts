/** Exact decimals as text, and as integers scaled by a power of ten: how they are stored and compared. */

const DECIMAL = /^-?\d+(?:\.\d+)?$/;
const MAX_64 = 2n ** 63n - 1n;

export type ScaleProblem = "invalid_number" | "too_many_decimals" | "out_of_range";

/** A decimal in plain notation to `value × 10^scale`, within 64 bits, or why that is not possible. */
export function toScaled(value: string, scale: number): bigint | ScaleProblem {
  const scaled = toScaledUnbounded(value, scale);
  return typeof scaled === "bigint" && (scaled > MAX_64 || scaled < -MAX_64) ? "out_of_range" : scaled;
}

/** The same without a bound, for figures that are compared and never stored. */
export function toScaledUnbounded(value: string, scale: number): bigint | ScaleProblem {
  if (value.length > 100 || !DECIMAL.test(value)) return "invalid_number";
  const point = value.indexOf(".");
  const whole = point < 0 ? value : value.slice(0, point);
  const decimals = point < 0 ? "" : value.slice(point + 1).replace(/0+$/, "");
  if (decimals.length > scale) return "too_many_decimals";
  return BigInt(whole + decimals.padEnd(scale, "0"));
}

/** The same, for what is known to be a decimal. @throws RangeError for what is none. */
export function exactScaled(value: string, scale: number): bigint {
  const scaled = toScaledUnbounded(value, scale);
  if (typeof scaled === "bigint") return scaled;
  throw new RangeError(`"${value}" is no decimal in plain notation with at most ${scale} decimals.`);
}

/** `scaled ÷ 10^scale` with exactly `scale` digits after the point. */
export function fromScaled(scaled: bigint, scale: number): string {
  const negative = scaled < 0n;
  const digits = (negative ? -scaled : scaled).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  return `${negative ? "-" : ""}${whole}${scale === 0 ? "" : `.${digits.slice(-scale)}`}`;
}

/** The shortest form of the same value: "12.500000" to "12.5". */
export function shortest(value: string): string {
  if (!value.includes(".")) return value;
  let end = value.length;
  while (value[end - 1] === "0") end--;
  return value.slice(0, value[end - 1] === "." ? end - 1 : end);
}

/** The most digits after the point that any of the values has: all of them are whole when scaled by it. */
export function alignedScale(values: readonly string[]): number {
  const decimals = values.map((value) => (value.includes(".") ? value.length - 1 - value.indexOf(".") : 0));
  return decimals.reduce((most, count) => Math.max(most, count), 0);
}

/** The exact sum of decimals in plain notation, in its shortest form. @throws RangeError for what is none. */
export function addDecimals(values: readonly string[]): string {
  const scale = alignedScale(values);
  const sum = values.reduce((total, value) => total + exactScaled(value, scale), 0n);
  return shortest(fromScaled(sum, scale));
}
