/** The order of values that are not null, by the kind of their column. */
import { type ColumnKind, compareText, type Storable } from "@relata/core/adapter";

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

function compareAscii(left: Storable, right: Storable): number {
  return (left as string) < (right as string) ? -1 : left === right ? 0 : 1;
}

function compareBigints(left: Storable, right: Storable): number {
  return (left as bigint) < (right as bigint) ? -1 : left === right ? 0 : 1;
}
