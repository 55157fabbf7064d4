/** Values as texts that have the order of the values, by code points. */
import type { AttributeValue } from "../type/attributes.ts";
import type { AttributeDefinition } from "../type/type-schemas.ts";

/** Values with longer texts cannot be asked for; of those that are stored, as much is kept as tells them apart from these. */
export const MOST_ORDERED = 250;

/** Of two values of one kind, the lower one has the lower text, and equal ones have the same. */
export function orderedText(kind: AttributeDefinition["kind"], value: AttributeValue): string {
  if (kind === "number") return orderedNumber(Number(value));
  if (kind === "decimal") return orderedDecimal(String(value));
  return [...String(value)].slice(0, MOST_ORDERED + 1).join("");
}

/** The 64 bits of IEEE 754 in hexadecimal: those of positive numbers are in order behind a sign; those of negative ones are turned around. */
function orderedNumber(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  // Zero has two signs.
  view.setFloat64(0, value === 0 ? 0 : value);
  const bits = view.getBigUint64(0);
  const sign = 1n << 63n;
  const ordered = bits & sign ? ~bits & ((1n << 64n) - 1n) : bits | sign;
  return ordered.toString(16).padStart(16, "0");
}

/** Eighteen digits before the point and eighteen after it; of negative ones, what each lacks to nine. */
function orderedDecimal(value: string): string {
  const isNegative = value.startsWith("-");
  const [whole = "", fraction = ""] = value.replace("-", "").split(".");
  const digits = whole.padStart(18, "0") + fraction.padEnd(18, "0");
  if (!isNegative || /^0*$/.test(digits)) return `1${digits}`;
  return `0${[...digits].map((digit) => 9 - Number(digit)).join("")}`;
}
