/** The order of values that are not null, by the kind of their column. */
import type { ColumnKind, Storable } from "@relata/core/adapter";

/** Negative, zero or positive, as for `Array.prototype.sort`. */
export type CompareValues = (left: Storable, right: Storable) => number;

export function comparisonOf(kind: ColumnKind): CompareValues {
  switch (kind) {
    case "text":
    case "json":
      return (left, right) => compareText(left as string, right as string);
    case "uuid":
    case "date":
      return compareAscii;
    case "integer":
    case "instant":
      return (left, right) => (left as number) - (right as number);
    case "bigint":
      return compareBigints;
    case "boolean":
      return (left, right) => Number(left) - Number(right);
    default:
      return kind satisfies never;
  }
}

/**
 * Orders text by code point. JavaScript's own `<` orders by UTF-16 code unit, which puts U+10000 and above (pairs of
 * surrogates, D800 to DFFF) before U+E000 to U+FFFF.
 */
export function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    if (a !== b) return a < 0xd800 || b < 0xd800 ? a - b : surrogatesLast(a) - surrogatesLast(b);
  }
  return left.length - right.length;
}

function surrogatesLast(unit: number): number {
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

function compareAscii(left: Storable, right: Storable): number {
  return (left as string) < (right as string) ? -1 : left === right ? 0 : 1;
}

function compareBigints(left: Storable, right: Storable): number {
  return (left as bigint) < (right as bigint) ? -1 : left === right ? 0 : 1;
}
